import { type Matrix, square } from './matrix.js'

/**
 * Gives the mean (D numbers) of rows (N x D), and a matrix R of D columns and no more rows than the data, with R'R their
 * covariance: the triangle of a QR decomposition of the centred rows, over the square root of N. The covariance itself would
 * not hold variances below 1e-16 of the greatest.
 * Source: Golub and Van Loan, Matrix Computations, 4th ed. (2013), section 5.2.2 (Householder).
 */
export const covarianceRoot = ({
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
