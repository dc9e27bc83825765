import { random } from '@conjugate/distributions'
import { type CheckpointOptions, intervals, run, type StoppingRule } from '@conjugate/em'
import { type BackendRequest, type Densities, grouped, selectExecutor, type ThreadCount } from '@conjugate/executors'
import type { Vector } from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { FitError, StepError } from '../errors.js'
import { checkpointOf } from './checkpoint.js'
import { checkLabels, type Labels, labelled } from './labels.js'
import {
  componentCount,
  type Mixture,
  type MixtureParameters,
  type MixtureStatistics,
  type Weights,
} from './mixture.js'
import { type Acceleration, type MixtureIteration, type MixtureOnRows, onEncoded } from './on-rows.js'
import { inOrder, type Order } from './order.js'
import { type Restarts, type RunOne, runRestarts } from './restarts.js'
import { initialOf, type Start } from './start.js'
import type { Fixed } from './steps.js'

export interface FitOptions<P, S, W = Vector> {
  /** M-steps at the most; 100 by default. */
  readonly iterations?: number
  /** Stops early once an iteration gains no more than this share of the objective; off by default. */
  readonly tolerance?: number
  /** Of the random starts; 0 by default. */
  readonly seed?: number
  /** Random starts, of which the best end is kept; 1 by default. */
  readonly restarts?: number
  /**
   * Restarts that run at a time, on the same rows; 1 by default. With several threads one of them computes while the others
   * wait for their workers. The result is the same.
   */
  readonly parallel?: number
  /** `distinct-rows` by default. */
  readonly start?: Start<P, W>
  /** `none` by default, which is plain EM. */
  readonly acceleration?: Acceleration
  /** One nonnegative weight per observation. */
  readonly rowWeights?: Vector
  /** The components that are known of some observations, one number for each; -1 where it is not. */
  readonly labels?: Labels
  /** What is not to be learnt. */
  readonly fixed?: Fixed
  /** The order of the components in the result; as they come by default. */
  readonly order?: Order<P>
  /** Where the data side runs; by default `CONJUGATE_BACKEND`, or else the fastest that is there. */
  readonly backend?: BackendRequest
  /** Whether equal rows are computed once where that pays, as for the pixels of a photo; true by default. */
  readonly groupRows?: boolean
  /** Threads of the WebAssembly backend; `auto` by default. The result has the same bits for any number. */
  readonly threads?: ThreadCount
  /** Stops a restart early once the rule holds for its objectives. */
  readonly stop?: StoppingRule
  /** Milliseconds for all restarts; the iteration in which they pass is the last, and the best point so far the result. */
  readonly timeLimit?: number
  /**
   * Goes on from the checkpoint in the storage, if there is one, and writes others, the last when the fit ends, is cancelled or
   * out of time. The result has the bits of a fit that was never broken off. More iterations, a smaller tolerance or more
   * restarts may be asked for than before; a `stop` has to be the same or stricter.
   */
  readonly checkpoint?: CheckpointOptions
  readonly onIteration?: (progress: { readonly restart: number; readonly iteration: MixtureIteration<P, S, W> }) => void
  readonly signal?: AbortSignal
}

export interface MixtureFit<P, S, W = Vector> extends MixtureParameters<P, W> {
  /** log p(X, theta) before each M-step and after the last E-step: one value more than M-steps. */
  readonly logProbs: ReadonlyArray<number>
  /** log p(X | theta) of the last E-step. */
  readonly logLikelihood: number
  /** N_k, the sum of the responsibilities of each component. */
  readonly expectedCounts: Vector
  /** The statistics of each component in the last E-step, from which its posterior follows. */
  readonly statistics: ReadonlyArray<S>
  /** The most probable component of each of the N observations; K is the noise. */
  readonly assignments: Int32Array
  /** How each restart ended: its last objective, or why it has none. */
  readonly restarts: ReadonlyArray<E.Either<FitError, number>>
  /** Where it ran, for a person. */
  readonly backend: string
  /** How many rows were computed, after grouping equal ones. */
  readonly distinctRows: number
}

const wholeNumber = (option: string, value: number, minimum: number): E.Either<FitError, number> =>
  Number.isSafeInteger(value) && value >= minimum
    ? E.right(value)
    : E.left({
        _tag: 'InvalidOption',
        option,
        expected: `a whole number of at least ${minimum}`,
        received: String(value),
      })

type Found<P, S, W> = Restarts<MixtureParameters<P, W>, MixtureStatistics<S>>

