import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import type { Monoid } from 'fp-ts/lib/Monoid.js'
import { type Bernoulli, bernoulli } from '../families/bernoulli.js'
import { type Beta, beta } from '../families/beta.js'
import { type Binomial, binomial } from '../families/binomial.js'
import { toNatural } from '../family.js'
import { type Validated, validator } from '../validation.js'
import type { ConjugatePrior } from './conjugate-prior.js'
import { overNumbers } from './over.js'

/** Sufficient statistics of weighted trials. */
export interface Trials {
  readonly successes: number
  readonly failures: number
}

const monoid: Monoid<Trials> = {
  empty: { successes: 0, failures: 0 },
  concat: (a, b) => ({ successes: a.successes + b.successes, failures: a.failures + b.failures }),
}

const check = validator(beta.name)

/** (a - 1)/(a + b - 2) on the closed interval: certain where one of the two is 1; below 1 the density is unbounded. */
const jointMode = ({ a, b }: Beta): Validated<number> => {
  if (a < 1) return check.fail('a', 'at least 1 for the density to have a mode', a)
  if (b < 1) return check.fail('b', 'at least 1 for the density to have a mode', b)
  return a + b > 2 ? E.right((a - 1) / (a + b - 2)) : check.fail('a', 'above 1, or b, for the mode to be unique', a)
}

/** A beta as the prior of the probability of a likelihood of `count` trials an observation. */
const betaPrior = <P extends { readonly probability: number }>(
  likelihood: ConjugatePrior<Beta, P, number, Trials>['likelihood'],
  count: number,
  member: (probability: number) => P,
  make: (p: P) => Validated<P>,
): ConjugatePrior<Beta, P, number, Trials> => ({
  family: overNumbers(beta, member, p => p.probability),
  likelihood,
  monoid: () => monoid,
  fromStatistic: (weight, sum) => ({ successes: sum[0]!, failures: count * weight - sum[0]! }),
  scale: factor => s => ({ successes: factor * s.successes, failures: factor * s.failures }),
  observe: () => (x, weight) => ({ successes: weight * x, failures: weight * (count - x) }),
  evidence: s => toNatural(s.successes, s.failures),
  update: s => q => beta.make({ a: q.a + s.successes, b: q.b + s.failures }),
  jointMode: q => pipe(jointMode(q), E.map(member), E.chain(make)),
  freeParameters: () => 1,
})

/** The beta as the prior of a Bernoulli's probability; observations are 0 and 1. */
export const betaBernoulliPrior: ConjugatePrior<Beta, Bernoulli, number, Trials> = betaPrior(
  bernoulli,
  1,
  probability => ({ probability }),
  bernoulli.make,
)

/** The beta as the prior of the probability of a binomial of a known count; observations are counts of successes. */
export const betaBinomialPrior = (count: number): ConjugatePrior<Beta, Binomial, number, Trials> => {
  const family = binomial(count)
  return betaPrior(family, count, probability => ({ count, probability }), family.make)
}
