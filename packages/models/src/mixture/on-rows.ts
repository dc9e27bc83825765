import {
  checkOptions,
  type EMError,
  type Expectation,
  type Iteration,
  iterations,
  type Position,
  squarem,
} from '@conjugate/em'
import { anything, exactly, optional } from '@conjugate/em/schema'
import type { Densities, Executor, LoadedRows } from '@conjugate/executors'
import type { Matrix, Vector } from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { triedEach, triedTask } from '../checks/functions.js'
import { checkMixture } from '../checks/model.js'
import * as option from '../checks/options.js'
import { fixedOf } from '../checks/start.js'
import { dual, type Given } from '../door/dual.js'
import type { FitError, StepError } from '../errors.js'
import { LOWEST } from './forms/linear.js'
import { forRows } from './from-data.js'
import type { Labels } from './labels.js'
import { type Encoded, loadOptionsOf, type Mixture, type MixtureParameters, type MixtureStatistics } from './mixture.js'
import { inParts } from './parts.js'
import { emModel, type Fixed, logPrior, toDensities } from './steps.js'
import type { AMixture, AnyMixture, ComponentOf, SourceOf, StatisticsOf, WeightsOf } from './types.js'

/** How a path gets on. `squarem` takes fewer iterations than plain EM, and may end in another local maximum. */
export type Acceleration = 'none' | 'squarem'

/** One point of the path of a mixture. Its `position` is about the centre of the rows, where the computation runs. */
export type MixtureIteration<P, S, W = Vector> = Iteration<MixtureParameters<P, W>, MixtureStatistics<S>>

/** Which path is taken from initial parameters. */
export interface PathOptions<P = never, W = never> {
  /** Plain EM (`none`, the default) or SQUAREM. */
  readonly acceleration?: Acceleration
  /** What is not learnt, but stays as it starts. */
  readonly fixed?: Fixed
  /** Goes on from a point that a path of the same mixture, rows and options has reached. */
  readonly position?: Position<MixtureParameters<P, W>>
}

/**
 * A mixture and observations that are resident on an executor. All parameters are in the coordinates of the observations;
 * the computation runs about a place near most of those that count, so that an offset of the data costs no digits.
 */
export interface MixtureOnRows<P, S, W = Vector> {
  /** Says to a person where it has run so far. */
  readonly backend: string
  /** N, the number of observations. */
  readonly rows: number
  /** How many rows are computed, where equal ones have been grouped. */
  readonly distinctRows: number
  /** The path of EM from initial parameters: n + 1 values for n M-steps. */
  readonly iterations: (
    initial: MixtureParameters<P, W>,
    options?: PathOptions<P, W>,
  ) => AsyncGenerator<E.Either<EMError<StepError>, MixtureIteration<P, S, W>>, void>
  /** The E-step: statistics of each component, and the log-likelihood. */
  readonly expect: (p: MixtureParameters<P, W>) => TE.TaskEither<StepError, Expectation<MixtureStatistics<S>>>
  /** log p(X, theta) of observations and parameters together, the objective of EM. */
  readonly logJoint: (p: MixtureParameters<P, W>) => TE.TaskEither<StepError, number>
  /** The probabilities of the components given each observation, N x K; noise is one more column. */
  readonly responsibilities: (p: MixtureParameters<P, W>) => TE.TaskEither<StepError, Matrix>
  /** The most probable component of each of the N observations; K is the noise. */
  readonly assignments: (p: MixtureParameters<P, W>) => TE.TaskEither<StepError, Int32Array>
  /** log p(x_n | theta) of each of the N observations. */
  readonly logProb: (p: MixtureParameters<P, W>) => TE.TaskEither<StepError, Float64Array>
  /** Gives the memory of the rows back. */
  readonly dispose: () => void
}

/** The same point in the coordinates of the data, which are converted when they are first read. */
const moved = <P, E>(
  iteration: Iteration<P, E>,
  parametersOf: (parameters: P) => P,
  expectationOf: (expectation: Expectation<E>) => Expectation<E>,
): Iteration<P, E> => {
  let [parameters, expectation] = [undefined as P | undefined, undefined as Expectation<E> | undefined]
  return {
    ...iteration,
    get parameters() {
      parameters ??= parametersOf(iteration.parameters)
      return parameters
    },
    get expectation() {
      expectation ??= expectationOf(iteration.expectation)
      return expectation
    },
  }
}

