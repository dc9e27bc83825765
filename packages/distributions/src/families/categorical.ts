import { isList, type Matrix, type Vector } from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as O from 'fp-ts/lib/Option.js'
import { type ExponentialFamily, type MemberOf, toNatural, toStatistic } from '../family.js'
import { guarded } from '../guarded.js'
import { isCount } from '../math/is-count.js'
import { logarithms } from '../math/logarithms.js'
import {
  covarianceOfCounts,
  divergenceOfProbabilities,
  entropyOfProbabilities,
  logSumExp,
  softmax,
} from '../math/probabilities.js'
import { aVector, members } from '../member.js'
import type { Random } from '../random.js'
import { constantBase, indicators } from '../statistic.js'
import { numbers, wholeFrom0To } from '../support.js'
import { type Validated, validator } from '../validation.js'

/** One of K categories. Made by `categorical(K).make`. */
export interface Categorical extends MemberOf<'Categorical'> {
  /** The probability of each of K categories: numbers from 0 to 1 that sum to 1. */
  readonly probabilities: Vector
}

/**
 * The family of categoricals. `X` are the indices 0, ..., K - 1 of categories; means and variances are those of the K
 * indicators of them.
 */
export interface CategoricalFamily extends ExponentialFamily<Categorical, number, Vector, Vector> {
  /**
   * Validates and copies the parameters, and divides the probabilities by their sum. Errors: other than K probabilities;
   * one that is not in 0 to 1; a sum that is off 1 by more than 1e-6.
   */
  readonly make: (parameters: { readonly probabilities: ArrayLike<number> }) => Validated<Categorical>
  /** The K x K covariance matrix of the indicators. */
  readonly covariance: (p: Categorical) => Matrix
}

const name = 'Categorical'
const check = validator(name)

const logProb = (p: Categorical): ((x: number) => number) => {
  const logs = Array.from(p.probabilities, Math.log)
  return x => logs[x] ?? Number.NEGATIVE_INFINITY
}

const sample =
  (p: Categorical) =>
  (random: Random): number => {
    let rest = random.uniform()
    let drawn = 0
    for (const [k, v] of Array.from(p.probabilities).entries()) {
      if (v === 0) continue
      drawn = k
      rest -= v
      if (rest < 0) break
    }
    return drawn
  }

const mode = (p: Categorical): O.Option<number> => {
  const values = Array.from(p.probabilities)
  const top = Math.max(...values)
  const first = values.indexOf(top)
  return first === values.lastIndexOf(top) ? O.some(first) : O.none
}

/**
 * The categoricals of K categories as an exponential family, which is over-complete: t(x) are the K indicators of x,
 * eta = log p + any constant, A = log sum_k exp(eta_k), which is 0 at eta = log p, h = 1. Its mode does not exist where
 * categories tie. Source: Bishop, Pattern Recognition and Machine Learning (2006), section 2.4.
 *
 * @support 0, ..., K - 1
 * @prior Dirichlet (`dirichletPrior(K)`)
 * @example
 * import { categorical } from '@conjugate/distributions'
 * import * as E from 'fp-ts/lib/Either.js'
 *
 * const family = categorical(3)
 * const p = family.make({ probabilities: [0.2, 0.3, 0.5] })
 * if (E.isRight(p)) console.log(family.logProb(p.right)(2).toFixed(4)) // prints -0.6931
 */
export const categorical = (categories: number): CategoricalFamily => {
  const make: CategoricalFamily['make'] = ({ probabilities }) =>
    isList(probabilities) && probabilities.length !== categories
      ? check.fail('probabilities', `${categories} numbers`, `${probabilities.length} numbers`)
      : pipe(
          check.simplex('probabilities', probabilities),
          E.map(p => ({ probabilities: p })),
        )

  const covariance = (p: Categorical) => covarianceOfCounts(1, p.probabilities)

  return guarded<CategoricalFamily>({
    name,
    support: numbers(`a category from 0 to ${categories - 1}`, wholeFrom0To(categories - 1)),
    make,
    logProb,
    sample,
    mean: p => O.some(p.probabilities),
    variance: p => O.some(Float64Array.from(p.probabilities, v => v * (1 - v))),
    covariance,
    mode,
    entropy: p => entropyOfProbabilities(p.probabilities),
    klDivergence: p => q => divergenceOfProbabilities(p.probabilities, q.probabilities),
    statistic: x => toStatistic(Float64Array.from({ length: categories }, (_, k) => (k === x ? 1 : 0))),
    statisticExpression: () => indicators(categories),
    logBaseMeasure: x => (isCount(x, categories - 1) ? 0 : Number.NEGATIVE_INFINITY),
    logBaseExpression: constantBase(0),
    natural: p => toNatural(logarithms(p.probabilities)),
    fromNatural: eta => make({ probabilities: softmax(eta) }),
    logNormaliser: () => 0,
    logNormaliserOfOvercomplete: logSumExp,
    expectedStatistic: p => toStatistic(p.probabilities),
    fromExpectedStatistic: t =>
      pipe(
        check.statistic(t, categories),
        E.chain(() => check.simplex('expectedStatistic', t)),
        E.map(probabilities => ({ probabilities })),
      ),
    member: members(name, { probabilities: aVector }, make),
    fisherInformation: covariance,
  })
}
