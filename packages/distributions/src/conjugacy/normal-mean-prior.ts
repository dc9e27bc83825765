import { type Normal, normal } from '../families/normal.js'
import { toNatural, toStatistic } from '../family.js'
import { withKnown } from '../member.js'
import { positive } from '../requirements.js'
import { column } from '../statistic.js'
import { finiteNumbers } from '../support.js'
import { validator } from '../validation.js'
import type { ConjugatePrior } from './conjugate-prior.js'
import { type GaussianStatistics, gaussianMonoid, observeVector, scaleGaussian } from './gaussian-statistics.js'
import { givenKnown } from './known.js'
import { reparametrise } from './reparametrise.js'
import { translationOfNumbers } from './translation.js'

const check = validator(normal.name)

/**
 * A normal as the prior of the mean of a normal whose variance is known; the statistics are those of one column. The
 * posterior is updated by the shift from the prior mean, so that no large means cancel.
 * Source: Gelman et al., Bayesian Data Analysis, 3rd ed. (2013), section 2.5.
 */
export const normalMeanPrior = (variance: number): ConjugatePrior<Normal, Normal, number, GaussianStatistics> => {
  const member = (mean: number): Normal => ({ mean, variance })
  return givenKnown(check.scalar('known variance', variance, positive), {
    family: reparametrise(normal, member, p => p.mean),
    likelihood: {
      support: finiteNumbers,
      logProb: normal.logProb,
      sample: normal.sample,
      statistic: x => toStatistic(x),
      statisticExpression: () => column(0),
      // With the variance known, x^2 is no statistic but part of h.
      logBaseMeasure: normal.logProb(member(0)),
      natural: p => toNatural(p.mean / variance),
      fromNatural: eta => normal.make(member(eta[0]! * variance)),
      logNormaliser: p => (0.5 * p.mean ** 2) / variance,
      member: withKnown(normal, 'variance', variance),
    },
    monoid: () => gaussianMonoid(1),
    observe: () => (x, weight) => observeVector([x], weight),
    fromStatistic: (weight, sum) => (weight === 0 ? observeVector([0], 0) : observeVector([sum[0]! / weight], weight)),
    scale: scaleGaussian,
    evidence: s => toNatural((s.weight * s.mean[0]!) / variance, (-0.5 * s.weight) / variance),
    update: s => q => {
      const total = variance + s.weight * q.variance
      const share = (s.weight * q.variance) / total
      return normal.make({ mean: q.mean + share * (s.mean[0]! - q.mean), variance: q.variance * (variance / total) })
    },
    jointMode: q => normal.make(member(q.mean)),
    freeParameters: () => 1,
    translation: translationOfNumbers(),
    asNormal: {
      toNormal: p => p,
      fromNormal: p => normal.make(member(p.mean)),
      expected: q => ({
        mean: q.mean,
        scale: 1 / Math.sqrt(variance),
        logPrecision: -Math.log(variance),
        spread: q.variance / variance,
      }),
      statistics: s => s,
    },
  })
}
