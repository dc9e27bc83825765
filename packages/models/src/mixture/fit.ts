import { random } from '@conjugate/distributions'
import {
  type CheckpointOptions,
  checkOptions,
  type Ending,
  intervals,
  run,
  type StoppingRule,
  tryCall,
} from '@conjugate/em'
import { anything, exactly, optional } from '@conjugate/em/schema'
import {
  type BackendRequest,
  type Densities,
  grouped,
  selectExecutor,
  type ThreadCount,
  withLoaded,
} from '@conjugate/executors'
import type { Vector } from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { checkMixture } from '../checks/model.js'
import type { FieldsOf } from '../checks/options.js'
import * as option from '../checks/options.js'
import { parametersOf } from '../checks/parameters.js'
import { fixedOf, startOf } from '../checks/start.js'
import type { FitError, StepError } from '../errors.js'
import { readRowWeights } from '../observations.js'
import { checkpointOf } from './checkpoint.js'
import { forRows } from './from-data.js'
import { checkLabels, type Labels } from './labels.js'
import {
  componentCount,
  type Mixture,
  type MixtureParameters,
  type MixtureStatistics,
  type Weights,
} from './mixture.js'
import { type Acceleration, type MixtureIteration, type MixtureOnRows, onEncoded } from './on-rows.js'
import { inOrder, type Order } from './order.js'
import { type RestartEnd, type Restarts, type RunOne, runRestarts } from './restarts.js'
import { ITERATIONS, TOLERANCE } from './settings.js'
import { initialOf, type Start } from './start.js'
import type { Fixed } from './steps.js'

/** Options of `fit` for a mixture. */
export interface FitOptions<P, S, W = Vector> {
  /** The largest number of M-steps; 1000 by default. */
  readonly iterations?: number
  /**
   * Stops early once an iteration gains no more than this share of the objective; 1e-8 by default. Where only `iterations`
   * are given there is none, and all of them are done.
   */
  readonly tolerance?: number
  /** The seed of the random starts; 0 by default. */
  readonly seed?: number
  /** How many random starts there are, of which the best end is kept; 1 by default. */
  readonly restarts?: number
  /**
   * How many restarts run at a time, on the same rows; 1 by default. With several threads one of them computes while the others
   * wait for their workers. The result is the same.
   */
  readonly parallel?: number
  /** Where EM starts; by default `k-means`, and any further restart at `distinct-rows`. */
  readonly start?: Start<P, W>
  /** Which path is taken: plain EM (`none`, the default) or SQUAREM. */
  readonly acceleration?: Acceleration
  /** One nonnegative weight per observation; those of weight 0 have no influence, whatever they hold. */
  readonly rowWeights?: Vector
  /** The components that are known of some observations, one number for each; -1 where it is not. */
  readonly labels?: Labels
  /** What is not learnt, but stays as it starts. */
  readonly fixed?: Fixed
  /** The order of the components in the result, for which priors have to be alike and no labels known; by default as they come. */
  readonly order?: Order<P>
  /** Where the data side runs; by default `CONJUGATE_BACKEND`, or else the fastest that is there. */
  readonly backend?: BackendRequest
  /** Whether equal rows are computed once where that pays, as for the pixels of a photo; true by default. */
  readonly groupRows?: boolean
  /** The number of threads of the WebAssembly backend, or `auto`, the default. The result has the same bits for any number. */
  readonly threads?: ThreadCount
  /** Stops a restart early once the rule holds for its objectives, which makes the point it has reached a result. */
  readonly stop?: StoppingRule
  /** How many milliseconds all restarts have together; the best point when they have passed is the result. */
  readonly timeLimit?: number
  /**
   * Goes on from the checkpoint in the storage, if there is one, and writes others, the last when the fit ends, is cancelled or
   * out of time. The result has the bits of a fit that was never broken off. More iterations, a smaller tolerance or more
   * restarts may be asked for than before; a `stop` has to be the same or stricter.
   */
  readonly checkpoint?: CheckpointOptions
  /** Called after every E-step. If it gives a promise, that is waited for; if it throws, the fit is a `CallbackFailed`. */
  readonly onIteration?: (progress: {
    readonly restart: number
    readonly iteration: MixtureIteration<P, S, W>
  }) => unknown
  /** Ends the fit with the error `Cancelled`. With a `checkpoint` the same fit goes on from there; `stop` gives a result. */
  readonly signal?: AbortSignal
}

