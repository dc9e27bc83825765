import * as E from 'fp-ts/lib/Either.js'
import { excessOfLog } from './itakura-saito.js'
import { type Matrix, readMatrix, tabulate, type Vector } from './matrix.js'
import { reading, type UnreadableData } from './numbers.js'

/** Why a matrix has no Cholesky factor, and where that shows. */
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
      const size = Math.sqrt(Math.abs(data[i * n + i]!)) * Math.sqrt(Math.abs(data[j * n + j]!))
      if (difference > SYMMETRY_TOLERANCE * size) return { _tag: 'NotSymmetric', row: i, column: j, difference }
    }
  return undefined
}

/**
 * The lower triangular L with positive diagonal and L L' = A, for a symmetric positive definite A (D x D).
 * Errors: what is no such matrix. Source: Golub and Van Loan, Matrix Computations, 4th ed., algorithm 4.2.1.
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
export const choleskyOfLowerTriangle = (a: Matrix): E.Either<CholeskyError, Matrix> => {
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
    for (let i = j + 1; i < n; i++) {
      let sum = a.data[i * n + j]!
      for (let k = 0; k < j; k++) sum -= data[i * n + k]! * data[j * n + k]!
      data[i * n + j] = sum / diagonal
    }
  }
  return E.right({ rows: n, columns: n, data })
}

/** log|A| from the Cholesky factor of A. */
export const logDeterminant = (factor: Matrix): number => {
  let sum = 0
  for (let i = 0; i < factor.rows; i++) sum += Math.log(factor.data[i * factor.rows + i]!)
  return 2 * sum
}

/** Powers of two one of which keeps the substitutions below within float64. */
const SCALES = [2 ** -300, 2 ** -600, 2 ** -900]

/** A linear function of b by substitution, of which some number in between may be beyond float64 while others are not. */
const withinFloat64 = (b: Vector, substitute: (b: Vector) => Float64Array): Float64Array => {
  const x = substitute(b)
  if (x.every(Number.isFinite)) return x
  for (const scale of SCALES) {
    const scaled = substitute(tabulate(b.length, i => scale * b[i]!))
    if (scaled.every(Number.isFinite)) return scaled.map(v => v / scale)
  }
  return x
}

const forward = (b: Vector, { rows: n, data }: Matrix): Float64Array => {
  const x = new Float64Array(n)
  for (let i = 0; i < n; i++) {
    let sum = b[i]!
    for (let k = 0; k < i; k++) sum -= data[i * n + k]! * x[k]!
    x[i] = sum / data[i * n + i]!
  }
  return x
}

const backward = (b: Vector, { rows: n, data }: Matrix): Float64Array => {
  const x = new Float64Array(n)
  for (let i = n - 1; i >= 0; i--) {
    let sum = b[i]!
    for (let k = i + 1; k < n; k++) sum -= data[k * n + i]! * x[k]!
    x[i] = sum / data[i * n + i]!
  }
  return x
}

/** L^-1 b by forward substitution: right, or an infinity of its sign, where b is finite. */
export const solveLower =
  (b: Vector) =>
  (factor: Matrix): Float64Array =>
    withinFloat64(b, v => forward(v, factor))

/** L'^-1 b by back substitution, in the same way. */
export const solveLowerTransposed =
  (b: Vector) =>
  (factor: Matrix): Float64Array =>
    withinFloat64(b, v => backward(v, factor))

/** A^-1 b from the Cholesky factor of A, in the same way. */
export const solve =
  (b: Vector) =>
  (factor: Matrix): Float64Array =>
    withinFloat64(b, v => backward(forward(v, factor), factor))

/**
 * Writes `scale` L^-1 to D x D zeros of `target` from `at` on: lower triangular, what whitens a vector with covariance L L'
 * where the scale is 1.
 */
export const writeInverseOfLower = (
  { rows: n, data: l }: Matrix,
  target: Float64Array,
  at: number,
  scale = 1,
): void => {
  // Column by column, by forward substitution.
  for (let j = 0; j < n; j++)
    for (let i = j; i < n; i++) {
      let sum = i === j ? scale : 0
      for (let k = j; k < i; k++) sum -= l[i * n + k]! * target[at + k * n + j]!
      target[at + i * n + j] = sum / l[i * n + i]!
    }
}

