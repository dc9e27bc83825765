import { tabulate, type Vector } from '@conjugate/linalg'
import type { Monoid } from 'fp-ts/lib/Monoid.js'
import { product } from '../math/products.js'
import { weightBetween } from './gaussian-statistics.js'

/** Sufficient statistics of weighted vectors whose columns are independent, in centred form. */
export interface DiagonalStatistics {
  /** The weight of all observations, sum_n w_n. */
  readonly weight: number
  /** D: the weighted mean; anything finite where the weight is 0. */
  readonly mean: Vector
  /** D: sum_n w_n (x_ni - mean_i)^2. */
  readonly squares: Vector
}

/** Sets of observations together, by the formula of `gaussianMonoid` for each column. */
export const diagonalMonoid = (dimension: number): Monoid<DiagonalStatistics> => ({
  empty: { weight: 0, mean: new Float64Array(dimension), squares: new Float64Array(dimension) },
  concat: (a, b) => {
    if (a.weight === 0) return b
    if (b.weight === 0) return a
    const weight = a.weight + b.weight
    const between = tabulate(dimension, i => b.mean[i]! - a.mean[i]!)
    const share = weightBetween(a.weight, b.weight)
    return {
      weight,
      mean: tabulate(dimension, i => a.mean[i]! + product(b.weight / weight, between[i]!)),
      squares: tabulate(dimension, i => a.squares[i]! + b.squares[i]! + product(share, between[i]! ** 2)),
    }
  },
})

/** What both pairs of such statistics do. */
export const ofDiagonalStatistics = {
  observe:
    () =>
    (x: Vector, weight: number): DiagonalStatistics => ({ weight, mean: x, squares: new Float64Array(x.length) }),
  scale:
    (factor: number) =>
    (s: DiagonalStatistics): DiagonalStatistics => ({
      weight: factor * s.weight,
      mean: s.mean,
      squares: tabulate(s.squares.length, i => factor * s.squares[i]!),
    }),
} as const

/**
 * Makes statistics of D columns from sums of deviations x - origin, which are what an E-step gathers about the means it was
 * given.
 */
export const fromDiagonalDeviations = (
  origin: Vector,
  { weight, sum, squares }: { readonly weight: number; readonly sum: Vector; readonly squares: Vector },
): DiagonalStatistics =>
  weight === 0
    ? { weight, mean: origin, squares: new Float64Array(origin.length) }
    : {
        weight,
        mean: tabulate(origin.length, i => origin[i]! + sum[i]! / weight),
        squares: tabulate(origin.length, i => squares[i]! - (sum[i]! / weight) * sum[i]!),
      }