/** The result of a fit: the parameters of the best restart, what is known of them, and how that restart ended. */
export interface MixtureFit<P, S, W = Vector> extends MixtureParameters<P, W>, Ending {
  /** log p(X, theta) before each M-step and after the last E-step: one value more than M-steps. */
  readonly logProbs: ReadonlyArray<number>
  /** log p(X | theta) at the last E-step, in nats. */
  readonly logLikelihood: number
  /** N_k, the sum of the responsibilities of each component. */
  readonly expectedCounts: Vector
  /** The statistics of each component in the last E-step, from which its posterior follows. */
  readonly statistics: ReadonlyArray<S>
  /** The most probable component of each of the N observations; K is the noise. */
  readonly assignments: Int32Array
  /** The prior of each component, where it followed from the data. */
  readonly prior?: unknown
  /** How each restart ended, with its objective there, or why it has no end. */
  readonly restarts: ReadonlyArray<E.Either<FitError, RestartEnd>>
  /** Says to a person where it ran: what it was computed by, on how many threads, and why, where that was not what was asked for. */
  readonly backend: string
  /** How many rows were computed, after grouping equal ones. */
  readonly distinctRows: number
}

/** All options of `fit` for a mixture. */
const fieldsOf = <P, S, W>(
  model: Pick<Mixture<never, unknown, P, S, never, W>, 'weights' | 'check' | 'noise' | 'joint'>,
): FieldsOf<FitOptions<P, S, W>> => ({
  iterations: option.iterations,
  tolerance: option.tolerance,
  seed: option.seed,
  restarts: option.restarts,
  parallel: option.parallel,
  start: optional(startOf(model)),
  acceleration: option.acceleration,
  // Read, and told where they are wrong, with the rows.
  rowWeights: anything,
  labels: option.oneForEachRow,
  fixed: optional(fixedOf(model)),
  order: option.order,
  backend: option.backend,
  groupRows: option.flag,
  threads: option.threads,
  stop: option.listener,
  timeLimit: option.timeLimit,
  checkpoint: option.checkpoint,
  onIteration: option.listener,
  signal: option.signal,
})

const checkFit = <Source, P, S, D extends Densities, W>(
  model: Mixture<Source, unknown, P, S, D, W>,
  options: FitOptions<P, S, W>,
): E.Either<FitError, unknown> =>
  pipe(
    checkMixture(model),
    E.chainW(() => checkOptions(exactly(fieldsOf(model)))(options)),
  )

type Found<P, S, W> = Restarts<MixtureParameters<P, W>, MixtureStatistics<S>>

const summarise =
  <P, S, W>(
    { weights }: { readonly weights: Weights<W> },
    bound: MixtureOnRows<P, S, W>,
    order: Order<P> | undefined,
  ) =>
  ({
    ends,
    best: { last, objectives, stoppedBy, converged, rounding, lastGain },
  }: Found<P, S, W>): TE.TaskEither<FitError, MixtureFit<P, S, W>> =>
    pipe(
      bound.assignments(last.parameters),
      TE.map(
        (assignments): MixtureFit<P, S, W> => ({
          ...last.parameters,
          logProbs: objectives,
          stoppedBy,
          converged,
          rounding,
          lastGain,
          logLikelihood: last.expectation.logLikelihood,
          expectedCounts: last.expectation.statistics.counts,
          statistics: last.expectation.statistics.components,
          assignments,
          restarts: ends,
          backend: bound.backend,
          distinctRows: bound.distinctRows,
        }),
      ),
      TE.chainEitherKW(fitted => tryCall('order', () => inOrder(order, weights.permute)(fitted))),
    )

const refused = (option: string, expected: string, received: string): E.Either<FitError, never> =>
  E.left({ _tag: 'InvalidOption', option, expected, received })

/** Errors: an order of components that cannot change places. */
const checkPlaces = <P, S, W>(
  { exchangeable }: { readonly exchangeable: boolean },
  { order, labels }: FitOptions<P, S, W>,
): E.Either<FitError, void> => {
  if (order !== undefined && !exchangeable)
    return refused(
      'order',
      'priors that are alike, so that components can change places',
      'one, with priors that differ',
    )
  if (order !== undefined && labels !== undefined)
    return refused('order', 'none where labels are known: they say which component is which', 'one')
  return E.right(undefined)
}

/**
 * Fits a mixture to observations by MAP-EM: parameters at which log p(X, theta) has a (local) maximum. A variational mixture
 * is fitted by the same loop, to its bound.
 * Errors: observations that are none of the mixture's, options out of range, a start that needs more distinct rows than
 * there are, an order of components whose priors differ, a backend that is not available, a posterior without a mode, a checkpoint of something else, a function among the
 * options that throws.
 * Source: Murphy, Machine Learning: A Probabilistic Perspective (2012), section 11.4.2.8.
 */
