import { logGamma } from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { type Gamma, gamma } from '../families/gamma.js'
import { toNatural, toStatistic } from '../family.js'
import { logOrNothing } from '../math/logarithms.js'
import { withKnown } from '../member.js'
import { lessThan, positive } from '../requirements.js'
import { column, log } from '../statistic.js'
import { positiveNumbers } from '../support.js'
import { validator } from '../validation.js'
import type { ConjugatePrior } from './conjugate-prior.js'
import { modeOfGamma } from './gamma-prior.js'
import { givenKnown } from './known.js'
import { reparametrise } from './reparametrise.js'
import { observeNumber, ofWeightedSums, type WeightedSum } from './weighted-sum.js'

const check = validator(gamma.name)

/**
 * A gamma as the prior of the rate of a gamma whose shape is known; observations are positive numbers. The likelihood has t(x)
 * = x, eta = -rate, A = -shape log rate and h = x^(shape - 1)/Gamma(shape). With N observations of the sum s the posterior is
 * Gamma(a + N shape, b + s). Errors: updates and modes say where the shape is not positive and finite.
 * Source: Fink, A compendium of conjugate priors (1997).
 */
export const gammaRatePrior = (shape: number): ConjugatePrior<Gamma, Gamma, number, WeightedSum> => {
  const member = (rate: number): Gamma => ({ shape, rate })
  return givenKnown(check.scalar('known shape', shape, positive), {
    ...ofWeightedSums,
    family: reparametrise(gamma, member, p => p.rate),
    likelihood: {
      support: positiveNumbers,
      logProb: gamma.logProb,
      sample: gamma.sample,
      statistic: x => toStatistic(x),
      statisticExpression: () => column(0),
      toldApartBy: ([x]) => logOrNothing(x!),
      logBaseMeasure: x =>
        x > 0 && x < Number.POSITIVE_INFINITY ? (shape - 1) * Math.log(x) - logGamma(shape) : Number.NEGATIVE_INFINITY,
      logBaseExpression: () => ({ constant: -logGamma(shape), terms: [{ factor: shape - 1, of: log(0) }] }),
      natural: p => toNatural(-p.rate),
      fromNatural: eta =>
        pipe(
          check.scalar('natural[0]', eta[0]!, lessThan(0)),
          E.chain(v => gamma.make(member(-v))),
        ),
      logNormaliser: p => -shape * Math.log(p.rate),
      member: withKnown(gamma, 'shape', shape),
    },
    observe: () => observeNumber,
    evidence: s => toNatural(shape * s.weight, -s.sum),
    update: s => q => gamma.make({ shape: q.shape + shape * s.weight, rate: q.rate + s.sum }),
    jointMode: q => modeOfGamma(q.shape - 1, q.rate, rate => gamma.make(member(rate))),
    posteriorMode: s => q =>
      modeOfGamma(q.shape - 1 + shape * s.weight, q.rate + s.sum, rate => gamma.make(member(rate))),
  })
}
