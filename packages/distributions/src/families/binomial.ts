import { fromRows, logMultivariateBeta } from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as O from 'fp-ts/lib/Option.js'
import { type ExponentialFamily, type MemberOf, toNatural, toStatistic } from '../family.js'
import { guarded } from '../guarded.js'
import { logPoissonMass, sampleBinomial } from '../math/counts.js'
import { isCount } from '../math/is-count.js'
import { divergenceOfProbabilities, logistic, logit, ofTrial } from '../math/probabilities.js'
import { aNumber, members } from '../member.js'
import { between, fraction, wholePositive } from '../requirements.js'
import { column } from '../statistic.js'
import { countsUpTo } from '../support.js'
import { type Validated, validator } from '../validation.js'
import { multinomialEntropy } from './multinomial.js'

/** Successes in a known count of trials. Made by `binomial(count).make`. */
export interface Binomial extends MemberOf<'Binomial'> {
  /** n, a whole positive number of trials. */
  readonly count: number
  /** The probability of success in each trial, from 0 to 1. */
  readonly probability: number
}

/** The family of binomials of one count. `X` are counts of successes. */
export interface BinomialFamily extends ExponentialFamily<Binomial, number> {
  /** Validates the parameters. Errors: a count that is not whole and positive; a probability that is not in 0 to 1. */
  readonly make: (parameters: { readonly probability: number }) => Validated<Binomial>
}

const name = 'Binomial'
const check = validator(name)

/** Successes and failures are independent Poisson counts, given that their sum is n. */
const logProb = ({ count, probability }: Binomial): ((x: number) => number) => {
  const logMassOfCount = logPoissonMass(count, count)
  return x =>
    isCount(x, count)
      ? logPoissonMass(x, count * probability) + logPoissonMass(count - x, count * (1 - probability)) - logMassOfCount
      : Number.NEGATIVE_INFINITY
}

/**
 * The binomials of a known count as an exponential family: t(x) = x, eta = log(p/(1 - p)), A = -n log(1 - p),
 * h = n!/(x! (n - x)!). The entropy has no closed form: it is summed over all counts, to a relative 1e-13.
 * Source: Bishop, Pattern Recognition and Machine Learning (2006), section 2.1.
 *
 * @support 0, ..., n
 * @prior beta (`betaBinomialPrior(n)`)
 * @example
 * import { binomial } from '@conjugate/distributions'
 * import * as E from 'fp-ts/lib/Either.js'
 *
 * const family = binomial(10)
 * const p = family.make({ probability: 0.3 })
 * if (E.isRight(p)) console.log(Math.exp(family.logProb(p.right)(3)).toFixed(4)) // prints 0.2668
 */
export const binomial = (count: number): BinomialFamily => {
  const make: BinomialFamily['make'] = ({ probability }) =>
    pipe(
      E.Do,
      E.bind('count', () => check.scalar('count', count, wholePositive)),
      E.bind('probability', () => check.scalar('probability', probability, fraction)),
    )

  return guarded<BinomialFamily>({
    name,
    support: countsUpTo(count),
    make,
    logProb,
    sample: p => sampleBinomial(count, p.probability),
    mean: p => O.some(count * p.probability),
    variance: p => O.some(count * p.probability * (1 - p.probability)),
    mode: p => O.some(Math.min(count, Math.floor((count + 1) * p.probability))),
    entropy: p => multinomialEntropy(count, ofTrial(p.probability)),
    klDivergence: p => q => count * divergenceOfProbabilities(ofTrial(p.probability), ofTrial(q.probability)),
    statistic: x => toStatistic(x),
    statisticExpression: () => column(0),
    toldApartBy: ([x]) => Math.asin(Math.sqrt(x! / count)),
    logBaseMeasure: x =>
      isCount(x, count) ? -logMultivariateBeta([x + 1, count - x + 1]) - Math.log(count + 1) : Number.NEGATIVE_INFINITY,
    natural: p => toNatural(logit(p.probability)),
    fromNatural: eta => make({ probability: logistic(eta[0]!) }),
    logNormaliser: p => -count * Math.log1p(-p.probability),
    expectedStatistic: p => toStatistic(count * p.probability),
    fromExpectedStatistic: t =>
      pipe(
        check.statistic(t, 1),
        E.chain(() => check.scalar('expectedStatistic[0]', t[0]!, between(0, count))),
        E.chain(mean => make({ probability: mean / count })),
      ),
    member: members(name, { count: aNumber, probability: aNumber }, p =>
      p.count === count ? make(p) : check.fail('count', String(count), p.count),
    ),
    fisherInformation: p => fromRows([[count * p.probability * (1 - p.probability)]]),
  })
}