export const fitMixture = <Source, P, S, D extends Densities, W>(
  given: Mixture<Source, unknown, P, S, D, W>,
  observations: Source,
  options: FitOptions<P, S, W> = {},
): TE.TaskEither<FitError, MixtureFit<P, S, W>> =>
  pipe(
    checkMixture(given),
    E.chain(model => forRows(model, observations, options?.rowWeights)),
    TE.fromEither,
    TE.chain(({ mixture, source, prior }) =>
      pipe(
        fitGiven<Source, P, S, D, W>(mixture, source, options),
        TE.map(fitted => (prior === undefined ? fitted : { ...fitted, prior })),
      ),
    ),
  )

/** Fits a mixture whose priors are given. */
const fitGiven = <Source, P, S, D extends Densities, W>(
  model: Mixture<Source, unknown, P, S, D, W>,
  source: Source,
  options: FitOptions<P, S, W>,
): TE.TaskEither<FitError, MixtureFit<P, S, W>> => {
  const checked = checkFit(model, options)
  if (E.isLeft(checked)) return TE.left(checked.left)
  const { seed = 0, labels, timeLimit, onIteration } = options
  /** The clusters of k-means are much the same from any seed. */
  const startAt = (restart: number): Start<P, W> =>
    options.start ?? { _tag: restart === 0 ? 'k-means' : 'distinct-rows' }
  // Whoever says how many iterations there are to be gets them all.
  const { iterations = ITERATIONS, tolerance = options.iterations === undefined ? TOLERANCE : undefined } = options
  const { restarts = 1, parallel = 1 } = options
  return pipe(
    TE.Do,
    TE.chainFirst(() => TE.fromEither(checkPlaces(model, options))),
    TE.bindW('rowWeights', () => TE.fromEither(readRowWeights(options.rowWeights))),
    TE.bindW('encoded', ({ rowWeights }) => TE.fromEither(model.encode(source, rowWeights && { rowWeights }))),
    TE.bind('known', ({ encoded }) =>
      TE.fromEither(
        labels === undefined ? E.right(undefined) : checkLabels(labels, encoded.rows.rows, componentCount(model)),
      ),
    ),
    TE.bindW('executor', () => selectExecutor(options.backend, options.threads)),
    TE.chain(({ encoded, rowWeights, executor, known }) => {
      const began = performance.now()
      const where = options.checkpoint?.storage.name ?? ''
      const ends = {
        iterations,
        ...(tolerance !== undefined && { tolerance }),
        ...(options.stop && { stop: options.stop }),
      }
      const left = (): number => (timeLimit ?? Number.POSITIVE_INFINITY) - (performance.now() - began)
      const runOn =
        (bound: MixtureOnRows<P, S, W>): RunOne<MixtureParameters<P, W>, MixtureStatistics<S>> =>
        (restart, from, { write, justThere, signal }) =>
          pipe(
            TE.fromEither(initialOf<P, S, D, W>(startAt(restart), encoded, random(seed, restart), rowWeights)(model)),
            TE.chainW(initial =>
              run<MixtureParameters<P, W>, MixtureStatistics<S>>({
                ...ends,
                signal,
                // What has ended by time before did so where it stands.
                ...(justThere ? { timeLimit: 0 } : timeLimit !== undefined && { timeLimit: Math.max(0, left()) }),
                ...(from && { previous: { objectives: from.objectives, where } }),
                ...(options.checkpoint && !justThere && { save: { ...intervals(options.checkpoint), write } }),
                ...(onIteration && !justThere && { onIteration: iteration => onIteration({ restart, iteration }) }),
              })<StepError>(bound.iterations(initial, { ...options, ...(from && { position: from.position }) })),
            ),
          )
      const parameters = parametersOf(componentCount(model), { weights: model.weights.check, ...model.check })
      const isOver = (): boolean => left() <= 0
      const grouping = options.groupRows === false ? executor : grouped(executor)
      return pipe(
        onEncoded<P, S, D, W>(grouping, encoded, { rowWeights, labels: known })(model),
        withLoaded(bound =>
          pipe(
            checkpointOf<P, W>(
              options.checkpoint,
              model,
              encoded,
              { ...options, rowWeights },
              executor.backend,
              parameters,
            ),
            TE.chain(
              ({ state, save }) =>
                () =>
                  runRestarts(runOn(bound), {
                    count: restarts,
                    parallel,
                    ends,
                    state,
                    where,
                    save,
                    isOver,
                    signal: options.signal,
                  }),
            ),
            TE.chain(summarise(model, bound, options.order)),
          ),
        ),
      )
    }),
  )
}
