import { random } from '@conjugate/distributions'
import { type Ending, type Iteration, iterations, type Run, run } from '@conjugate/em'
import { type BackendRequest, selectExecutor, withLoaded } from '@conjugate/executors'
import type { Matrix, RowsLike } from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { FitError, StepError } from '../errors.js'
import { gaussianStatistics, type ofNormals } from '../mixture/forms/quadratic.js'
import { gatherSums } from '../mixture/gather.js'
import { cluster, distanceIn, spreadRows } from '../mixture/nearest.js'
import {
  type HiddenMarkovModel,
  type HiddenMarkovParameters,
  type HiddenMarkovStatistics,
  maximize,
} from './definition.js'
import { onSequences } from './on-sequences.js'

/**
 * Where EM starts: emissions from the clusters of all rows (k-means++ and Lloyd's algorithm), first states and transitions all
 * alike. Errors: no rows, or fewer different ones than states.
 */
export const initialHiddenMarkovParameters =
  (model: HiddenMarkovModel) =>
  (rows: Matrix, seed = 0): E.Either<FitError, HiddenMarkovParameters> => {
    const k = model.transitionPriors.length
    if (rows.rows === 0) return E.left({ _tag: 'NoRows' })
    const distance = distanceIn(rows, rows.columns)
    const seeds = spreadRows(k, rows, distance, random(seed))
    if (seeds.length < k) return E.left({ _tag: 'TooFewDistinctRows', distinct: seeds.length, components: k })
    const labels = cluster(rows, seeds, distance, 20)
    const { densities, sums } = gatherSums<ReturnType<typeof ofNormals>>('Quadratic', rows, k, (n, j) =>
      labels[n] === j ? 1 : 0,
    )
    const even = {
      initial: new Float64Array(k).fill(1 / k),
      transitions: { rows: k, columns: k, data: new Float64Array(k * k).fill(1 / k) },
    }
    return pipe(
      maximize(model)({ ...even, emissions: gaussianStatistics(densities, sums), parameters: even }),
      E.map(({ emissions }) => ({ ...even, emissions })),
    )
  }

export interface HiddenMarkovFitOptions {
  /** M-steps at the most; 100 by default. */
  readonly iterations?: number
  readonly tolerance?: number
  /** Of the start by clusters; 0 by default. */
  readonly seed?: number
  readonly start?: HiddenMarkovParameters
  readonly backend?: BackendRequest
  readonly onIteration?: (iteration: Iteration<HiddenMarkovParameters, HiddenMarkovStatistics>) => unknown
  readonly signal?: AbortSignal
}

export interface HiddenMarkovFit extends HiddenMarkovParameters, Ending {
  /** log p(X, theta) before each M-step and after the last E-step. */
  readonly logProbs: ReadonlyArray<number>
  readonly logLikelihood: number
  /** For each sequence its most probable states together. */
  readonly paths: ReadonlyArray<Int32Array>
}

/** Fits a hidden Markov model to sequences by MAP-EM (Baum and Welch). Errors: those of loading, starting and the path. */
export const fitHiddenMarkovModel =
  (model: HiddenMarkovModel) =>
  (
    sequences: ReadonlyArray<RowsLike>,
    options: HiddenMarkovFitOptions = {},
  ): TE.TaskEither<FitError, HiddenMarkovFit> =>
    pipe(
      selectExecutor(options.backend),
      TE.chainW(executor => onSequences(model)(executor, sequences)),
      withLoaded(bound =>
        pipe(
          TE.fromEither(
            options.start ? E.right(options.start) : initialHiddenMarkovParameters(model)(bound.rows, options.seed),
          ),
          TE.chain(
            (start): TE.TaskEither<FitError, Run<HiddenMarkovParameters, HiddenMarkovStatistics>> =>
              run<HiddenMarkovParameters, HiddenMarkovStatistics>({
                iterations: options.iterations ?? 100,
                ...(options.tolerance !== undefined && { tolerance: options.tolerance }),
                ...(options.onIteration && { onIteration: options.onIteration }),
                ...(options.signal && { signal: options.signal }),
              })<StepError>(iterations(bound.model)(start)),
          ),
          TE.bindTo('run'),
          TE.bindW('paths', ({ run: { last } }) => bound.paths(last.parameters)),
          TE.map(({ run: { last, objectives, stoppedBy, converged, lastGain }, paths }) => ({
            ...last.parameters,
            logProbs: objectives,
            stoppedBy,
            converged,
            lastGain,
            logLikelihood: last.expectation.logLikelihood,
            paths,
          })),
        ),
      ),
    )
