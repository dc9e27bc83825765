import { type Matrix, square, sumOf, type Vector } from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as O from 'fp-ts/lib/Option.js'
import type { Distribution, MemberOf } from '../family.js'
import { guarded } from '../guarded.js'
import { logNegativeBinomialMass } from '../math/counts.js'
import { sumsOfOthers } from '../math/dirichlet-moments.js'
import { isCount } from '../math/is-count.js'
import { product } from '../math/products.js'
import { positive, wholePositive } from '../requirements.js'
import { vectors } from '../support.js'
import { type Validated, validator } from '../validation.js'
import { betaBinomial } from './beta-binomial.js'
import { dirichlet } from './dirichlet.js'
import { multinomial } from './multinomial.js'

/** How often each of K categories comes up in n draws with Dirichlet probabilities. Made by `dirichletMultinomial(n).make`. */
export interface DirichletMultinomial extends MemberOf<'DirichletMultinomial'> {
  /** n, a whole positive number of draws. */
  readonly count: number
  /** alpha, K positive numbers: how many draws of each category the Dirichlet is worth. */
  readonly concentration: Vector
}

/** The Dirichlet-multinomials of one count. `X` are K counts that sum to it. They are no exponential family. */
export interface DirichletMultinomialDistribution extends Distribution<DirichletMultinomial, Vector> {
  /** Validates and copies the parameters. Errors: a count that is not whole and positive; a concentration that is not positive. */
  readonly make: (parameters: { readonly concentration: ArrayLike<number> }) => Validated<DirichletMultinomial>
  /** The K x K covariance matrix. */
  readonly covariance: (p: DirichletMultinomial) => Matrix
}

const name = 'DirichletMultinomial'
const check = validator(name)

/** K negative binomial counts of shapes alpha, given that their sum is n; with the probability that makes n likely. */
const massesOf = ({ count, concentration }: DirichletMultinomial) => {
  const sum = sumOf(concentration)
  const [p, q] = [sum / (sum + count), count / (sum + count)]
  return {
    ofCategories: Array.from(concentration, a => logNegativeBinomialMass(a, p, q)),
    ofCount: logNegativeBinomialMass(sum, p, q)(count),
  }
}

const logProb = (member: DirichletMultinomial): ((x: Vector) => number) => {
  const { ofCategories, ofCount } = massesOf(member)
  return x => {
    const counts = Array.from(x)
    if (counts.length !== ofCategories.length || !counts.every(v => isCount(v)) || sumOf(counts) !== member.count)
      return Number.NEGATIVE_INFINITY
    return counts.reduce((sum, v, k) => sum + ofCategories[k]!(v), -ofCount)
  }
}

/**
 * Greedily: a draw more for category k multiplies the mass by (x_k + alpha_k)/(x_k + 1), which falls with x_k where alpha_k > 1.
 * There is none where two such factors tie, or where a concentration is 1 or below and the mass need not have one peak.
 */
const mode = ({ count, concentration }: DirichletMultinomial): O.Option<Vector> => {
  if (Array.from(concentration).some(a => !(a > 1))) return O.none
  const x = new Float64Array(concentration.length)
  const gains = () => Array.from(concentration, (a, k) => (x[k]! + a) / (x[k]! + 1))
  for (let left = count; left > 0; left--) {
    const now = gains()
    x[now.indexOf(Math.max(...now))]! += 1
  }
  const losses = Array.from(concentration, (a, k) => (x[k]! > 0 ? (x[k]! - 1 + a) / x[k]! : Number.POSITIVE_INFINITY))
  return Math.max(...gains()) < Math.min(...losses) ? O.some(x) : O.none
}

/** The terms of `logProb` are each expected under the beta-binomial of their category. */
const entropy = (member: DirichletMultinomial): number => {
  const { count, concentration } = member
  if (concentration.length === 1) return 0
  const { ofCategories, ofCount } = massesOf(member)
  const others = sumsOfOthers(concentration)
  return Array.from(concentration).reduce((entropySum, a, k) => {
    const log = betaBinomial(count).logProb({ count, a, b: others[k]! })
    let expected = 0
    for (let x = 0; x <= count; x++) expected -= product(Math.exp(log(x)), ofCategories[k]!(x))
    return entropySum + expected
  }, ofCount)
}

const covariance = ({ count: n, concentration }: DirichletMultinomial): Matrix => {
  const sum = sumOf(concentration)
  const spread = n * ((n + sum) / (1 + sum))
  return square(concentration.length, (i, j) => {
    const [p, q] = [concentration[i]! / sum, concentration[j]! / sum]
    return spread * (i === j ? p * (1 - p) : -p * q)
  })
}

/**
 * The Dirichlet-multinomials of a known count, which a Dirichlet predicts of that many draws: mass
 * n!/prod x_k! B(alpha + x)/B(alpha). Source: Mosimann, On the compound multinomial distribution (1962).
 *
 * @support K counts that sum to n
 * @prior predicted by a Dirichlet (`dirichletPredictive(n)`)
 * @example
 * import { dirichletMultinomial } from '@conjugate/distributions'
 * import * as E from 'fp-ts/lib/Either.js'
 *
 * const family = dirichletMultinomial(3)
 * const p = family.make({ concentration: [1, 2, 3] })
 * if (E.isRight(p)) console.log(Math.exp(family.logProb(p.right)([1, 1, 1])).toFixed(4)) // prints 0.1071
 */
export const dirichletMultinomial = (count: number): DirichletMultinomialDistribution =>
  guarded<DirichletMultinomialDistribution>({
    name,
    support: vectors(`whole numbers of at least 0 that sum to ${count}`),
    make: ({ concentration }) =>
      pipe(
        E.Do,
        E.bind('count', () => check.scalar('count', count, wholePositive)),
        E.bind('concentration', () => check.vector('concentration', concentration, positive)),
        E.chainFirst(({ concentration: alpha }) => check.scalar('sum of concentration', sumOf(alpha), positive)),
      ),
    logProb,
    sample: p => random =>
      multinomial(p.count).sample({
        count: p.count,
        probabilities: dirichlet.sample({ concentration: p.concentration })(random),
      })(random),
    mean: p => O.some(Float64Array.from(p.concentration, a => p.count * (a / sumOf(p.concentration)))),
    variance: p => {
      const { data, columns } = covariance(p)
      return O.some(Float64Array.from({ length: columns }, (_, i) => data[i * columns + i]!))
    },
    covariance,
    mode,
    entropy,
  })