const bind = <P, S, D extends Densities, W>(
  mixture: Pick<Mixture<never, unknown, P, S, D, W>, 'weights' | 'noise'>,
  { steps, inward, outward, outwardStatistics, sizes }: Encoded<P, S, D>,
  loaded: LoadedRows,
  executor: Executor,
): MixtureOnRows<P, S, W> => {
  const sides = { ...mixture, steps }
  const modelOf = emModel(sides, loaded, executor.relativeRounding, sizes)
  const densities = toDensities(sides)
  const to =
    (move: (component: P) => P) =>
    (p: MixtureParameters<P, W>): MixtureParameters<P, W> => ({ ...p, components: p.components.map(move) })
  const inner = to(inward)
  const outer = to(outward)
  const outerExpectation = (e: Expectation<MixtureStatistics<S>>): Expectation<MixtureStatistics<S>> => ({
    ...e,
    statistics: { ...e.statistics, components: e.statistics.components.map(outwardStatistics) },
  })
  const expect = (p: MixtureParameters<P, W>) => modelOf(p).expect(p)
  async function* path(
    initial: MixtureParameters<P, W>,
    { acceleration = 'none', fixed, position }: PathOptions<P, W> = {},
  ): AsyncGenerator<E.Either<EMError<StepError>, MixtureIteration<P, S, W>>, void> {
    const start = inner(initial)
    const em = modelOf(start, fixed)
    const points = acceleration === 'none' ? iterations(em) : squarem(coordinatesOf(sides))(em)
    for await (const step of points(start, position))
      yield E.isLeft(step) ? step : E.right(moved(step.right, outer, outerExpectation))
  }
  return {
    get backend() {
      return loaded.ranOn?.() ?? executor.description
    },
    rows: loaded.rows,
    distinctRows: loaded.distinctRows ?? loaded.rows,
    iterations: (initial, options) => triedEach(path(initial, options)),
    expect: p => pipe(expect(inner(p)), TE.map(outerExpectation)),
    logJoint: p =>
      pipe(
        expect(inner(p)),
        TE.map(e => e.logLikelihood + logPrior(sides)(inner(p))),
      ),
    responsibilities: p => loaded.responsibilities(densities(inner(p))),
    assignments: p => loaded.assignments(densities(inner(p))),
    logProb: p =>
      pipe(
        loaded.logProb(densities(inner(p))),
        TE.map(logs => logs.map(v => (v < LOWEST ? Number.NEGATIVE_INFINITY : v))),
      ),
    dispose: loaded.dispose,
  }
}

/** Weights and components end to end. */
const coordinatesOf = <P, S, D extends Densities, W>({
  weights,
  steps,
}: Pick<Mixture<never, unknown, P, S, D, W>, 'weights' | 'steps'>) => ({
  toVector: (p: MixtureParameters<P, W>): Float64Array => {
    const [a, b] = [weights.coordinates.toVector(p.weights), steps.coordinates.toVector(p.components)]
    const all = new Float64Array(a.length + b.length)
    all.set(a)
    all.set(b, a.length)
    return all
  },
  fromVector: (vector: Float64Array): E.Either<unknown, MixtureParameters<P, W>> => {
    const found = weights.coordinates.fromVector(vector.subarray(0, weights.count))
    if (E.isLeft(found)) return found
    const components = steps.coordinates.fromVector(vector.subarray(weights.count))
    return E.isLeft(components) ? components : E.right({ weights: found.right, components: components.right })
  },
})

/**
 * Loads observations that have been encoded, of which the components of some may be known. Errors: values that are not
 * finite, the executor's.
 */
export const onEncoded =
  <P, S, D extends Densities, W>(
    executor: Executor,
    encoded: Encoded<P, S, D>,
    { rowWeights, labels }: { readonly rowWeights?: Vector | undefined; readonly labels?: Labels | undefined } = {},
  ) =>
  (
    mixture: Pick<Mixture<never, unknown, P, S, D, W>, 'weights' | 'noise'>,
  ): TE.TaskEither<FitError, MixtureOnRows<P, S, W>> =>
    pipe(
      inParts(executor, labels).load(encoded.rows, {
        ...loadOptionsOf(encoded),
        ...(rowWeights && { rowWeights }),
      }),
      TE.map(loaded => bind(mixture, encoded, loaded, executor)),
    )

/** The same, where options that are none and functions that throw are errors. */
const checking = <P, S, W>(mixture: AnyMixture, bound: MixtureOnRows<P, S, W>): MixtureOnRows<P, S, W> => {
  const checkPath = checkOptions(
    exactly({ acceleration: option.acceleration, fixed: optional(fixedOf(mixture)), position: anything }),
  )
  return {
    ...bound,
    get backend() {
      return bound.backend
    },
    iterations: async function* (initial, options = {}) {
      const checked = checkPath(options)
      if (E.isLeft(checked)) yield checked
      else yield* bound.iterations(initial, options)
    },
    expect: p => triedTask(() => bound.expect(p)),
    logJoint: p => triedTask(() => bound.logJoint(p)),
    responsibilities: p => triedTask(() => bound.responsibilities(p)),
    assignments: p => triedTask(() => bound.assignments(p)),
    logProb: p => triedTask(() => bound.logProb(p)),
  }
}

/**
 * Loads observations for a mixture. Rows of weight 0 have no influence on anything but what is said of themselves.
 * Errors: the observations are none of the mixture's, for example of another number of columns; those of the executor.
 */
export const onRows: {
  <M extends AMixture>(
    data: NoInfer<SourceOf<M>>,
    executor: Executor,
    rowWeights?: Vector,
  ): (model: Given<M>) => TE.TaskEither<FitError, MixtureOnRows<ComponentOf<M>, StatisticsOf<M>, WeightsOf<M>>>
  <M extends AMixture>(
    model: Given<M>,
    data: SourceOf<M>,
    executor: Executor,
    rowWeights?: Vector,
  ): TE.TaskEither<FitError, MixtureOnRows<ComponentOf<M>, StatisticsOf<M>, WeightsOf<M>>>
} = dual((given: Given<AnyMixture>, source: never, executor: Executor, rowWeights?: Vector) =>
  triedTask(() =>
    pipe(
      checkMixture(given),
      E.chain(model => forRows(model, source, rowWeights)),
      E.bindW('encoded', ({ mixture, source: rows }) => mixture.encode(rows, rowWeights && { rowWeights })),
      TE.fromEither,
      TE.chain(({ mixture, encoded }) =>
        pipe(
          onEncoded<never, never, Densities, Vector>(executor, encoded, { rowWeights })(mixture),
          TE.map(bound => checking(mixture, bound)),
        ),
      ),
    ),
  ),
) as never
