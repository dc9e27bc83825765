import { tabulate, type Vector } from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { type VonMisesFisher, vonMisesFisher } from '../families/von-mises-fisher.js'
import { toNatural } from '../family.js'
import { weigh } from '../math/products.js'
import { withKnown } from '../member.js'
import { nonNegative } from '../requirements.js'
import { identity } from '../statistic.js'
import { validator } from '../validation.js'
import type { ConjugatePrior } from './conjugate-prior.js'
import { givenKnown } from './known.js'
import { reparametrise } from './reparametrise.js'

/** Sufficient statistics of weighted directions: their weight, and their weighted sum. */
export interface DirectionStatistics {
  /** The weight of all observations, sum_n w_n. */
  readonly weight: number
  /** D: sum_n w_n x_n. */
  readonly sum: Vector
}

const check = validator(vonMisesFisher.name)

/**
 * A von Mises-Fisher as the prior of the mean direction of von Mises-Fishers whose concentration kappa is known; observations
 * are unit vectors of D numbers. The likelihood has t(x) = x, eta = kappa mu and A = 0: its normaliser is known, too, and
 * part of h. Source: Mardia and El-Atoum, Bayesian inference for the von Mises-Fisher distribution (1976).
 */
export const meanDirectionPrior = (
  concentration: number,
): ConjugatePrior<VonMisesFisher, VonMisesFisher, Vector, DirectionStatistics> => {
  const member = (meanDirection: Vector): VonMisesFisher => ({ meanDirection, concentration })
  const plus = (a: Vector, b: Vector, factor = 1): Float64Array => tabulate(a.length, i => a[i]! + factor * b[i]!)
  return givenKnown(check.scalar('known concentration', concentration, nonNegative), {
    family: reparametrise(vonMisesFisher, member, p => p.meanDirection),
    likelihood: {
      support: vonMisesFisher.support,
      logProb: vonMisesFisher.logProb,
      sample: vonMisesFisher.sample,
      statistic: vonMisesFisher.statistic,
      statisticExpression: identity,
      compared: x => x,
      logBaseMeasure: x => {
        const h = vonMisesFisher.logBaseMeasure(x)
        return h === Number.NEGATIVE_INFINITY ? h : h - vonMisesFisher.logNormaliser(member(x))
      },
      member: withKnown(vonMisesFisher, 'concentration', concentration),
      natural: vonMisesFisher.natural,
      fromNatural: eta =>
        pipe(
          vonMisesFisher.fromNatural(eta),
          E.map(p => member(p.meanDirection)),
        ),
      logNormaliser: () => 0,
    },
    monoid: q => ({
      empty: { weight: 0, sum: new Float64Array(q.meanDirection.length) },
      concat: (a, b) => ({ weight: a.weight + b.weight, sum: plus(a.sum, b.sum) }),
    }),
    observe: () => (x, weight) => ({ weight, sum: weigh(x, weight) }),
    fromStatistic: (weight, sum) => ({ weight, sum }),
    scale: factor => s => ({ weight: factor * s.weight, sum: tabulate(s.sum.length, i => factor * s.sum[i]!) }),
    evidence: s => toNatural(tabulate(s.sum.length, i => concentration * s.sum[i]!)),
    update: s => q => vonMisesFisher.fromNatural(toNatural(plus(vonMisesFisher.natural(q), s.sum, concentration))),
    jointMode: q =>
      q.concentration > 0
        ? vonMisesFisher.make(member(q.meanDirection))
        : check.fail('concentration', 'above 0 for the mode to be unique', q.concentration),
    freeParameters: q => q.meanDirection.length - 1,
  })
}
