import { hasHole } from './arithmetic.js'
import { type Matrix, tabulate, type Vector } from './matrix.js'
import { kernelFor } from './matrix-kernel.js'

/** Powers of two, as products, that keep the substitutions below within float64. */
const SCALES = [
  [2 ** -300, 1],
  [2 ** -600, 1],
  [2 ** -900, 1],
  [2 ** -900, 2 ** -600],
  [2 ** -900, 2 ** -900],
] as const

/**
 * A linear function of b by substitution, of which some numbers in between may be beyond float64 while others are not: each is
 * that of the first scale where it is finite. One that is beyond all of them, or comes of a hole, is Infinity.
 */
const withinFloat64 = (b: Vector, length: number, substitute: (b: Vector) => Float64Array): Float64Array => {
  const x = substitute(b)
  if (x.every(Number.isFinite)) return x
  const isFound = Array.from(x, Number.isFinite)
  for (const [once, again] of SCALES) {
    const scaled = substitute(tabulate(b.length, i => again * (once * b[i]!)))
    for (let i = 0; i < x.length; i++)
      if (!isFound[i] && Number.isFinite(scaled[i])) {
        x[i] = scaled[i]! / again / once
        isFound[i] = true
      }
  }
  const isOfNaN = !hasHole(b, length) && Array.from(b).some(Number.isNaN)
  return isOfNaN ? x : x.map(v => (Number.isNaN(v) ? Number.POSITIVE_INFINITY : v))
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

/**
 * Gives the D numbers L^-1 b by forward substitution, for a lower triangular L (D x D): right, or an infinity of its sign,
 * where b is finite.
 * Source: Golub and Van Loan, Matrix Computations, 4th ed. (2013), algorithm 3.1.1.
 */
export const solveLower =
  (b: Vector) =>
  (factor: Matrix): Float64Array =>
    withinFloat64(b, factor.rows, v => forward(v, factor))

/**
 * Gives the D numbers L'^-1 b by back substitution, in the same way.
 * Source: Golub and Van Loan, Matrix Computations, 4th ed. (2013), algorithm 3.1.2.
 */
export const solveLowerTransposed =
  (b: Vector) =>
  (factor: Matrix): Float64Array =>
    withinFloat64(b, factor.rows, v => backward(v, factor))

/**
 * Gives the D numbers A^-1 b from the Cholesky factor (D x D) of A, by one substitution after the other: right, or an infinity
 * of its sign, where b is finite.
 * Source: Golub and Van Loan, Matrix Computations, 4th ed. (2013), section 4.2.
 */
export const solve =
  (b: Vector) =>
  (factor: Matrix): Float64Array =>
    withinFloat64(b, factor.rows, v => backward(forward(v, factor), factor))

/**
 * Writes `scale` L^-1 (D x D) to zeros of `target` from the index `at` on. It is lower triangular, and whitens a vector with
 * covariance L L' where the scale is 1.
 */
export const writeInverseOfLower = (factor: Matrix, target: Float64Array, at: number, scale = 1): void => {
  const { rows: n, data: l } = factor
  for (let i = 0; i < n; i++) target[at + i * n + i] = scale
  const found = kernelFor(n)?.divide(factor, target.subarray(at, at + n * n))
  if (found) {
    target.set(found, at)
    return
  }
  // Row by row, each less multiples of those before it, of which four are taken off at a time.
  for (let i = 0; i < n; i++) {
    const row = at + i * n
    for (let k = 0; k < i; k += ROWS) {
      const from = at + k * n
      const some = Math.min(ROWS, i - k)
      if (some === ROWS) takeOffFour(target, row, from, n, k + 1, l, i * n + k)
      for (let m = 0; m < some; m++) {
        const factor = l[i * n + k + m]!
        // What four rows have in common has been taken off.
        const begin = some === ROWS ? k + 1 : 0
        for (let j = begin; j <= k + m; j++) target[row + j]! -= factor * target[from + m * n + j]!
      }
    }
    const diagonal = l[i * n + i]!
    for (let j = 0; j <= i; j++) target[row + j]! /= diagonal
  }
}

/** Rows that are taken off another one at a time: it is read and written once for all of them. */
const ROWS = 4

/** Takes four rows, `n` numbers apart from one to the next, off another one, times factors, as far as they are `length` long. */
const takeOffFour = (
  data: Float64Array,
  row: number,
  from: number,
  n: number,
  length: number,
  factors: ArrayLike<number>,
  at: number,
): void => {
  const [a, b, c, d] = [factors[at]!, factors[at + 1]!, factors[at + 2]!, factors[at + 3]!]
  for (let j = 0; j < length; j++) {
    const first = from + j
    data[row + j] =
      data[row + j]! - a * data[first]! - b * data[first + n]! - c * data[first + 2 * n]! - d * data[first + 3 * n]!
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

/**
 * Gives L^-1 (D x D) for a lower triangular L. An entry beyond float64 is an infinity.
 * Source: Golub and Van Loan, Matrix Computations, 4th ed. (2013), section 3.1.
 */
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

/** Gives the symmetric inverse A^-1 (D x D) from the Cholesky factor of A. An entry beyond float64 is an infinity. */
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
