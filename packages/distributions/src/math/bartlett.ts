import { cholesky as choleskyOf, invertLower, type Matrix, square } from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import type { Random } from '../random.js'
import { logGammaDraw } from './draws.js'
import { shapeOf } from './wishart-moments.js'

/** A root of a gamma below this is taken to be it, so that the inverse of a triangle of such roots is within float64. */
const SMALLEST_ROOT = 2 ** -400

/** The root of a chi-squared of so many degrees of freedom. */
const chi = (degreesOfFreedom: number, random: Random): number => {
  const shape = shapeOf(degreesOfFreedom, 0)
  const root = shape < 1 ? Math.exp(0.5 * (Math.LN2 + logGammaDraw(shape)(random))) : Math.sqrt(2 * random.gamma(shape))
  return Math.max(root, SMALLEST_ROOT)
}

/**
 * A lower triangular A (D x D) with A A' ~ W(degreesOfFreedom, I).
 * Source: Bartlett, On the theory of statistical regression (1933).
 */
const bartlett =
  (dimension: number, degreesOfFreedom: number) =>
  (random: Random): Matrix =>
    square(dimension, (i, j) => {
      if (i === j) return chi(degreesOfFreedom - i, random)
      return j < i ? random.normal() : 0
    })

/** M M' of a square matrix, symmetric to the bit. */
const gram = ({ rows: d, data }: Matrix): Matrix =>
  square(d, (i, j) => {
    let sum = 0
    for (let k = 0; k < d; k++) sum += data[i * d + k]! * data[j * d + k]!
    return sum
  })

/** Entries of factors are at most this, so that their squares and their sums are within float64. */
const GREATEST_ENTRY = 2 ** 500

/** The lower triangular F with F F' = M M', whose entries are at most 1, and the scale that was taken out. */
const lowerFactor = ({ rows: d, data }: Matrix): { readonly factor: Float64Array; readonly size: number } => {
  let size = 0
  for (const v of data) size = Math.max(size, Math.abs(v))
  const rows = Float64Array.from(data, v => v / size)
  const factor = new Float64Array(d * d)
  // Modified Gram-Schmidt on the rows.
  for (let i = 0; i < d; i++) {
    const row = rows.subarray(i * d, (i + 1) * d)
    for (let j = 0; j < i; j++) {
      const unit = rows.subarray(j * d, (j + 1) * d)
      let along = 0
      for (let k = 0; k < d; k++) along += row[k]! * unit[k]!
      factor[i * d + j] = along
      for (let k = 0; k < d; k++) row[k]! -= along * unit[k]!
    }
    const length = Math.hypot(...row)
    factor[i * d + i] = length
    if (length > 0) for (let k = 0; k < d; k++) row[k]! /= length
  }
  return { factor, size }
}

/** A symmetric positive definite matrix and its Cholesky factor. */
export interface Factored {
  readonly matrix: Matrix
  readonly cholesky: Matrix
}

/**
 * M M' of a root M, positive definite in float64. Draws of Wisharts whose degrees of freedom are near D - 1 are closer to
 * singular than float64 can tell, or beyond it in size: such a draw becomes one near by that it holds, by the least share, in
 * powers of two, of each row of its Cholesky factor that the diagonal has to be.
 */
export const heldGram = (root: Matrix): Factored => {
  const matrix = gram(root)
  const cholesky = choleskyOf(matrix)
  if (E.isRight(cholesky)) return { matrix, cholesky: cholesky.right }
  const { rows: d } = root
  const { factor, size } = lowerFactor(root)
  const scale = Math.min(size, GREATEST_ENTRY)
  const lengths = Float64Array.from({ length: d }, (_, i) => Math.hypot(...factor.subarray(i * d, (i + 1) * d)))
  const held = (share: number): Factored => {
    const lower = square(d, (i, j) => {
      const entry = scale * factor[i * d + j]!
      return i === j ? Math.max(entry, share * scale * lengths[i]!, 1 / GREATEST_ENTRY) : entry
    })
    const candidate = gram(lower)
    const its = choleskyOf(candidate)
    // With a diagonal as great as its row it is one in any case.
    return E.isRight(its) || share > 1
      ? { matrix: candidate, cholesky: E.isRight(its) ? its.right : lower }
      : held(2 * share)
  }
  return held(2 ** -26)
}

/** L A (D x D) with A A' ~ W(degreesOfFreedom, I): a lower triangular root of a draw of the Wishart of the scale L L'. */
export const drawRootOfWishart =
  (degreesOfFreedom: number, { rows: d, data: l }: Matrix) =>
  (random: Random): Matrix => {
    const { data: a } = bartlett(d, degreesOfFreedom)(random)
    return square(d, (i, j) => {
      let sum = 0
      for (let k = j; k <= i; k++) sum += l[i * d + k]! * a[k * d + j]!
      return sum
    })
  }

/**
 * Draws a matrix of the inverse Wishart of the scale L L' (D x D), with its Cholesky factor: with A lower triangular and
 * A A' ~ W(degreesOfFreedom, I), the matrix (L A'^-1)(L A'^-1)' has that law.
 */
export const drawInverseWishart =
  (degreesOfFreedom: number, { rows: d, data: l }: Matrix) =>
  (random: Random): Factored => {
    const { data: inverse } = invertLower(bartlett(d, degreesOfFreedom)(random))
    return heldGram(
      square(d, (i, j) => {
        let sum = 0
        for (let k = 0; k <= i; k++) sum += l[i * d + k]! * inverse[j * d + k]!
        return sum
      }),
    )
  }
