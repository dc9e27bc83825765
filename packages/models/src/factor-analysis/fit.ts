import { type InvalidParameter, inverseGamma } from '@conjugate/distributions'
import {
  checkArgument,
  checkOptions,
  type EMError,
  type Ending,
  type Iteration,
  iterations,
  run,
  squarem,
} from '@conjugate/em'
import { anyNumber, anything, exactly, oneOf, optional, type Schema } from '@conjugate/em/schema'
import { matrix, type RowsLike, type Vector } from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { FieldsOf } from '../checks/options.js'
import * as option from '../checks/options.js'
import { memberOf } from '../checks/parameters.js'
import { dual } from '../door/dual.js'
import type { FitError } from '../errors.js'
import { checkFinite } from '../observations.js'
import {
  type FactorAnalysis,
  type FactorAnalysisParameters,
  type FactorAnalysisStatistics,
  factorAnalysisModel,
  failed,
} from './model.js'
import { atPrincipalAxes, atRandom, centredRoot, checkStart, columnSquares } from './start.js'

/** The result of a factor analysis: its parameters, and how the fit ended. */
export interface FactorAnalysisFit extends FactorAnalysisParameters, Ending {
  /** The mean of the rows, of D numbers, in units of the data. */
  readonly mean: Vector
  /**
   * The columns whose noise variance is below 1e-6 of their variance: the factors explain next to all of them, or the maximum
   * is at a noise of 0 (a Heywood case), which a `noisePrior` keeps it from.
   */
  readonly vanishing: ReadonlyArray<number>
  readonly logProbs: ReadonlyArray<number>
  readonly logLikelihood: number
}

/** Options of `fitFactorAnalysis`. */
export interface FactorAnalysisFitOptions {
  /** The largest number of M-steps; 1000 by default. */
  readonly iterations?: number
  readonly tolerance?: number
  /** Parameters to start from; by default those of the principal axes. */
  readonly start?: FactorAnalysisParameters
  /** Starts from random loadings, drawn with this seed, instead of the principal axes. */
  readonly seed?: number
  /** Which path is taken: plain EM (`none`, the default) or SQUAREM. */
  readonly acceleration?: 'none' | 'squarem'
  readonly onIteration?: (iteration: Iteration<FactorAnalysisParameters, FactorAnalysisStatistics>) => unknown
  readonly signal?: AbortSignal
}

const fields: FieldsOf<FactorAnalysisFitOptions> = {
  iterations: option.iterations,
  tolerance: option.tolerance,
  // Checked once the number of columns is known.
  start: anything,
  seed: option.seed,
  acceleration: option.acceleration,
  onIteration: option.listener,
  signal: option.signal,
}

/** Whether there are so many factors is told by the columns of the data. */
const isModel: Schema = exactly(
  { factors: anyNumber, noise: oneOf('isotropic', 'diagonal'), noisePrior: optional(memberOf(inverseGamma)) },
  'an object of factors and noise',
)

/** A noise variance below this share of the variance of its column is said to vanish. */
const VANISHING = 1e-6

/**
 * Fits loadings (D x Q) and noise variances (D) to rows (N x D). Loadings are determined up to a rotation of the factors.
 * Errors: there are no rows; a value is not finite; there are fewer than 1 or more than D factors; the noise vanishes.
 */
export const fitFactorAnalysis: {
  (
    source: RowsLike,
    options?: FactorAnalysisFitOptions,
  ): (model: FactorAnalysis) => TE.TaskEither<FitError, FactorAnalysisFit>
  (
    model: FactorAnalysis,
    source: RowsLike,
    options?: FactorAnalysisFitOptions,
  ): TE.TaskEither<FitError, FactorAnalysisFit>
} = dual(
  (
    model: FactorAnalysis,
    source: RowsLike,
    options: FactorAnalysisFitOptions = {},
  ): TE.TaskEither<FitError, FactorAnalysisFit> => {
    const checked = pipe(
      checkArgument('model', isModel)(model),
      E.chain(() => checkOptions(exactly(fields))(options)),
    )
    if (E.isLeft(checked)) return TE.left(checked.left)
    const rows = pipe(matrix(source), E.chainW(checkFinite))
    if (E.isLeft(rows)) return TE.left(rows.left)
    const { columns: d } = rows.right
    if (rows.right.rows === 0) return TE.left({ _tag: 'NoRows' })
    if (!(Number.isSafeInteger(model.factors) && model.factors >= 1 && model.factors <= d))
      return TE.left(failed('factors', `a whole number from 1 to ${d}`, model.factors))
    const { mean, root } = centredRoot(rows.right)
    const em = factorAnalysisModel(model)(rows.right.rows, root)
    const variances = columnSquares(root)
    const total = variances.reduce((a, b) => a + b, 0) / d
    if (!(total > 0)) return TE.left(failed('data', 'columns of which one varies', 'constant columns'))
    const constant = model.noise === 'diagonal' && !model.noisePrior ? variances.indexOf(0) : -1
    if (constant >= 0)
      return TE.left(
        failed(`noiseVariances[${constant}]`, 'a column that varies, or a noisePrior', 'a constant column'),
      )
    const q = model.factors
    const start: E.Either<FitError, FactorAnalysisParameters> =
      options.start !== undefined
        ? checkStart(model, d, options.start)
        : E.right(
            options.seed === undefined
              ? atPrincipalAxes(model, rows.right.rows, root)
              : atRandom(model, total, d, options.seed),
          )
    if (E.isLeft(start)) return TE.left(start.left)
    const vanished = Array.from(start.right.noiseVariances).findIndex(v => !(v > 0))
    if (vanished >= 0)
      return TE.left(failed(`noiseVariances[${vanished}]`, 'a positive number', start.right.noiseVariances[vanished]))
    const coordinates = {
      toVector: (p: FactorAnalysisParameters) =>
        Float64Array.from([...p.loadings.data, ...Array.from(p.noiseVariances, Math.log)]),
      fromVector: (v: Float64Array): E.Either<never, FactorAnalysisParameters> =>
        E.right({
          loadings: { rows: d, columns: q, data: v.slice(0, d * q) },
          noiseVariances: v.slice(d * q).map(Math.exp),
        }),
    }
    const path = options.acceleration === 'squarem' ? squarem(coordinates)(em) : iterations(em)
    return pipe(
      run<FactorAnalysisParameters, FactorAnalysisStatistics>({
        iterations: options.iterations ?? 1000,
        ...(options.tolerance !== undefined && { tolerance: options.tolerance }),
        ...(options.onIteration && { onIteration: options.onIteration }),
        ...(options.signal && { signal: options.signal }),
      })<InvalidParameter>(path(start.right)),
      TE.bimap(
        (e: EMError<InvalidParameter>): FitError => e,
        ({ last, objectives, stoppedBy, converged, rounding, lastGain }) => ({
          ...last.parameters,
          vanishing: Array.from(variances.keys()).filter(
            i => last.parameters.noiseVariances[i]! < VANISHING * variances[i]!,
          ),
          mean,
          logProbs: objectives,
          stoppedBy,
          converged,
          rounding,
          lastGain,
          logLikelihood: last.expectation.logLikelihood,
        }),
      ),
    )
  },
  value => typeof value === 'object' && value !== null && 'factors' in value,
) as never
