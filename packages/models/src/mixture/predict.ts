import type { Random } from '@conjugate/distributions'
import { checkOptions } from '@conjugate/em'
import { exactly, type Schema } from '@conjugate/em/schema'
import type { BackendRequest, Densities, ThreadCount } from '@conjugate/executors'
import type { Matrix } from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as O from 'fp-ts/lib/Option.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { tried } from '../checks/functions.js'
import { checkMixture } from '../checks/model.js'
import type { FieldsOf } from '../checks/options.js'
import * as option from '../checks/options.js'
import { checkParameters, parametersOf, probabilities } from '../checks/parameters.js'
import { dual, type Given } from '../door/dual.js'
import type { FitError } from '../errors.js'
import { predictChecked } from '../model/predict.js'
import { halvesOf } from './fit.js'
import { forFit } from './from-data.js'
import { componentCount, type Mixture, type MixtureParameters, type Weights } from './mixture.js'
import type { AMixture, AnyMixture, ComponentOf, ObservationOf } from './types.js'

/** Where a prediction is computed. */
export interface PredictOptions {
  readonly backend?: BackendRequest
  readonly threads?: ThreadCount
}

/** What a fitted mixture says of observations, which need not be those it was fitted to. */
export interface Prediction {
  /** The most probable component of each of the N observations; K is the noise. */
  readonly assignments: Int32Array
  /** The probabilities of the components given each observation, N x K; noise is one more column. */
  readonly responsibilities: Matrix
  /** log p(x | theta) of each of the N observations, in nats. */
  readonly logProb: Float64Array
}

const fields: FieldsOf<PredictOptions> = { backend: option.backend, threads: option.threads }

/** Checks a mixture and parameters. Errors: the mixture is none, or the parameters are none of its. */
const checkFitted = <Source, P, S, D extends Densities, V, W>(
  mixture: Mixture<Source, unknown, P, S, D, V>,
  weightsOf: (weights: Weights<V>) => Schema,
  parameters: MixtureParameters<P, W>,
): E.Either<FitError, MixtureParameters<P, W>> =>
  pipe(
    checkMixture(mixture),
    E.chainW(({ weights, check }) =>
      checkParameters(parametersOf(componentCount(mixture), { weights: weightsOf(weights), ...check }))(parameters),
    ),
  )

/**
 * Components, responsibilities and log densities of observations. What is said of one depends on the parameters alone, not on
 * the others. Errors: parameters that are none of the mixture's, such as those of another number of components; those of
 * loading the observations.
 */
export const predictMixture = <Source, P, S, D extends Densities, W>(
  given: Mixture<Source, unknown, P, S, D, W>,
  parameters: MixtureParameters<P, W>,
  source: Source,
  options: PredictOptions = {},
): TE.TaskEither<FitError, Prediction> =>
  pipe(
    checkMixture(given),
    E.chain(model => forFit(model, parameters)),
    TE.fromEither,
    TE.chain(mixture => predictGiven<Source, P, S, D, W>(mixture, parameters, source, options)),
  )

const predictGiven = <Source, P, S, D extends Densities, W>(
  mixture: Mixture<Source, unknown, P, S, D, W>,
  parameters: MixtureParameters<P, W>,
  source: Source,
  options: PredictOptions,
): TE.TaskEither<FitError, Prediction> =>
  pipe(
    checkFitted(mixture, ({ check }) => check, parameters),
    E.chainFirstW(() => checkOptions(exactly(fields))(options)),
    TE.fromEither,
    TE.chain(({ weights, components }) =>
      predictChecked(
        halvesOf(mixture),
        { weights, components },
        source,
        options as never,
        Float64Array.from(mixture.weights.logWeights(weights), Math.exp).subarray(0, components.length),
      ),
    ),
    TE.map(({ logLikelihoods, ...prediction }) => ({ ...prediction, logProb: logLikelihoods })),
  )

/** A draw with the number of its component. */
export interface Drawn<X> {
  readonly component: number
  /** `none` for the noise, which knows its density but not its range. */
  readonly observation: O.Option<X>
}

/**
 * Draws observations from a mixture with given parameters. Errors: that of the model, parameters that are none of the
 * mixture's, a function of the mixture that throws.
 */
export const sample: {
  <M extends AMixture>(
    fitted: NoInfer<MixtureParameters<ComponentOf<M>>>,
  ): (model: Given<M>) => (random: Random) => E.Either<FitError, Drawn<ObservationOf<M>>>
  <M extends AMixture>(
    model: Given<M>,
    fitted: MixtureParameters<ComponentOf<M>>,
  ): (random: Random) => E.Either<FitError, Drawn<ObservationOf<M>>>
} = dual((given: Given<AnyMixture>, parameters: MixtureParameters<never>) => {
  const checked = tried(() =>
    pipe(
      checkMixture(given),
      E.chain(model => forFit(model, parameters)),
      E.bindTo('mixture'),
      E.bindW('parameters', ({ mixture }) => checkFitted(mixture, ({ count }) => probabilities(count), parameters)),
      E.bindW('samplers', ({ mixture, parameters: { components } }) => E.right(components.map(mixture.sample))),
    ),
  )
  if (E.isLeft(checked)) return () => checked
  const {
    samplers,
    parameters: { weights },
  } = checked.right
  return (random: Random) => {
    let rest = random.uniform()
    let component = 0
    for (const [k, w] of Array.from(weights).entries()) {
      if (w === 0) continue
      component = k
      rest -= w
      if (rest < 0) break
    }
    const sampler = samplers[component]
    return tried(() => E.right({ component, observation: sampler ? O.some(sampler(random)) : O.none }))
  }
}) as never
