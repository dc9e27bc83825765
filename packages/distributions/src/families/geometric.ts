import { fromRows } from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as O from 'fp-ts/lib/Option.js'
import { type ExponentialFamily, type MemberOf, toNatural, toStatistic } from '../family.js'
import { guarded } from '../guarded.js'
import { isCount } from '../math/is-count.js'
import { divergenceOfProbabilities, entropyOfTrial, ofTrial } from '../math/probabilities.js'
import { aNumber, members } from '../member.js'
import { nonNegative, positiveFraction } from '../requirements.js'
import { column, constantBase } from '../statistic.js'
import { counts } from '../support.js'
import { type Validated, validator } from '../validation.js'

/** Failures before the first success, 0, 1, 2, ... Made by `geometric.make`. */
export interface Geometric extends MemberOf<'Geometric'> {
  /** The probability of success in each trial, above 0 and up to 1. */
  readonly probability: number
}

/** The family of geometrics. `X` are counts of failures. */
export interface GeometricFamily extends ExponentialFamily<Geometric, number> {
  /** Validates the parameters. Errors: a probability that is not above 0, to 1. */
  readonly make: (parameters: Geometric) => Validated<Geometric>
}

const name = 'Geometric'
const check = validator(name)

const make: GeometricFamily['make'] = parameters =>
  pipe(
    check.scalar('probability', parameters.probability, positiveFraction),
    E.map(probability => ({ probability })),
  )

const logProb = ({ probability }: Geometric): ((x: number) => number) => {
  const [success, failure] = [Math.log(probability), Math.log1p(-probability)]
  return x => {
    if (!isCount(x)) return Number.NEGATIVE_INFINITY
    // 0 log 0 = 0.
    return x === 0 ? success : success + x * failure
  }
}

/** Failures for each success. */
const odds = (p: Geometric): number => (1 - p.probability) / p.probability

/**
 * The geometric as an exponential family: t(x) = x, eta = log(1 - p), A = -log p, h = 1.
 * Source: Johnson, Kemp and Kotz, Univariate Discrete Distributions, 3rd ed. (2005), section 5.2.
 *
 * @support 0, 1, 2, ...
 * @prior none in the library
 * @example
 * import { geometric } from '@conjugate/distributions'
 * import * as E from 'fp-ts/lib/Either.js'
 *
 * const p = geometric.make({ probability: 0.25 })
 * if (E.isRight(p)) console.log(Math.exp(geometric.logProb(p.right)(2)).toFixed(4)) // prints 0.1406
 */
export const geometric: GeometricFamily = guarded<GeometricFamily>({
  name,
  support: counts,
  make,
  logProb,
  // By inversion; 1 - u is never 0, and adding 0 turns -0 to 0.
  sample: p => random =>
    Math.min(Math.floor(Math.log(1 - random.uniform()) / Math.log1p(-p.probability)) + 0, Number.MAX_VALUE),
  mean: p => O.some(odds(p)),
  variance: p => O.some(odds(p) / p.probability),
  mode: () => O.some(0),
  // Each of 1/p trials is one Bernoulli.
  entropy: p => entropyOfTrial(p.probability) / p.probability,
  klDivergence: p => q => divergenceOfProbabilities(ofTrial(p.probability), ofTrial(q.probability)) / p.probability,
  statistic: x => toStatistic(x),
  statisticExpression: () => column(0),
  logBaseMeasure: x => (isCount(x) ? 0 : Number.NEGATIVE_INFINITY),
  logBaseExpression: constantBase(0),
  natural: p => toNatural(Math.log1p(-p.probability)),
  fromNatural: eta => make({ probability: -Math.expm1(eta[0]!) }),
  logNormaliser: p => -Math.log(p.probability),
  expectedStatistic: p => toStatistic(odds(p)),
  fromExpectedStatistic: t =>
    pipe(
      check.statistic(t, 1),
      E.chain(() => check.scalar('expectedStatistic[0]', t[0]!, nonNegative)),
      E.chain(mean => make({ probability: 1 / (1 + mean) })),
    ),
  member: members(name, { probability: aNumber }, make),
  fisherInformation: p => fromRows([[odds(p) / p.probability]]),
})