/** A matrix of the columns f(e_0), ..., f(e_n-1). */
const ofColumns = (n: number, f: (unit: Vector) => Vector): Float64Array => {
  const data = new Float64Array(n * n)
  for (let j = 0; j < n; j++) {
    const unit = new Float64Array(n)
    unit[j] = 1
    const column = f(unit)
    for (let i = 0; i < n; i++) data[i * n + j] = column[i]!
  }
  return data
}

/** L^-1; an entry beyond float64 is an infinity. */
export const invertLower = (factor: Matrix): Matrix => {
  const n = factor.rows
  const data = new Float64Array(n * n)
  writeInverseOfLower(factor, data, 0)
  return {
    rows: n,
    columns: n,
    data: data.every(Number.isFinite) ? data : ofColumns(n, unit => solveLower(unit)(factor)),
  }
}

/** The symmetric A^-1 from the Cholesky factor of A; an entry beyond float64 is an infinity. */
export const inverse = (factor: Matrix): Matrix => {
  const n = factor.rows
  const w = new Float64Array(n * n)
  writeInverseOfLower(factor, w, 0)
  const data = new Float64Array(n * n)
  for (let i = 0; i < n; i++)
    for (let j = 0; j <= i; j++) {
      let sum = 0
      for (let k = i; k < n; k++) sum += w[k * n + i]! * w[k * n + j]!
      data[i * n + j] = sum
      data[j * n + i] = sum
    }
  if (data.every(Number.isFinite)) return { rows: n, columns: n, data }
  const columns = ofColumns(n, unit => solve(unit)(factor))
  // Both halves alike, to the bit.
  for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) columns[j * n + i] = columns[i * n + j]!
  return { rows: n, columns: n, data: columns }
}

/** The sum of a term of each entry of the triangle L^-1 M, which is `sum` over `pivot`; `isDiagonal` where it is on it. */
const sumOverQuotient = (
  { rows: n, data: l }: Matrix,
  { data: m }: Matrix,
  term: (isDiagonal: boolean, sum: number, pivot: number) => number,
): number => {
  const column = new Float64Array(n)
  let total = 0
  // Forward substitution of the columns of M, which begin with zeros.
  for (let j = 0; j < n; j++)
    for (let i = j; i < n; i++) {
      let sum = m[i * n + j]!
      for (let k = j; k < i; k++) sum -= l[i * n + k]! * column[k]!
      column[i] = sum / l[i * n + i]!
      total += term(i === j, sum, l[i * n + i]!)
    }
  return total
}

const squareOfQuotient = (sum: number, pivot: number): number => (sum / pivot) * (sum / pivot)

/**
 * tr(A^-1 B) - D - log|A^-1 B| from the Cholesky factors of A and B, which is never negative and 0 only where they are equal:
 * over the triangle L^-1 M, the Itakura-Saito divergences of its squared diagonal from 1 and the squares beside it.
 */
export const excessOfTrace = (factorA: Matrix, factorB: Matrix): number => {
  const excess = sumOverQuotient(factorA, factorB, (isDiagonal, sum, pivot) =>
    isDiagonal ? itakuraSaitoOfSquare(sum, pivot) : squareOfQuotient(sum, pivot),
  )
  // Only infinities against each other are no number, and then the trace is beyond float64.
  return Number.isNaN(excess) ? Number.POSITIVE_INFINITY : excess
}

/** The Itakura-Saito divergence of x^2 from y^2, in which x - y is not rounded twice. */
const itakuraSaitoOfSquare = (x: number, y: number): number => {
  const v = ((x - y) / y) * ((x + y) / y)
  return Math.abs(v) <= 0.5 ? excessOfLog(v) : v - 2 * Math.log(Math.abs(x / y))
}

/** tr(A^-1 B) = ||L^-1 M||^2 from the Cholesky factors L of A and M of B: no cancellation, never negative. */
export const traceOfQuotient = (factorA: Matrix, factorB: Matrix): number =>
  sumOverQuotient(factorA, factorB, (_, sum, pivot) => squareOfQuotient(sum, pivot))
