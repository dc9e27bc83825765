import { fromRows, logMultivariateBeta } from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as O from 'fp-ts/lib/Option.js'
import { type ExponentialFamily, type MemberOf, toNatural, toStatistic } from '../family.js'
import { guarded } from '../guarded.js'
import { logNegativeBinomialMass, samplePoisson } from '../math/counts.js'
import { isCount } from '../math/is-count.js'
import { divergenceOfProbabilities, ofTrial } from '../math/probabilities.js'
import { product } from '../math/products.js'
import { expectationOfCount, expectationOfLongTail } from '../math/sums-of-counts.js'
import { aNumber, members } from '../member.js'
import { nonNegative, positive, positiveFraction } from '../requirements.js'
import { column } from '../statistic.js'
import { counts } from '../support.js'
import { type Validated, validator } from '../validation.js'
import { gammaEntropyAndLogs } from './gamma.js'
import { poisson } from './poisson.js'

/** Failures before a known count of successes. Made by `negativeBinomial(count).make`. */
export interface NegativeBinomial extends MemberOf<'NegativeBinomial'> {
  /** r > 0, of successes; between whole numbers it is the shape of the gamma that a Poisson's rate is drawn from. */
  readonly count: number
  /** The probability of success in each trial, above 0 and up to 1. */
  readonly probability: number
}

/** The family of negative binomials of one count. `X` are counts of failures. */
export interface NegativeBinomialFamily extends ExponentialFamily<NegativeBinomial, number> {
  /** Validates the parameters. Errors: a count that is not positive and finite; a probability that is not above 0, to 1. */
  readonly make: (parameters: { readonly probability: number }) => Validated<NegativeBinomial>
}

const name = 'NegativeBinomial'
const check = validator(name)

/** The log mass of a whole x >= 0, and its smooth continuation. */
const logMassOf = ({ count, probability }: NegativeBinomial): ((x: number) => number) =>
  logNegativeBinomialMass(count, probability, 1 - probability)

const logProb = (p: NegativeBinomial): ((x: number) => number) => {
  const logMass = logMassOf(p)
  return x => (isCount(x) ? logMass(x) : Number.NEGATIVE_INFINITY)
}

const mode = ({ count, probability }: NegativeBinomial): number =>
  count > 1 ? Math.floor(((count - 1) * (1 - probability)) / probability) : 0

/** From here on there is no mass to speak of near 0 once the standard deviation is large. */
const BELL_SHAPED = 50

/** Beyond this, a negative binomial is a Poisson whose variance is greater by 1/p, as far as its entropy tells. */
const VAST = 1e17

/** The logarithm of what is not seen beside 1. */
const NEGLIGIBLE = -50

const entropy = (p: NegativeBinomial): number => {
  const logMass = logMassOf(p)
  const surprise = (x: number) => -logMass(x)
  const deviation = Math.sqrt(p.count * (1 - p.probability)) / p.probability
  // The law of a gamma over p but for terms of p and p^r.
  if (Math.min(1, p.count) * Math.log(p.probability) < NEGLIGIBLE)
    return gammaEntropyAndLogs(p.count, 0) - Math.log(p.probability)
  if (p.count > VAST)
    return poisson.entropy({ rate: (p.count * (1 - p.probability)) / p.probability }) - 0.5 * Math.log(p.probability)
  if (p.count >= BELL_SHAPED) return expectationOfCount(logMass, surprise, mode(p), { deviation })
  return p.probability < 1e-3
    ? expectationOfLongTail(logMass, surprise, mode(p))
    : expectationOfCount(logMass, surprise, mode(p))
}

/**
 * The negative binomials of a known count as an exponential family: t(x) = x, eta = log(1 - p), A = -r log p,
 * h = Gamma(x + r)/(Gamma(r) x!). The entropy has no closed form: it is summed over counts, to a relative 1e-13.
 * Source: Gelman et al., Bayesian Data Analysis, 3rd ed. (2013), appendix A.
 *
 * @support 0, 1, 2, ...
 * @prior none in the library
 * @example
 * import { negativeBinomial } from '@conjugate/distributions'
 * import * as E from 'fp-ts/lib/Either.js'
 *
 * const family = negativeBinomial(3)
 * const p = family.make({ probability: 0.4 })
 * if (E.isRight(p)) console.log(Math.exp(family.logProb(p.right)(2)).toFixed(4)) // prints 0.1382
 */
export const negativeBinomial = (count: number): NegativeBinomialFamily => {
  const make: NegativeBinomialFamily['make'] = ({ probability }) =>
    pipe(
      E.Do,
      E.bind('count', () => check.scalar('count', count, positive)),
      E.bind('probability', () => check.scalar('probability', probability, positiveFraction)),
    )

  /** Failures for each success. */
  const odds = (p: NegativeBinomial) => (1 - p.probability) / p.probability

  return guarded<NegativeBinomialFamily>({
    name,
    support: counts,
    make,
    logProb,
    sample: p => random => samplePoisson(Math.min(odds(p) * random.gamma(count), Number.MAX_VALUE))(random),
    mean: p => O.some(count * odds(p)),
    variance: p => O.some((count * odds(p)) / p.probability),
    mode: p => O.some(mode(p)),
    entropy,
    klDivergence: p => q =>
      product(count / p.probability, divergenceOfProbabilities(ofTrial(p.probability), ofTrial(q.probability))),
    statistic: x => toStatistic(x),
    statisticExpression: () => column(0),
    // Gamma(x + r)/(Gamma(r) x!) is 1/(x B(x, r)), by which no log-gammas cancel.
    logBaseMeasure: x => {
      if (x === 0) return 0
      return isCount(x) ? -logMultivariateBeta([x, count]) - Math.log(x) : Number.NEGATIVE_INFINITY
    },
    natural: p => toNatural(Math.log1p(-p.probability)),
    fromNatural: eta => make({ probability: -Math.expm1(eta[0]!) }),
    logNormaliser: p => -count * Math.log(p.probability),
    expectedStatistic: p => toStatistic(count * odds(p)),
    fromExpectedStatistic: t =>
      pipe(
        check.statistic(t, 1),
        E.chain(() => check.scalar('expectedStatistic[0]', t[0]!, nonNegative)),
        E.chain(mean => make({ probability: count / (count + mean) })),
      ),
    member: members(name, { count: aNumber, probability: aNumber }, p =>
      p.count === count ? make(p) : check.fail('count', String(count), p.count),
    ),
    fisherInformation: p => fromRows([[(count * odds(p)) / p.probability]]),
  })
}
