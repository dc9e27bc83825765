import { add, addOuter, type Matrix, scale, square, subtract, tabulate, type Vector } from '@conjugate/linalg'
import type { Monoid } from 'fp-ts/lib/Monoid.js'
import { product } from '../math/products.js'

/**
 * Sufficient statistics of weighted vectors in centred form. It holds what sum w, sum w x and sum w x x' hold, and loses
 * no digits where the mean is far from zero compared with the spread.
 */
export interface GaussianStatistics {
  /** The weight of all observations, sum_n w_n. */
  readonly weight: number
  /** D: the weighted mean; anything finite where the weight is 0. */
  readonly mean: Vector
  /** D x D: sum_n w_n (x_n - mean)(x_n - mean)'. */
  readonly scatter: Matrix
}

/** So little weight that its reciprocal is no number has no mean of its own. */
const isNothing = (weight: number): boolean => !Number.isFinite(1 / weight)

/** Products below it may have lost digits. */
const LEAST = 1e-290

/** w v / (w + v): what of the weight of two sets is between their means. */
export const weightBetween = (a: number, b: number): number => {
  const both = a * b
  return both > LEAST && both < Number.POSITIVE_INFINITY ? both / (a + b) : a * (b / (a + b))
}

const zeros = (dimension: number): Matrix => square(dimension, () => 0)

/**
 * Sets of observations together. Source: Chan, Golub and LeVeque, Updating formulae and a pairwise algorithm for
 * computing sample variances (1982), equation 2.1.
 */
export const gaussianMonoid = (dimension: number): Monoid<GaussianStatistics> => ({
  empty: { weight: 0, mean: new Float64Array(dimension), scatter: zeros(dimension) },
  concat: (a, b) => {
    const weight = a.weight + b.weight
    if (a.weight === 0) return b
    if (b.weight === 0) return a
    const between = subtract(a.mean)(b.mean)
    return {
      weight,
      mean: between.map((v, i) => a.mean[i]! + product(b.weight / weight, v)),
      scatter: addOuter(weightBetween(a.weight, b.weight), between)(add(b.scatter)(a.scatter)),
    }
  },
})

/** One vector that counts `weight` times. */
export const observeVector = (x: Vector, weight: number): GaussianStatistics => ({
  weight,
  mean: x,
  scatter: zeros(x.length),
})

/**
 * Makes statistics of D columns from sums of deviations x - origin and of their products (D x D), which are what an E-step
 * gathers about the means it was given.
 */
export const fromDeviations = (
  origin: Vector,
  sums: { readonly weight: number; readonly sum: Vector; readonly outer: Matrix },
): GaussianStatistics => {
  const { weight, sum } = sums
  if (isNothing(weight)) return { weight, mean: origin, scatter: zeros(origin.length) }
  return {
    weight,
    mean: tabulate(origin.length, i => origin[i]! + sum[i]! / weight),
    scatter: addOuter(-1 / weight, sum)(sums.outer),
  }
}

/** From the plain sums (sum w, sum w x, sum w x x', row-major). They have lost digits where the mean is far from zero. */
export const fromSums = (weight: number, sum: Vector, outerSum: Vector): GaussianStatistics => {
  const share = isNothing(weight) ? 0 : 1 / weight
  return {
    weight,
    mean: tabulate(sum.length, i => share * sum[i]!),
    scatter: square(sum.length, (i, j) => outerSum[i * sum.length + j]! - share * sum[i]! * sum[j]!),
  }
}

/** The same observations, each of which counts `factor` times as much. */
export const scaleGaussian =
  (factor: number) =>
  (s: GaussianStatistics): GaussianStatistics => ({
    ...s,
    weight: factor * s.weight,
    scatter: scale(factor)(s.scatter),
  })

/** The plain sums (sum w, sum w x, sum w x x') that the statistics stand for. */
export const toSums = (s: GaussianStatistics): { weight: number; sum: Vector; outer: Matrix } => ({
  weight: s.weight,
  sum: tabulate(s.mean.length, i => s.weight * s.mean[i]!),
  outer: addOuter(s.weight, s.mean)(s.scatter),
})
