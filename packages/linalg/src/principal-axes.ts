import { dot, transpose } from './arithmetic.js'
import { identity, type Matrix, row } from './matrix.js'

/** Rotations of pairs of columns go on until none is further from a right angle than this, or for so many rounds. */
const [RIGHT_ANGLE, ROUNDS] = [1e-15, 40]

/** Turns two vectors in their plane, in place. */
const turn = (a: Float64Array, b: Float64Array, cosine: number, sine: number): void => {
  for (let i = 0; i < a.length; i++) {
    const [x, y] = [a[i]!, b[i]!]
    a[i] = cosine * x - sine * y
    b[i] = sine * x + cosine * y
  }
}

const rowsOf = (m: Matrix): Float64Array[] => Array.from({ length: m.rows }, (_, i) => row(i)(m))

/**
 * Finds the principal axes of the columns of a matrix A (N x D), by falling variance: D unit vectors v_k of D numbers each,
 * and |A v_k|^2 in squared units of A. Columns are turned in pairs until all are at right angles, which keeps the digits of
 * small variances, unlike the eigenvectors of A'A.
 * Source: Golub and Van Loan, Matrix Computations, 4th ed. (2013), section 8.6.3 (one-sided Jacobi).
 */
export const principalAxes = (a: Matrix): ReadonlyArray<{ readonly variance: number; readonly axis: Float64Array }> => {
  const { columns } = a
  const [vectors, axes] = [rowsOf(transpose(a)), rowsOf(identity(columns))]
  for (let [round, turned] = [0, true]; turned && round < ROUNDS; round++) {
    turned = false
    for (let p = 0; p < columns; p++)
      for (let r = p + 1; r < columns; r++) {
        const [v, w] = [vectors[p]!, vectors[r]!]
        const [vv, ww, vw] = [dot(v)(v), dot(w)(w), dot(v)(w)]
        if (!(Math.abs(vw) > RIGHT_ANGLE * Math.sqrt(vv) * Math.sqrt(ww))) continue
        turned = true
        const zeta = (ww - vv) / (2 * vw)
        const tangent = Math.sign(zeta || 1) / (Math.abs(zeta) + Math.sqrt(1 + zeta * zeta))
        const cosine = 1 / Math.sqrt(1 + tangent * tangent)
        turn(v, w, cosine, cosine * tangent)
        turn(axes[p]!, axes[r]!, cosine, cosine * tangent)
      }
  }
  return vectors.map((v, i) => ({ variance: dot(v)(v), axis: axes[i]! })).sort((x, y) => y.variance - x.variance)
}

/** Gives the sums of the squares of each of the D columns of a matrix (N x D). */
export const columnSquares = ({ rows, columns, data }: Matrix): Float64Array => {
  const squares = new Float64Array(columns)
  for (let m = 0; m < rows; m++) for (let i = 0; i < columns; i++) squares[i]! += data[m * columns + i]! ** 2
  return squares
}
