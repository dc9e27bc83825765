import { type InvalidParameter, inverseGamma, random } from '@conjugate/distributions'
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
import { anyNumber, exactly, oneOf, optional, type Schema } from '@conjugate/em/schema'
import { type Matrix, matrix, type RowsLike, square, type Vector } from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { FieldsOf } from '../checks/options.js'
import * as option from '../checks/options.js'
import { memberOf } from '../checks/parameters.js'
import type { FitError } from '../errors.js'
import { checkFinite } from '../observations.js'
import {
  type FactorAnalysis,
  type FactorAnalysisParameters,
  type FactorAnalysisStatistics,
  factorAnalysisModel,
  failed,
} from './model.js'

export interface FactorAnalysisFit extends FactorAnalysisParameters, Ending {
  /** D. */
  readonly mean: Vector
  readonly logProbs: ReadonlyArray<number>
  readonly logLikelihood: number
}

export interface FactorAnalysisFitOptions {
  /** M-steps at the most; 1000 by default. */
  readonly iterations?: number
  readonly tolerance?: number
  /** Of the loadings that it starts with; 0 by default. */
  readonly seed?: number
  /** `none` by default. */
  readonly acceleration?: 'none' | 'squarem'
  readonly onIteration?: (iteration: Iteration<FactorAnalysisParameters, FactorAnalysisStatistics>) => unknown
  readonly signal?: AbortSignal
}

const fields: FieldsOf<FactorAnalysisFitOptions> = {
  iterations: option.iterations,
  tolerance: option.tolerance,
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

/** Means, and the covariance about them divided by N. */
const moments = ({ rows, columns, data }: Matrix): { readonly mean: Float64Array; readonly covariance: Matrix } => {
  const mean = new Float64Array(columns)
  for (let n = 0; n < rows; n++)
    for (let i = 0; i < columns; i++) mean[i]! += (data[n * columns + i]! - mean[i]!) / (n + 1)
  const covariance = square(columns, (i, j) => {
    let sum = 0
    for (let n = 0; n < rows; n++) sum += (data[n * columns + i]! - mean[i]!) * (data[n * columns + j]! - mean[j]!)
    return sum / rows
  })
  return { mean, covariance }
}

/**
 * Fits loadings and noise variances to rows (N x D). Loadings are determined up to a rotation of the factors.
 * Errors: no rows, values that are not finite, fewer than 1 or more than D factors, noise that vanishes.
 */
export const fitFactorAnalysis =
  (model: FactorAnalysis) =>
  (source: RowsLike, options: FactorAnalysisFitOptions = {}): TE.TaskEither<FitError, FactorAnalysisFit> => {
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
    const { mean, covariance } = moments(rows.right)
    const em = factorAnalysisModel(model)(rows.right.rows, covariance)
    const total = Array.from({ length: d }, (_, i) => covariance.data[i * d + i]!).reduce((a, b) => a + b, 0) / d
    if (!(total > 0)) return TE.left(failed('data', 'columns of which one varies', 'constant columns'))
    const stream = random(options.seed ?? 0)
    const q = model.factors
    const initial: FactorAnalysisParameters = {
      loadings: {
        rows: d,
        columns: q,
        data: Float64Array.from({ length: d * q }, () => Math.sqrt(total / q) * stream.normal()),
      },
      noiseVariances: new Float64Array(d).fill(total),
    }
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
      })<InvalidParameter>(path(initial)),
      TE.bimap(
        (e: EMError<InvalidParameter>): FitError => e,
        ({ last, objectives, stoppedBy, converged, rounding, lastGain }) => ({
          ...last.parameters,
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
  }
