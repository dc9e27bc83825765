import { digammaDifference } from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import type { Monoid } from 'fp-ts/lib/Monoid.js'
import { type Bernoulli, bernoulli } from '../families/bernoulli.js'
import { type Beta, beta } from '../families/beta.js'
import { type Binomial, binomial } from '../families/binomial.js'
import { toNatural } from '../family.js'
import { wholePositive } from '../requirements.js'
import { type Validated, validator } from '../validation.js'
import type { ConjugatePrior } from './conjugate-prior.js'
import { guardedPair } from './guarded-pair.js'
import { givenKnown } from './known.js'
import { reparametrise } from './reparametrise.js'

/** Sufficient statistics of weighted trials: the weighted numbers of successes and of failures. */
export interface Trials {
  readonly successes: number
  readonly failures: number
}

const monoid: Monoid<Trials> = {
  empty: { successes: 0, failures: 0 },
  concat: (a, b) => ({ successes: a.successes + b.successes, failures: a.failures + b.failures }),
}

const check = validator(beta.name)

/**
 * The mode of p^successes (1 - p)^failures on the closed interval: certain where one of the two exponents, a - 1 and b - 1, is
 * 0; below 0 the density is unbounded. Of a flat one it is `flat`.
 */
const modeOfExponents = ({ successes, failures }: Trials, flat: Validated<number>): Validated<number> => {
  // Written so that NaN fails it too.
  if (!(successes >= 0)) return check.fail('a', 'at least 1 for the density to have a mode', successes + 1)
  if (!(failures >= 0)) return check.fail('b', 'at least 1 for the density to have a mode', failures + 1)
  return successes + failures > 0 ? E.right(successes / (successes + failures)) : flat
}

const notUnique = check.fail('a', 'above 1, or b, for the mode to be unique', 1)

/** A beta as the prior of the probability of a likelihood of `count` trials an observation. */
const betaPrior = <P extends { readonly probability: number }>(
  likelihood: ConjugatePrior<Beta, P, number, Trials>['likelihood'],
  count: number,
  member: (probability: number) => P,
  make: (p: P) => Validated<P>,
): ConjugatePrior<Beta, P, number, Trials> =>
  guardedPair({
    family: reparametrise(beta, member, p => p.probability),
    likelihood,
    monoid: () => monoid,
    fromStatistic: (weight, sum) => ({ successes: sum[0]!, failures: count * weight - sum[0]! }),
    scale: factor => s => ({ successes: factor * s.successes, failures: factor * s.failures }),
    observe: () => (x, weight) => ({ successes: weight * x, failures: weight * (count - x) }),
    evidence: s => toNatural(s.successes, s.failures),
    update: s => q => beta.make({ a: q.a + s.successes, b: q.b + s.failures }),
    jointMode: q =>
      pipe(modeOfExponents({ successes: q.a - 1, failures: q.b - 1 }, notUnique), E.map(member), E.chain(make)),
    // Not through the posterior: 1 + 1e-17 is 1. Where nothing is known, all probabilities are modes, and this is the middle.
    posteriorMode: s => q =>
      pipe(
        modeOfExponents({ successes: q.a - 1 + s.successes, failures: q.b - 1 + s.failures }, E.right(0.5)),
        E.map(member),
        E.chain(make),
      ),
    // E log p - E log(1 - p) by one difference, in which nothing cancels.
    expectedNatural: ({ a, b }) => ({
      natural: toNatural(a < b ? -digammaDifference(a, b - a) : digammaDifference(b, a - b)),
      logNormaliser: count * digammaDifference(b, a),
    }),
    freeParameters: () => 1,
  })

/**
 * The beta as the prior of a Bernoulli's probability; observations are 0 and 1. With s successes and f failures the posterior
 * is Beta(a + s, b + f). Its mode exists for a, b >= 1, unless both are 1.
 * Source: Gelman et al., Bayesian Data Analysis, 3rd ed. (2013), section 2.4.
 */
export const betaBernoulliPrior: ConjugatePrior<Beta, Bernoulli, number, Trials> = betaPrior(
  bernoulli,
  1,
  probability => ({ probability }),
  bernoulli.make,
)

/**
 * The beta as the prior of the probability of a binomial of a known count; observations are counts of successes. The posterior
 * is that of {@link betaBernoulliPrior}. Errors: updates and modes say where the count is not whole and positive.
 * Source: Gelman et al., Bayesian Data Analysis, 3rd ed. (2013), section 2.4.
 */
export const betaBinomialPrior = (count: number): ConjugatePrior<Beta, Binomial, number, Trials> => {
  const family = binomial(count)
  return givenKnown(
    check.scalar('known count', count, wholePositive),
    betaPrior(family, count, probability => ({ count, probability }), family.make),
  )
}
