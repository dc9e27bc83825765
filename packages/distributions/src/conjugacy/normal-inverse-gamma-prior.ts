import { digamma } from '@conjugate/linalg'
import { type Normal, normal } from '../families/normal.js'
import { type NormalInverseGamma, normalInverseGamma } from '../families/normal-inverse-gamma.js'
import { toNatural } from '../family.js'
import type { Validated } from '../validation.js'
import type { ConjugatePrior } from './conjugate-prior.js'
import {
  fromSums,
  type GaussianStatistics,
  gaussianMonoid,
  observeVector,
  scaleGaussian,
  toSums,
} from './gaussian-statistics.js'
import { guardedPair } from './guarded-pair.js'
import { translationOfNumbers } from './translation.js'

/**
 * kappa_N = kappa + N, m_N = m + N/kappa_N (xbar - m), a_N = a + N/2, b_N = b + S/2 + kappa N/(2 kappa_N) (xbar - m)^2:
 * the sum of natural parameters with the squares completed, so that no large squares cancel.
 */
const update =
  (s: GaussianStatistics) =>
  (q: NormalInverseGamma): Validated<NormalInverseGamma> => {
    const meanPrecision = q.meanPrecision + s.weight
    const shift = s.mean[0]! - q.mean
    const share = s.weight / meanPrecision
    return normalInverseGamma.make({
      mean: q.mean + share * shift,
      meanPrecision,
      shape: q.variance.shape + 0.5 * s.weight,
      scale: q.variance.scale + 0.5 * (s.scatter.data[0]! + q.meanPrecision * share * shift * shift),
    })
  }

/**
 * The normal-inverse-gamma as the prior of the mean and variance of a normal; observations are numbers, and statistics those
 * of one column. Its posterior has kappa_N = kappa + N, m_N = m + N/kappa_N (xbar - m), a_N = a + N/2 and b_N = b + S/2 +
 * kappa N/(2 kappa_N) (xbar - m)^2, where S is the sum of squared deviations from the mean xbar.
 * Source: Murphy, Machine Learning (2012), section 4.6.3.7.
 */
export const normalInverseGammaPrior: ConjugatePrior<NormalInverseGamma, Normal, number, GaussianStatistics> =
  guardedPair({
    family: normalInverseGamma,
    likelihood: normal,
    monoid: () => gaussianMonoid(1),
    observe: () => (x, weight) => observeVector([x], weight),
    fromStatistic: (weight, sum) => fromSums(weight, [sum[0]!], [sum[1]!]),
    scale: scaleGaussian,
    evidence: s => {
      const { weight, sum, outer } = toSums(s)
      return toNatural(sum, -0.5 * outer.data[0]!, -0.5 * weight, -0.5 * weight)
    },
    update,
    jointMode: q => normal.make({ mean: q.mean, variance: q.variance.scale / (q.variance.shape + 1.5) }),
    freeParameters: () => 2,
    translation: translationOfNumbers(),
    asNormal: {
      toNormal: p => p,
      fromNormal: normal.make,
      expected: ({ mean, meanPrecision, variance: { shape, scale } }) => ({
        mean,
        scale: Math.sqrt(shape) / Math.sqrt(scale),
        logPrecision: digamma(shape) - Math.log(scale),
        spread: 1 / meanPrecision,
      }),
      statistics: s => s,
    },
  })
