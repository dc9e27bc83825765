import { random } from '@conjugate/distributions'
import { type Run, run } from '@conjugate/em'
import { type BackendRequest, grouped, selectExecutor, type ThreadCount } from '@conjugate/executors'
import { type Matrix, type MatrixLike, matrix, type Vector } from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { FitError, StepError } from '../errors.js'
import type { GaussianMixture, GaussianMixtureParameters } from './definition.js'
import { type Acceleration, type GaussianMixtureOnRows, type MixtureIteration, onRows } from './on-rows.js'
import { initialParameters, type Start } from './start.js'
import type { MixtureStatistics } from './steps.js'

export interface FitOptions {
  /** M-steps at the most; 100 by default. */
  readonly iterations?: number
  /** Stops early once an iteration gains no more than this share of the objective; off by default. */
  readonly tolerance?: number
  /** Of the random starts; 0 by default. */
  readonly seed?: number
  /** Random starts, of which the best end is kept; 1 by default. */
  readonly restarts?: number
  readonly start?: Start
  /** `none` by default, which is plain EM. */
  readonly acceleration?: Acceleration
  /** One nonnegative weight per row. */
  readonly rowWeights?: Vector
  /** Where the data side runs; by default `CONJUGATE_BACKEND`, or else the fastest that is there. */
  readonly backend?: BackendRequest
  /** Whether equal rows are computed once where that pays, as for the pixels of a photo; true by default. */
  readonly groupRows?: boolean
  /** Threads of the WebAssembly backend; `auto` by default. The result has the same bits for any number. */
  readonly threads?: ThreadCount
  readonly onIteration?: (progress: { readonly restart: number; readonly iteration: MixtureIteration }) => void
  readonly signal?: AbortSignal
}

export interface GaussianMixtureFit extends GaussianMixtureParameters {
  readonly model: GaussianMixture
  /** log p(X, theta) before each M-step and after the last E-step: one value more than M-steps. */
  readonly logProbs: ReadonlyArray<number>
  /** log p(X | theta) of the last E-step. */
  readonly logLikelihood: number
  /** N_k, the sum of the responsibilities of each component. */
  readonly expectedCounts: Vector
  /** The most probable component of each of the N rows. */
  readonly assignments: Int32Array
  /** How each restart ended: its last objective, or why it has none. */
  readonly restarts: ReadonlyArray<E.Either<FitError, number>>
  /** Where it ran, for a person. */
  readonly backend: string
  /** How many rows were computed, after grouping equal ones. */
  readonly distinctRows: number
}

type MixtureRun = Run<GaussianMixtureParameters, MixtureStatistics>

const wholeNumber = (option: string, value: number, minimum: number): E.Either<FitError, number> =>
  Number.isSafeInteger(value) && value >= minimum
    ? E.right(value)
    : E.left({
        _tag: 'InvalidOption',
        option,
        expected: `a whole number of at least ${minimum}`,
        received: String(value),
      })

const isCancelled = (e: E.Either<FitError, unknown>): boolean => E.isLeft(e) && e.left._tag === 'Cancelled'

/** Runs every restart in turn; a failed one does not take the others with it, a cancelled one ends them all. */
const runAll = async (
  count: number,
  runOne: (restart: number) => TE.TaskEither<FitError, MixtureRun>,
): Promise<ReadonlyArray<E.Either<FitError, MixtureRun>>> => {
  const runs: E.Either<FitError, MixtureRun>[] = []
  for (let restart = 0; restart < count; restart++) {
    runs.push(await runOne(restart)())
    if (isCancelled(runs.at(-1)!)) break
  }
  return runs
}

/** The run with the highest objective, the first one on ties; the first error where there is none. */
const best = (runs: ReadonlyArray<E.Either<FitError, MixtureRun>>): E.Either<FitError, MixtureRun> =>
  runs.find(isCancelled) ??
  runs.reduce((a, b) => {
    if (E.isLeft(a)) return E.isLeft(b) ? a : b
    return E.isRight(b) && b.right.last.objective > a.right.last.objective ? b : a
  })

const summarise =
  (model: GaussianMixture, bound: GaussianMixtureOnRows, runs: ReadonlyArray<E.Either<FitError, MixtureRun>>) =>
  ({ last, objectives }: MixtureRun): TE.TaskEither<FitError, GaussianMixtureFit> =>
    pipe(
      bound.assignments(last.parameters),
      TE.map(assignments => ({
        ...last.parameters,
        model,
        logProbs: objectives,
        logLikelihood: last.expectation.logLikelihood,
        expectedCounts: Float64Array.from(last.expectation.statistics, s => s.weight),
        assignments,
        restarts: runs.map(E.map(r => r.last.objective)),
        backend: bound.backend,
        distinctRows: bound.distinctRows,
      })),
    )

/**
 * Fits a mixture to rows (N x D) by MAP-EM: parameters at which log p(X, theta) has a (local) maximum.
 * Errors: rows of another width or with values that are not finite, options out of range, a start that needs more
 * distinct rows than there are, a backend that is not available, a posterior without a mode.
 * Source: Murphy, Machine Learning: A Probabilistic Perspective (2012), section 11.4.2.8.
 */
export const fit =
  (source: MatrixLike, options: FitOptions = {}) =>
  (model: GaussianMixture): TE.TaskEither<FitError, GaussianMixtureFit> => {
    const { seed = 0, start = { _tag: 'distinct-rows' }, rowWeights, onIteration } = options
    const runOne =
      (rows: Matrix, bound: GaussianMixtureOnRows, iterations: number) =>
      (restart: number): TE.TaskEither<FitError, MixtureRun> =>
        pipe(
          TE.fromEither(initialParameters(start, rows, random(seed, restart))(model)),
          TE.chainW(initial =>
            run<GaussianMixtureParameters, MixtureStatistics>({
              ...options,
              iterations,
              onIteration: iteration => onIteration?.({ restart, iteration }),
            })<StepError>(bound.iterations(initial, options.acceleration)),
          ),
        )
    return pipe(
      TE.Do,
      TE.bind('rows', () => TE.fromEither<FitError, Matrix>(matrix(source))),
      TE.bind('iterations', () => TE.fromEither(wholeNumber('iterations', options.iterations ?? 100, 0))),
      TE.bind('restarts', () => TE.fromEither(wholeNumber('restarts', options.restarts ?? 1, 1))),
      TE.bindW('executor', () => selectExecutor(options.backend, options.threads)),
      TE.bindW('bound', ({ executor, rows }) =>
        onRows(options.groupRows === false ? executor : grouped(executor), rows, rowWeights)(model),
      ),
      TE.chain(({ rows, iterations, restarts, bound }) =>
        pipe(
          TE.fromTask<ReadonlyArray<E.Either<FitError, MixtureRun>>, FitError>(() =>
            runAll(restarts, runOne(rows, bound, iterations)),
          ),
          TE.chain(runs => pipe(TE.fromEither(best(runs)), TE.chain(summarise(model, bound, runs)))),
          task => async () => {
            const result = await task()
            bound.dispose()
            return result
          },
        ),
      ),
    )
  }
