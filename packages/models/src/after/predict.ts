import type { Random } from '@conjugate/distributions'
import { type BackendRequest, type Densities, selectExecutor, type ThreadCount, withLoaded } from '@conjugate/executors'
import type { Matrix, Vector } from '@conjugate/linalg'
import { pipe } from 'fp-ts/lib/function.js'
import * as O from 'fp-ts/lib/Option.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { FitError } from '../errors.js'
import { byComponents } from '../mixture/centre.js'
import { componentCount, type Mixture, type MixtureParameters } from '../mixture/mixture.js'
import { onEncoded } from '../mixture/on-rows.js'

export interface PredictOptions {
  readonly backend?: BackendRequest
  readonly threads?: ThreadCount
}

/** What a fitted mixture says of observations, which need not be those it was fitted to. */
export interface Prediction {
  /** N: the most probable component; K is the noise. */
  readonly assignments: Int32Array
  /** N x K: probabilities of the components; one column more with noise. */
  readonly responsibilities: Matrix
  /** N: log p(x | theta). */
  readonly logProb: Float64Array
}

/**
 * Components, responsibilities and log densities of observations. What is said of one depends on the parameters alone, not on
 * the others. Errors: those of loading them.
 */
export const predict =
  <Source, P, S, D extends Densities, W>(mixture: Mixture<Source, unknown, P, S, D, W>) =>
  (
    parameters: MixtureParameters<P, W>,
    source: Source,
    { backend, threads }: PredictOptions = {},
  ): TE.TaskEither<FitError, Prediction> =>
    pipe(
      selectExecutor(backend, threads),
      TE.bindTo('executor'),
      TE.bindW('encoded', () => TE.fromEither(mixture.encode(source, byComponents(mixture, parameters)))),
      TE.chainW(({ executor, encoded }) => onEncoded<P, S, D, W>(executor, encoded)(mixture)),
      withLoaded(bound =>
        pipe(
          TE.Do,
          TE.bind('assignments', () => bound.assignments(parameters)),
          TE.bind('responsibilities', () => bound.responsibilities(parameters)),
          TE.bind('logProb', () => bound.logProb(parameters)),
        ),
      ),
    )

/** A draw with the number of its component. */
export interface Drawn<X> {
  readonly component: number
  /** `none` for the noise, which knows its density but not its range. */
  readonly observation: O.Option<X>
}

/** Draws an observation from a mixture with given parameters. */
export const sample =
  <Source, X, P, S, D extends Densities>(mixture: Mixture<Source, X, P, S, D>) =>
  ({ weights, components }: MixtureParameters<P, Vector>): ((random: Random) => Drawn<X>) => {
    const samplers = components.map(mixture.sample)
    const count = componentCount(mixture)
    return random => {
      let rest = random.uniform()
      let component = 0
      for (const [k, w] of Array.from(weights).entries()) {
        if (w === 0) continue
        component = k
        rest -= w
        if (rest < 0) break
      }
      return { component, observation: component < count ? O.some(samplers[component]!(random)) : O.none }
    }
  }
