import type { Vector } from '@conjugate/linalg'
import type { Monoid } from 'fp-ts/lib/Monoid.js'

/** Sufficient statistics of weighted numbers whose sum is all that counts. */
export interface WeightedSum {
  /** The weight of all observations, sum_n w_n. */
  readonly weight: number
  /** The weighted sum of the statistic, sum_n w_n t_n. */
  readonly sum: number
}

const weightedSumMonoid: Monoid<WeightedSum> = {
  empty: { weight: 0, sum: 0 },
  concat: (a, b) => ({ weight: a.weight + b.weight, sum: a.sum + b.sum }),
}

/** Gives the statistics of one number that counts `weight` times. */
export const observeNumber = (x: number, weight: number): WeightedSum => ({ weight, sum: weight * x })

/** The parts that all pairs share whose likelihood has one sum as its statistic. */
export const ofWeightedSums = {
  monoid: (): Monoid<WeightedSum> => weightedSumMonoid,
  fromStatistic: (weight: number, sum: Vector): WeightedSum => ({ weight, sum: sum[0]! }),
  scale:
    (factor: number) =>
    (s: WeightedSum): WeightedSum => ({ weight: factor * s.weight, sum: factor * s.sum }),
  freeParameters: (): number => 1,
} as const
