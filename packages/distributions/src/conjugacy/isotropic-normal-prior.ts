import { sumOf, tabulate, type Vector } from '@conjugate/linalg'
import { type IsotropicNormal, isotropicNormal } from '../families/isotropic-normal.js'
import {
  type IsotropicNormalInverseGamma,
  isotropicNormalInverseGamma,
} from '../families/isotropic-normal-inverse-gamma.js'
import { toNatural } from '../family.js'
import { product } from '../math/products.js'
import type { ConjugatePrior } from './conjugate-prior.js'
import {
  type DiagonalStatistics,
  diagonalMonoid,
  fromDiagonalDeviations,
  ofDiagonalStatistics,
} from './diagonal-statistics.js'
import { guardedPair } from './guarded-pair.js'
import { translationOfVectors } from './translation.js'

const squaredNorm = (v: Vector): number => sumOf(tabulate(v.length, i => v[i]! * v[i]!))

/**
 * The prior of the mean and the one variance of an isotropic normal; observations are vectors of D numbers. Its posterior has
 * kappa_N = kappa + N, m_N = m + N/kappa_N (xbar - m), a_N = a + N D/2 and b_N = b + S/2 + kappa N/(2 kappa_N) |xbar - m|^2,
 * where S is the sum of squared deviations of all columns: the sum of natural parameters with the squares completed.
 * Source: Murphy, Machine Learning (2012), section 4.6.3, with the D columns of one variance as observations of one.
 */
export const isotropicNormalPrior: ConjugatePrior<
  IsotropicNormalInverseGamma,
  IsotropicNormal,
  Vector,
  DiagonalStatistics
> = guardedPair({
  family: isotropicNormalInverseGamma,
  likelihood: isotropicNormal,
  ...ofDiagonalStatistics,
  monoid: q => diagonalMonoid(q.mean.length),
  fromStatistic: (weight, t) => {
    const d = t.length - 1
    // Only the sum over the columns is known of the squares, and only that counts.
    const squares = new Float64Array(d)
    squares[0] = t[d]!
    return fromDiagonalDeviations(new Float64Array(d), { weight, sum: tabulate(d, i => t[i]!), squares })
  },
  evidence: s =>
    toNatural(
      tabulate(s.mean.length, i => s.weight * s.mean[i]!),
      -0.5 * (sumOf(s.squares) + product(s.weight, squaredNorm(s.mean))),
      -0.5 * s.weight,
      -0.5 * s.weight * s.mean.length,
    ),
  update: s => q => {
    const meanPrecision = q.meanPrecision + s.weight
    const shift = tabulate(q.mean.length, i => s.mean[i]! - q.mean[i]!)
    const share = s.weight / meanPrecision
    return isotropicNormalInverseGamma.make({
      mean: tabulate(q.mean.length, i => q.mean[i]! + share * shift[i]!),
      meanPrecision,
      shape: q.variance.shape + 0.5 * s.weight * q.mean.length,
      scale: q.variance.scale + 0.5 * (sumOf(s.squares) + q.meanPrecision * share * squaredNorm(shift)),
    })
  },
  jointMode: q =>
    isotropicNormal.make({
      mean: q.mean,
      variance: q.variance.scale / (q.variance.shape + 0.5 * q.mean.length + 1),
    }),
  freeParameters: q => q.mean.length + 1,
  translation: translationOfVectors(),
})
