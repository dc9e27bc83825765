import type { Matrix, Vector } from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as O from 'fp-ts/lib/Option.js'
import { type ExponentialFamily, type MemberOf, type Natural, toStatistic } from '../family.js'
import { guarded } from '../guarded.js'
import { logFactorial, logPoissonMass, sampleBinomial } from '../math/counts.js'
import { isCount } from '../math/is-count.js'
import { logarithms } from '../math/logarithms.js'
import {
  covarianceOfCounts,
  divergenceOfProbabilities,
  logSumExp,
  rootsOfShares,
  softmax,
} from '../math/probabilities.js'
import { expectationOfCount } from '../math/sums-of-counts.js'
import { aNumber, aVector, members } from '../member.js'
import type { Random } from '../random.js'
import { wholePositive } from '../requirements.js'
import { identity } from '../statistic.js'
import { vectors } from '../support.js'
import { type Validated, validator } from '../validation.js'

/** How often each of K categories comes up in a known count of draws. Made by `multinomial(count).make`. */
export interface Multinomial extends MemberOf<'Multinomial'> {
  /** n, a whole positive number of draws. */
  readonly count: number
  /** The probability of each of K categories: numbers from 0 to 1 that sum to 1. */
  readonly probabilities: Vector
}

/** The family of multinomials of one count. `X` are K counts that sum to it. */
export interface MultinomialFamily extends ExponentialFamily<Multinomial, Vector> {
  /**
   * Validates and copies the parameters, and divides the probabilities by their sum. Errors: a count that is not whole and
   * positive; a probability that is not in 0 to 1; a sum that is off 1 by more than 1e-6.
   */
  readonly make: (parameters: { readonly probabilities: ArrayLike<number> }) => Validated<Multinomial>
  /** The K x K covariance matrix. */
  readonly covariance: (p: Multinomial) => Matrix
}

const name = 'Multinomial'
const check = validator(name)

/** Most categories of a long row come up in no draw. */
const areCountsOf = (count: number, x: Vector): boolean => {
  let sum = 0
  for (let k = 0; k < x.length; k++) {
    const v = x[k]!
    if (v === 0) continue
    if (!isCount(v)) return false
    sum += v
  }
  return sum === count
}

const logCoefficient = (count: number, x: Vector): number => {
  let sum = logFactorial(count)
  for (let k = 0; k < x.length; k++) {
    const v = x[k]!
    if (v !== 0) sum -= logFactorial(v)
  }
  return sum
}

/** A multinomial is K independent Poisson counts of rates n p_k, given that their sum is n. */
const logProb = ({ count, probabilities }: Multinomial): ((x: Vector) => number) => {
  const logMassOfCount = logPoissonMass(count, count)
  return x =>
    x.length === probabilities.length && areCountsOf(count, x)
      ? Array.from(x).reduce((sum, v, k) => sum + logPoissonMass(v, count * probabilities[k]!), -logMassOfCount)
      : Number.NEGATIVE_INFINITY
}

/** One category after the other: binomial among the draws that are left. */
const sample =
  ({ count, probabilities }: Multinomial) =>
  (random: Random): Vector => {
    const x = new Float64Array(probabilities.length)
    const rest = Float64Array.from(probabilities)
    for (let k = rest.length - 2; k >= 0; k--) rest[k]! += rest[k + 1]!
    let left = count
    for (let k = 0; k < x.length && left > 0; k++) {
      x[k] = sampleBinomial(left, probabilities[k]! / rest[k]!)(random)
      left -= x[k]!
    }
    return x
  }

/**
 * Greedily: a draw more for category k multiplies the greatest mass by p_k / (x_k + 1), and no category has fewer than
 * ceil(n p_k) - 1. It does not exist where two such factors tie.
 * Source: Finucan, The mode of a multinomial distribution (1964).
 */
const mode = ({ count, probabilities }: Multinomial): O.Option<Vector> => {
  const x = Float64Array.from(probabilities, p => Math.max(0, Math.ceil(count * p) - 1))
  const gains = () => Array.from(probabilities, (p, k) => p / (x[k]! + 1))
  for (let left = count - x.reduce((a, b) => a + b, 0); left > 0; left--) {
    const now = gains()
    x[now.indexOf(Math.max(...now))]! += 1
  }
  const losses = Array.from(x, (v, k) => (v > 0 ? probabilities[k]! / v : Number.POSITIVE_INFINITY))
  return Math.max(...gains()) < Math.min(...losses) ? O.some(x) : O.none
}

