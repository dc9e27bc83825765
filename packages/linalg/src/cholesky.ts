import * as E from 'fp-ts/lib/Either.js'
import type { Matrix } from './matrix.js'
import { kernelFor } from './matrix-kernel.js'
import type { UnreadableData } from './numbers.js'
import { reading } from './numbers.js'
import { readMatrix } from './read-matrix.js'

/** Tells why a matrix has no Cholesky factor, and where that shows: rows, columns and pivots count from 0. */
export type CholeskyError =
  | UnreadableData
  | { readonly _tag: 'NotSquare'; readonly rows: number; readonly columns: number }
  | { readonly _tag: 'NotSymmetric'; readonly row: number; readonly column: number; readonly difference: number }
  | { readonly _tag: 'NotPositiveDefinite'; readonly pivot: number; readonly value: number }

/** Entries that mirror each other may differ by rounding of sums, not by more. */
const SYMMETRY_TOLERANCE = 1e-8

const asymmetry = ({ rows: n, data }: Matrix): CholeskyError | undefined => {
  for (let i = 0; i < n; i++)
    for (let j = 0; j < i; j++) {
      const difference = Math.abs(data[i * n + j]! - data[j * n + i]!)
      if (difference > 0) {
        const size = Math.sqrt(Math.abs(data[i * n + i]!)) * Math.sqrt(Math.abs(data[j * n + j]!))
        if (difference > SYMMETRY_TOLERANCE * size) return { _tag: 'NotSymmetric', row: i, column: j, difference }
      }
    }
  return undefined
}

/**
 * Gives the lower triangular L with a positive diagonal and L L' = A for a symmetric positive definite A (D x D).
 * Errors: the matrix cannot be read, is not square, is off its mirror by more than rounding, or has a pivot that is not
 * positive.
 * Source: Golub and Van Loan, Matrix Computations, 4th ed. (2013), algorithm 4.2.1.
 */
export const cholesky = (a: Matrix): E.Either<CholeskyError, Matrix> =>
  reading<CholeskyError, Matrix>(undefined, 'a matrix { rows, columns, data }', () => {
    if (a.rows !== a.columns) return E.left({ _tag: 'NotSquare', rows: a.rows, columns: a.columns })
    const read = readMatrix(a)
    if (E.isLeft(read)) return read
    const wrong = asymmetry(read.right)
    return wrong === undefined ? choleskyOfLowerTriangle(read.right) : E.left(wrong)
  })

/** The factor of a square matrix of which the lower triangle is read. */
export const choleskyOfLowerTriangle = (a: Matrix): E.Either<CholeskyError, Matrix> =>
  kernelFor(a.rows)?.factorise(a) ?? factorOf(a)

const factorOf = (a: Matrix): E.Either<CholeskyError, Matrix> => {
  const n = a.rows
  const data = new Float64Array(n * n)
  for (let j = 0; j < n; j++) {
    let pivot = a.data[j * n + j]!
    for (let k = 0; k < j; k++) pivot -= data[j * n + k]! ** 2
    // Written so that NaN fails too.
    if (!(pivot > 0 && pivot < Number.POSITIVE_INFINITY))
      return E.left({ _tag: 'NotPositiveDefinite', pivot: j, value: pivot })
    const diagonal = Math.sqrt(pivot)
    data[j * n + j] = diagonal
    let i = j + 1
    // Four sums at a time, so that none waits for itself.
    for (; i + 3 < n; i += 4) {
      let at = i * n + j
      let s0 = a.data[at]!
      let s1 = a.data[at + n]!
      let s2 = a.data[at + 2 * n]!
      let s3 = a.data[at + 3 * n]!
      at -= j
      for (let k = j * n; k < j * n + j; k++, at++) {
        const factor = data[k]!
        s0 -= data[at]! * factor
        s1 -= data[at + n]! * factor
        s2 -= data[at + 2 * n]! * factor
        s3 -= data[at + 3 * n]! * factor
      }
      data[at] = s0 / diagonal
      data[at + n] = s1 / diagonal
      data[at + 2 * n] = s2 / diagonal
      data[at + 3 * n] = s3 / diagonal
    }
    for (; i < n; i++) {
      let sum = a.data[i * n + j]!
      for (let k = 0; k < j; k++) sum -= data[i * n + k]! * data[j * n + k]!
      data[i * n + j] = sum / diagonal
    }
  }
  return E.right({ rows: n, columns: n, data })
}

/** Gives log|A| from the Cholesky factor (D x D) of A, as twice the sum of the logarithms of its diagonal. */
export const logDeterminant = (factor: Matrix): number => {
  let sum = 0
  for (let i = 0; i < factor.rows; i++) sum += Math.log(factor.data[i * factor.rows + i]!)
  return 2 * sum
}
