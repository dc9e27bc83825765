import { random } from '@conjugate/distributions'
import { checkArgument } from '@conjugate/em'
import { above, exactly, finite, numbers } from '@conjugate/em/schema'
import { type Matrix, square } from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { matrixOf } from '../checks/parameters.js'
import type { FitError } from '../errors.js'
import { type FactorAnalysis, type FactorAnalysisParameters, noiseVarianceOf } from './model.js'

/** Rotations of pairs of columns go on until none is further from a right angle than this, or for so many rounds. */
const [RIGHT_ANGLE, ROUNDS] = [1e-15, 40]

/**
 * The principal axes of the columns of a matrix A, by falling variance: unit vectors v_k, D numbers each, and |A v_k|^2.
 * Columns are turned in pairs until all are at right angles, which keeps the digits of small variances, unlike A'A.
 * Source: Golub and Van Loan, Matrix Computations, 4th ed. (2013), section 8.6.3 (one-sided Jacobi).
 */
export const principalAxes = ({
  rows,
  columns,
  data,
}: Matrix): ReadonlyArray<{ readonly variance: number; readonly axis: Float64Array }> => {
  const vectors = Array.from({ length: columns }, (_, i) =>
    Float64Array.from({ length: rows }, (_v, m) => data[m * columns + i]!),
  )
  const axes = Array.from({ length: columns }, (_, i) =>
    Float64Array.from({ length: columns }, (_v, j) => Number(i === j)),
  )
  const inner = (a: Float64Array, b: Float64Array): number => {
    let sum = 0
    for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!
    return sum
  }
  const turn = (a: Float64Array, b: Float64Array, cosine: number, sine: number): void => {
    for (let i = 0; i < a.length; i++) {
      const [x, y] = [a[i]!, b[i]!]
      a[i] = cosine * x - sine * y
      b[i] = sine * x + cosine * y
    }
  }
  for (let [round, turned] = [0, true]; turned && round < ROUNDS; round++) {
    turned = false
    for (let p = 0; p < columns; p++)
      for (let r = p + 1; r < columns; r++) {
        const [a, b, c] = [
          inner(vectors[p]!, vectors[p]!),
          inner(vectors[r]!, vectors[r]!),
          inner(vectors[p]!, vectors[r]!),
        ]
        if (!(Math.abs(c) > RIGHT_ANGLE * Math.sqrt(a) * Math.sqrt(b))) continue
        turned = true
        const zeta = (b - a) / (2 * c)
        const tangent = Math.sign(zeta || 1) / (Math.abs(zeta) + Math.sqrt(1 + zeta * zeta))
        const cosine = 1 / Math.sqrt(1 + tangent * tangent)
        turn(vectors[p]!, vectors[r]!, cosine, cosine * tangent)
        turn(axes[p]!, axes[r]!, cosine, cosine * tangent)
      }
  }
  return vectors.map((v, i) => ({ variance: inner(v, v), axis: axes[i]! })).sort((a, b) => b.variance - a.variance)
}

/** The sums of the squares of each column. */
export const columnSquares = ({ rows, columns, data }: Matrix): Float64Array => {
  const squares = new Float64Array(columns)
  for (let m = 0; m < rows; m++) for (let i = 0; i < columns; i++) squares[i]! += data[m * columns + i]! ** 2
  return squares
}

/** Loadings whose columns would be 0 stay there: none is smaller than this share of the deviation along its axis. */
const LEAST = 1e-6

/**
 * The start at the principal axes, of columns in units of their own where each has noise of its own: with one noise variance
 * it is the maximum of the likelihood, sigma^2 the mean of the variances along the other axes and
 * W = V (Lambda - sigma^2 I)^(1/2). Source: Tipping and Bishop, Probabilistic principal component analysis (1999).
 */