/**
 * The entropy, which has no closed form: one sum over the counts of each category, to a relative 1e-13. The terms of
 * `logProb` are each expected under the binomial of their category.
 */
export const multinomialEntropy = (count: number, probabilities: Vector): number =>
  Array.from(probabilities).reduce(
    (sum, p) => {
      const logMassOfCount = logPoissonMass(count, count)
      const logMass = (x: number) =>
        logPoissonMass(x, count * p) + logPoissonMass(count - x, count * (1 - p)) - logMassOfCount
      const top = Math.min(count, Math.floor((count + 1) * p))
      const deviation = Math.sqrt(count * p * (1 - p))
      return sum + expectationOfCount(logMass, x => -logPoissonMass(x, count * p), top, { bound: count, deviation })
    },
    logPoissonMass(count, count),
  )

/**
 * The multinomials of a known count as an exponential family, which is over-complete: t(x) = x, eta = log p + any
 * constant, A = n log sum_k exp(eta_k), which is 0 at eta = log p, h = n!/prod x_k!.
 * Source: Bishop, Pattern Recognition and Machine Learning (2006), section 2.2.
 *
 * @support K counts that sum to n
 * @prior Dirichlet (`dirichletMultinomialPrior(n, K)`; of rows of any total `dirichletCountsPrior(K)`)
 * @example
 * import { multinomial } from '@conjugate/distributions'
 * import * as E from 'fp-ts/lib/Either.js'
 *
 * const family = multinomial(4)
 * const p = family.make({ probabilities: [0.5, 0.25, 0.25] })
 * if (E.isRight(p)) console.log(Math.exp(family.logProb(p.right)([2, 1, 1])).toFixed(4)) // prints 0.1875
 */
export const multinomial = (count: number): MultinomialFamily => {
  const make: MultinomialFamily['make'] = ({ probabilities }) =>
    pipe(
      E.Do,
      E.bind('count', () => check.scalar('count', count, wholePositive)),
      E.bind('probabilities', () => check.simplex('probabilities', probabilities)),
    )

  const mean = (p: Multinomial) => Float64Array.from(p.probabilities, v => count * v)

  return guarded<MultinomialFamily>({
    name,
    support: vectors(`whole numbers of at least 0 that sum to ${count}`),
    make,
    logProb,
    sample,
    mean: p => O.some(mean(p)),
    variance: p => O.some(Float64Array.from(p.probabilities, v => count * v * (1 - v))),
    covariance: p => covarianceOfCounts(count, p.probabilities),
    mode,
    entropy: p => multinomialEntropy(count, p.probabilities),
    klDivergence: p => q => count * divergenceOfProbabilities(p.probabilities, q.probabilities),
    statistic: x => toStatistic(x),
    statisticExpression: identity,
    compared: rootsOfShares,
    logBaseMeasure: x => (areCountsOf(count, x) ? logCoefficient(count, x) : Number.NEGATIVE_INFINITY),
    // Nobody else has the logarithms: there may be as many as a language has words.
    natural: ({ probabilities: p }) => logarithms(p) as Vector as Natural<Multinomial>,
    fromNatural: eta => make({ probabilities: softmax(eta) }),
    logNormaliser: () => 0,
    logNormaliserOfOvercomplete: eta => count * logSumExp(eta),
    expectedStatistic: p => toStatistic(mean(p)),
    fromExpectedStatistic: t =>
      pipe(
        check.statistic(t, t.length),
        E.chain(() => make({ probabilities: Float64Array.from(t, v => v / count) })),
        E.mapLeft(e => ({ ...e, parameter: e.parameter.replace('probabilities', 'expectedStatistic / count') })),
      ),
    member: members(name, { count: aNumber, probabilities: aVector }, p =>
      p.count === count ? make(p) : check.fail('count', String(count), p.count),
    ),
    fisherInformation: p => covarianceOfCounts(count, p.probabilities),
  })
}
