import { type InvalidParameter, inverseGamma } from '@conjugate/distributions'
import {
  type Coordinates,
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
import { columnSquares, covarianceRoot, type Matrix, type RowsLike, type Vector } from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { FieldsOf } from '../checks/options.js'
import * as option from '../checks/options.js'
import { memberOf } from '../checks/parameters.js'
import { dual } from '../door/dual.js'
import type { FitError } from '../errors.js'
import { rowsIn } from '../mixture/from-data.js'
import { isSparse, type NamedColumns } from '../observations/data.js'
import { rowsOfColumns } from '../observations/named.js'
import { checkFinite } from '../observations/rows.js'
import { isInColumns } from '../observations/stacked.js'
import { type TensorLike, withValues } from '../observations/tensors.js'
import {
  checkNoise,
  type FactorAnalysis,
  type FactorAnalysisParameters,
  type FactorAnalysisStatistics,
  factorAnalysisModel,
  fail,
} from './model.js'
import { atPrincipalAxes, atRandom, checkStart } from './start.js'

/** The result of a factor analysis: its parameters, and how the fit ended. */
export interface FactorAnalysisFit extends FactorAnalysisParameters, Ending {
  /** The mean of the rows, of D numbers, in units of the data. */
  readonly mean: Vector
  /** The names of the columns that were given by name, in the order of the rows of the loadings. */
  readonly columns?: ReadonlyArray<string>
  /**
   * The columns whose noise variance is below 1e-6 of their variance: the factors explain next to all of them, or the maximum
   * is at a noise of 0 (a Heywood case), which a `noisePrior` keeps it from.
   */
  readonly vanishing: ReadonlyArray<number>
  readonly objectives: ReadonlyArray<number>
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

/** What EM has to know of rows, and their means. */
interface Summary {
  readonly count: number
  readonly mean: Vector
  readonly root: Matrix
  /** Of each column. */
  readonly variances: Float64Array
}

/** Errors: there are no rows, or none that a model of so many factors could be of. */
const summaryOf = ({ factors, noise, noisePrior }: FactorAnalysis, rows: Matrix): E.Either<FitError, Summary> => {
  const { rows: count, columns: d } = rows
  if (count === 0) return E.left({ _tag: 'NoRows' })
  if (!(Number.isSafeInteger(factors) && factors >= 1 && factors <= d))
    return fail('factors', `a whole number from 1 to ${d}`, factors)
  const { mean, root } = covarianceRoot(rows)
  const variances = columnSquares(root)
  if (!variances.some(v => v > 0)) return fail('data', 'columns of which one varies', 'constant columns')
  const constant = noise === 'diagonal' && !noisePrior ? variances.indexOf(0) : -1
  return constant < 0
    ? E.right({ count, mean, root, variances })
    : fail(`noiseVariances[${constant}]`, 'a column that varies, or a noisePrior', 'a constant column')
}

const startOf = (
  model: FactorAnalysis,
  { count, root, variances }: Summary,
  { start, seed }: Pick<FactorAnalysisFitOptions, 'start' | 'seed'>,
): E.Either<FitError, FactorAnalysisParameters> => {
  if (start !== undefined) return checkStart(model, root.columns, start)
  const found = seed === undefined ? atPrincipalAxes(model, count, root) : atRandom(model, variances, seed)
  return checkNoise(found)
}

const coordinatesOf = (columns: number, { factors }: FactorAnalysis): Coordinates<FactorAnalysisParameters> => ({
  toVector: p => Float64Array.from([...p.loadings.data, ...Array.from(p.noiseVariances, Math.log)]),
  fromVector: v =>
    E.right({
      loadings: { rows: columns, columns: factors, data: v.slice(0, columns * factors) },
      noiseVariances: v.slice(columns * factors).map(Math.exp),
    }),
})

/** Rows of numbers: lists, a matrix, columns by their names, or tensors. */
export type FactorAnalysisData = RowsLike | NamedColumns | TensorLike

/** Rows as a matrix, with the names of columns. Errors: a value that is no number, or not finite; those of columns. */
const readSource = (
  source: unknown,
): E.Either<FitError, { readonly rows: Matrix; readonly names?: ReadonlyArray<string> }> =>
  pipe(
    isInColumns(source) && !isSparse(source)
      ? rowsOfColumns(source, undefined, false)
      : E.right<FitError, { readonly rows: unknown; readonly names?: ReadonlyArray<string> }>({ rows: source }),
    E.chain(({ rows, names }) =>
      pipe(
        rowsIn(rows),
        E.chainW(checkFinite),
        E.map(finite => ({ rows: finite, ...(names && { names }) })),
      ),
    ),
  )

const fitted = (
  model: FactorAnalysis,
  source: unknown,
  options: FactorAnalysisFitOptions,
): TE.TaskEither<FitError, FactorAnalysisFit> =>
  pipe(
    readSource(source),
    E.bind('summary', ({ rows }) => summaryOf(model, rows)),
    E.bind('initial', ({ summary }) => startOf(model, summary, options)),
    TE.fromEither,
    TE.chain(({ summary: { count, mean, root, variances }, initial, names }) => {
      const { start: _start, seed: _seed, acceleration, iterations: most = 1000, ...ends } = options
      const em = factorAnalysisModel(model)(count, root)
      const path = acceleration === 'squarem' ? squarem(coordinatesOf(root.columns, model))(em) : iterations(em)
      return pipe(
        run(path(initial), { iterations: most, ...ends }),
        TE.bimap(
          (e: EMError<InvalidParameter>): FitError => e,
          ({ last: { parameters, expectation }, objectives, ...ending }) => ({
            ...parameters,
            ...ending,
            vanishing: Array.from(variances.keys()).filter(
              i => parameters.noiseVariances[i]! < VANISHING * variances[i]!,
            ),
            mean,
            ...(names && { columns: names }),
            objectives,
            logLikelihood: expectation.logLikelihood,
          }),
        ),
      )
    }),
  )

/** A model says how many factors there are; columns may have that name. */
const isModelFirst = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && 'factors' in value && typeof value.factors !== 'object'

/**
 * Fits loadings (D x Q) and noise variances (D) to rows (N x D). Loadings are determined up to a rotation of the factors.
 * Errors: there are no rows; a value is not finite; there are fewer than 1 or more than D factors; the noise vanishes.
 */
export const fitFactorAnalysis: {
  (
    model: FactorAnalysis,
    source: FactorAnalysisData,
    options?: FactorAnalysisFitOptions,
  ): TE.TaskEither<FitError, FactorAnalysisFit>
  (
    source: FactorAnalysisData,
    options?: FactorAnalysisFitOptions,
  ): (model: FactorAnalysis) => TE.TaskEither<FitError, FactorAnalysisFit>
} = dual(
  (
    model: FactorAnalysis,
    source: unknown,
    options: FactorAnalysisFitOptions = {},
  ): TE.TaskEither<FitError, FactorAnalysisFit> =>
    pipe(
      checkArgument('model', isModel)(model),
      E.chain(() => checkOptions(exactly(fields))(options)),
      TE.fromEither,
      TE.chainW(() => withValues(source, values => fitted(model, values, options))),
    ),
  isModelFirst,
) as never