export const atPrincipalAxes = (model: FactorAnalysis, count: number, root: Matrix): FactorAnalysisParameters => {
  const { factors: q, noise } = model
  const d = root.columns
  const deviations = columnSquares(root).map(v => (v > 0 && noise === 'diagonal' ? Math.sqrt(v) : 1))
  const scaled = {
    ...root,
    data: Float64Array.from(root.data as ArrayLike<number>, (v, at) => v / deviations[at % d]!),
  }
  const axes = principalAxes(scaled)
  const rest = axes.slice(q)
  // As many factors as columns: any noise up to the least variance is as likely.
  const shared =
    rest.length > 0 ? rest.reduce((sum, a) => sum + a.variance, 0) / rest.length : axes[q - 1]!.variance / 2
  const variance = noiseVarianceOf(model)
  const lengths = axes.slice(0, q).map(a => Math.sqrt(Math.max(a.variance - shared, LEAST * a.variance)))
  return {
    loadings: {
      rows: d,
      columns: q,
      data: Float64Array.from({ length: d * q }, (_, at) => {
        const [i, k] = [Math.floor(at / q), at % q]
        return deviations[i]! * lengths[k]! * axes[k]!.axis[i]!
      }),
    },
    noiseVariances: Float64Array.from({ length: d }, (_, i) => {
      if (noise === 'isotropic') return variance(shared, count * d)
      // What the factors leave of the variance of a column, term by term.
      const left = axes.reduce((sum, a, k) => sum + (k < q ? shared : a.variance) * a.axis[i]! ** 2, 0)
      return variance(deviations[i]! ** 2 * left, count)
    }),
  }
}

/** Loadings drawn at random, of the size of the data. */
export const atRandom = (
  { factors: q }: FactorAnalysis,
  meanVariance: number,
  columns: number,
  seed: number,
): FactorAnalysisParameters => {
  const stream = random(seed)
  return {
    loadings: {
      rows: columns,
      columns: q,
      data: Float64Array.from({ length: columns * q }, () => Math.sqrt(meanVariance / q) * stream.normal()),
    },
    noiseVariances: new Float64Array(columns).fill(meanVariance),
  }
}

/** Checks parameters to start from. Errors: loadings or variances have other sizes, or are no finite numbers. */
export const checkStart = (
  { factors, noise }: FactorAnalysis,
  columns: number,
  start: FactorAnalysisParameters,
): E.Either<FitError, FactorAnalysisParameters> =>
  pipe(
    checkArgument(
      'start',
      exactly(
        { loadings: matrixOf(finite, columns, factors), noiseVariances: numbers(above(0), columns) },
        'an object of loadings and noiseVariances',
      ),
    )(start),
    E.chain(({ loadings, noiseVariances }): E.Either<FitError, FactorAnalysisParameters> => {
      const variances = Float64Array.from(noiseVariances)
      const other = noise === 'isotropic' ? variances.findIndex(v => v !== variances[0]) : -1
      return other < 0
        ? E.right({ loadings: { ...loadings, data: Float64Array.from(loadings.data) }, noiseVariances: variances })
        : E.left({
            _tag: 'InvalidOption',
            option: `start.noiseVariances[${other}]`,
            expected: `${variances[0]}, as the first, since there is one noise variance`,
            received: String(variances[other]),
          })
    }),
  )

/**
 * The mean of rows, and a matrix R of D columns and no more rows with R'R their covariance: the triangle of a QR decomposition of
 * the centred rows, over the square root of N. The covariance itself would not hold variances below 1e-16 of the greatest.
 * Source: Golub and Van Loan, Matrix Computations, 4th ed. (2013), section 5.2.2 (Householder).
 */
export const centredRoot = ({
  rows,
  columns: d,
  data,
}: Matrix): { readonly mean: Float64Array; readonly root: Matrix } => {
  const mean = new Float64Array(d)
  for (let n = 0; n < rows; n++) for (let i = 0; i < d; i++) mean[i]! += (data[n * d + i]! - mean[i]!) / (n + 1)
  const scale = 1 / Math.sqrt(rows)
  const a = Float64Array.from({ length: rows * d }, (_, at) => scale * (data[at]! - mean[at % d]!))
  if (rows <= d) return { mean, root: { rows, columns: d, data: a } }
  for (let j = 0; j < d; j++) {
    let squares = 0
    for (let n = j; n < rows; n++) squares += a[n * d + j]! ** 2
    const norm = Math.sqrt(squares)
    if (!(norm > 0)) continue
    const head = a[j * d + j]!
    const alpha = head > 0 ? -norm : norm
    // The reflection along v, whose first entry is head - alpha and whose others are below the diagonal.
    const first = head - alpha
    const half = norm * (norm + Math.abs(head))
    for (let c = j + 1; c < d; c++) {
      let sum = first * a[j * d + c]!
      for (let n = j + 1; n < rows; n++) sum += a[n * d + j]! * a[n * d + c]!
      const factor = sum / half
      a[j * d + c]! -= factor * first
      for (let n = j + 1; n < rows; n++) a[n * d + c]! -= factor * a[n * d + j]!
    }
    a[j * d + j] = alpha
  }
  return { mean, root: square(d, (i, j) => (j >= i ? a[i * d + j]! : 0)) }
}