const summarise =
  <P, S, W>(
    { weights }: { readonly weights: Weights<W> },
    bound: MixtureOnRows<P, S, W>,
    order: Order<P> | undefined,
  ) =>
  ({ ends, best: { last, objectives } }: Found<P, S, W>): TE.TaskEither<FitError, MixtureFit<P, S, W>> =>
    pipe(
      bound.assignments(last.parameters),
      TE.map(assignments =>
        inOrder(
          order,
          weights.permute,
        )({
          ...last.parameters,
          logProbs: objectives,
          logLikelihood: last.expectation.logLikelihood,
          expectedCounts: last.expectation.statistics.counts,
          statistics: last.expectation.statistics.components,
          assignments,
          restarts: ends,
          backend: bound.backend,
          distinctRows: bound.distinctRows,
        }),
      ),
    )

/**
 * Fits a mixture to observations by MAP-EM: parameters at which log p(X, theta) has a (local) maximum. A variational mixture
 * is fitted by the same loop, to its bound.
 * Errors: observations that are none of the mixture's, options out of range, a start that needs more distinct rows than
 * there are, a backend that is not available, a posterior without a mode, a checkpoint of something else.
 * Source: Murphy, Machine Learning: A Probabilistic Perspective (2012), section 11.4.2.8.
 */
export const fit =
  <Source, P, S, D extends Densities, W>(model: Mixture<Source, unknown, P, S, D, W>) =>
  (source: Source, options: FitOptions<P, S, W> = {}): TE.TaskEither<FitError, MixtureFit<P, S, W>> => {
    const { seed = 0, start = { _tag: 'distinct-rows' }, rowWeights, labels, timeLimit, onIteration } = options
    return pipe(
      TE.Do,
      TE.bind('encoded', () => TE.fromEither(model.encode(source))),
      TE.bind('iterations', () => TE.fromEither(wholeNumber('iterations', options.iterations ?? 100, 0))),
      TE.bind('restarts', () => TE.fromEither(wholeNumber('restarts', options.restarts ?? 1, 1))),
      TE.bind('parallel', () => TE.fromEither(wholeNumber('parallel', options.parallel ?? 1, 1))),
      TE.bind('known', ({ encoded }) =>
        TE.fromEither(
          labels === undefined ? E.right(undefined) : checkLabels(labels, encoded.rows.rows, componentCount(model)),
        ),
      ),
      TE.bindW('executor', () => selectExecutor(options.backend, options.threads)),
      TE.bindW('bound', ({ executor, encoded, known }) => {
        const grouping = options.groupRows === false ? executor : grouped(executor)
        return onEncoded<P, S, D, W>(known ? labelled(grouping, known) : grouping, encoded, rowWeights)(model)
      }),
      TE.chain(({ encoded, iterations, restarts, parallel, executor, bound }) => {
        const began = performance.now()
        const where = options.checkpoint?.storage.name ?? ''
        const ends = {
          iterations,
          ...(options.tolerance !== undefined && { tolerance: options.tolerance }),
          ...(options.stop && { stop: options.stop }),
        }
        const left = (): number => (timeLimit ?? Number.POSITIVE_INFINITY) - (performance.now() - began)
        const runOne: RunOne<MixtureParameters<P, W>, MixtureStatistics<S>> = (restart, from, write, justThere) =>
          pipe(
            TE.fromEither(initialOf<P, S, D, W>(start, encoded, random(seed, restart), rowWeights)(model)),
            TE.chainW(initial =>
              run<MixtureParameters<P, W>, MixtureStatistics<S>>({
                ...(justThere && from ? { iterations: from.objectives.length - 1 } : ends),
                ...(options.signal && { signal: options.signal }),
                ...(timeLimit !== undefined && { timeLimit: left() }),
                ...(from && { previous: { objectives: from.objectives, where } }),
                ...(options.checkpoint && !justThere && { save: { ...intervals(options.checkpoint), write } }),
                onIteration: iteration => {
                  if (!justThere) onIteration?.({ restart, iteration })
                },
              })<StepError>(bound.iterations(initial, { ...options, ...(from && { position: from.position }) })),
            ),
          )
        return pipe(
          checkpointOf<P, W>(options.checkpoint, model, encoded, options, executor.backend),
          TE.chain(
            ({ state, save }) =>
              () =>
                runRestarts(runOne, { count: restarts, parallel, ends, state, where, save, isOver: () => left() <= 0 }),
          ),
          TE.chain(summarise(model, bound, options.order)),
          task => async () => {
            const result = await task()
            bound.dispose()
            return result
          },
        )
      }),
    )
  }
