import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as O from 'fp-ts/lib/Option.js'
import type { Distribution, MemberOf } from '../family.js'
import { guarded } from '../guarded.js'
import { logNegativeBinomialMass, sampleBinomial } from '../math/counts.js'
import { isCount } from '../math/is-count.js'
import { positive, wholePositive } from '../requirements.js'
import { countsUpTo } from '../support.js'
import { type Validated, validator } from '../validation.js'
import { beta } from './beta.js'

/** Successes in a known count of trials whose probability is Beta(a, b). Made by `betaBinomial(count).make`. */
export interface BetaBinomial extends MemberOf<'BetaBinomial'> {
  /** n, a whole positive number of trials. */
  readonly count: number
  /** a > 0: how many successes the beta is worth. */
  readonly a: number
  /** b > 0: how many failures the beta is worth. */
  readonly b: number
}

/** The beta-binomials of one count. `X` are counts of successes. They are no exponential family. */
export interface BetaBinomialDistribution extends Distribution<BetaBinomial, number> {
  /** Validates the parameters. Errors: a count that is not whole and positive; another that is not positive and finite. */
  readonly make: (parameters: { readonly a: number; readonly b: number }) => Validated<BetaBinomial>
}

const name = 'BetaBinomial'
const check = validator(name)

/** Two negative binomial counts of shapes a and b, given that their sum is n; with the probability that makes n likely. */
const logProb = ({ count, a, b }: BetaBinomial): ((x: number) => number) => {
  const [p, q] = [(a + b) / (a + b + count), count / (a + b + count)]
  const [successes, failures] = [logNegativeBinomialMass(a, p, q), logNegativeBinomialMass(b, p, q)]
  const ofCount = logNegativeBinomialMass(a + b, p, q)(count)
  return x => (isCount(x, count) ? successes(x) + failures(count - x) - ofCount : Number.NEGATIVE_INFINITY)
}

/** Sums over all counts. */
const expectation = (p: BetaBinomial, f: (x: number, log: number) => number): number => {
  const log = logProb(p)
  let sum = 0
  for (let x = 0; x <= p.count; x++) {
    const l = log(x)
    if (l > Number.NEGATIVE_INFINITY) sum += Math.exp(l) * f(x, l)
  }
  return sum
}

/** Of the counts with the greatest mass the greatest, if they are neighbours. */
const mode = (p: BetaBinomial): O.Option<number> => {
  const log = logProb(p)
  let [best, top, first] = [0, Number.NEGATIVE_INFINITY, 0]
  for (let x = 0; x <= p.count; x++) {
    const l = log(x)
    // Masses that are equal are computed in other ways: 1e-12 of a nat tells them from others.
    if (l > top + 1e-12) [best, top, first] = [x, l, x]
    else if (Math.abs(l - top) <= 1e-12) best = x
  }
  return best - first <= 1 ? O.some(best) : O.none
}

/**
 * The beta-binomials of a known count, which a beta predicts of that many trials: mass
 * (n choose x) B(a + x, b + n - x) / B(a, b). Mode and entropy are by all n + 1 counts; there is no mode where both ends, or
 * all counts, are alike. Source: Gelman et al., Bayesian Data Analysis, 3rd ed. (2013), appendix A.
 *
 * @support 0, ..., n
 * @prior predicted by a beta (`betaPredictive(n)`)
 * @example
 * import { betaBinomial } from '@conjugate/distributions'
 * import * as E from 'fp-ts/lib/Either.js'
 *
 * const family = betaBinomial(10)
 * const p = family.make({ a: 2, b: 3 })
 * if (E.isRight(p)) console.log(Math.exp(family.logProb(p.right)(4)).toFixed(4)) // prints 0.1399
 */
export const betaBinomial = (count: number): BetaBinomialDistribution =>
  guarded<BetaBinomialDistribution>({
    name,
    support: countsUpTo(count),
    make: ({ a, b }) =>
      pipe(
        E.Do,
        E.bind('count', () => check.scalar('count', count, wholePositive)),
        E.bind('a', () => check.scalar('a', a, positive)),
        E.bind('b', () => check.scalar('b', b, positive)),
        E.chainFirst(() => check.scalar('a + b', a + b, positive)),
      ),
    logProb,
    sample: p => random => sampleBinomial(p.count, beta.sample({ a: p.a, b: p.b })(random))(random),
    mean: p => O.some(p.count * (p.a / (p.a + p.b))),
    variance: ({ count: n, a, b }) => {
      const total = a + b
      return O.some(n * (a / total) * (b / total) * ((total + n) / (total + 1)))
    },
    mode,
    entropy: p => expectation(p, (_, log) => -log),
  })
