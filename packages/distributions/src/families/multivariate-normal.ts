import {
  addOuter,
  diagonal,
  excessOfTrace,
  inverse,
  LOG_2PI,
  logDeterminant,
  type Matrix,
  type MatrixLike,
  multiply,
  scale,
  solve,
  square,
  subtract,
  type Vector,
} from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as O from 'fp-ts/lib/Option.js'
import {
  type ExponentialFamily,
  type MemberOf,
  type Natural,
  type Statistic,
  toNatural,
  toStatistic,
} from '../family.js'
import { guarded } from '../guarded.js'
import { heldMatrix, squaredLength } from '../math/products.js'
import { aMatrix, aVector, isFactorOf, members } from '../member.js'
import type { Random } from '../random.js'
import { finite } from '../requirements.js'
import { evaluateStatistic, moments } from '../statistic.js'
import { finiteVectors } from '../support.js'
import { inSpace, type Validated, validator } from '../validation.js'

/** N(mean, covariance) on R^D. Made by `multivariateNormal.make`. */
export interface MultivariateNormal extends MemberOf<'MultivariateNormal'> {
  /** The means of D columns, in units of the data. */
  readonly mean: Vector
  /** D x D, symmetric positive definite, in squared units of the data. */
  readonly covariance: Matrix
  /** The lower Cholesky factor of the covariance. */
  readonly cholesky: Matrix
}

const name = 'MultivariateNormal'
const check = validator(name)

/**
 * Validates and copies the parameters.
 * Errors: a mean that is empty or not finite; a covariance that is not D x D, symmetric and positive definite.
 */
const make: MultivariateNormalFamily['make'] = parameters => {
  const mean = check.vector('mean', parameters.mean, finite)
  if (E.isLeft(mean)) return mean
  const covariance = check.positiveDefinite('covariance', parameters.covariance, mean.right.length)
  if (E.isLeft(covariance)) return covariance
  return E.right({ mean: mean.right, covariance: covariance.right.matrix, cholesky: covariance.right.cholesky })
}

const logProb = (p: MultivariateNormal): ((x: Vector) => number) => {
  const constant = -0.5 * (p.mean.length * LOG_2PI + logDeterminant(p.cholesky))
  return x => {
    if (!inSpace(x, p.mean.length)) return Number.NEGATIVE_INFINITY
    return constant - 0.5 * squaredLength(subtract(p.mean)(x), p.cholesky)
  }
}

const sample =
  (p: MultivariateNormal) =>
  (random: Random): Vector => {
    const noise = Float64Array.from(p.mean, () => random.normal())
    return multiply(noise)(p.cholesky).map((v, i) => v + p.mean[i]!)
  }

const entropy = (p: MultivariateNormal): number => 0.5 * (p.mean.length * (1 + LOG_2PI) + logDeterminant(p.cholesky))

const klDivergence =
  (p: MultivariateNormal) =>
  (q: MultivariateNormal): number => {
    return 0.5 * (excessOfTrace(q.cholesky, p.cholesky) + squaredLength(subtract(q.mean)(p.mean), q.cholesky))
  }

const natural = (p: MultivariateNormal): Natural<MultivariateNormal> =>
  toNatural(solve(p.mean)(p.cholesky), scale(-0.5)(inverse(p.cholesky)).data)

/** The dimension D of D + D^2 flattened numbers. */
const dimensionOf = (length: number): number => Math.round((Math.sqrt(1 + 4 * length) - 1) / 2)

const fromNatural = (eta: Natural<MultivariateNormal>): Validated<MultivariateNormal> => {
  const d = dimensionOf(eta.length)
  const precisionMean = Float64Array.from({ length: d }, (_, i) => eta[i]!)
  return pipe(
    check.positiveDefinite(
      'precision',
      square(d, (i, j) => -2 * eta[d + i * d + j]!),
    ),
    E.chain(({ cholesky }) => make({ mean: solve(precisionMean)(cholesky), covariance: inverse(cholesky) })),
  )
}

const logNormaliser = (p: MultivariateNormal): number => {
  return 0.5 * (squaredLength(p.mean, p.cholesky) + logDeterminant(p.cholesky))
}

const expectedStatistic = (p: MultivariateNormal): Statistic<MultivariateNormal> =>
  toStatistic(p.mean, addOuter(1, p.mean)(p.covariance).data)

const fromExpectedStatistic = (t: Statistic<MultivariateNormal>): Validated<MultivariateNormal> => {
  const d = dimensionOf(t.length)
  return pipe(
    check.statistic(t, d + d * d),
    E.chain(() =>
      make({
        mean: Float64Array.from({ length: d }, (_, i) => t[i]!),
        covariance: square(d, (i, j) => t[d + i * d + j]! - t[i]! * t[j]!),
      }),
    ),
  )
}

/** By Isserlis' theorem: Cov(x_i x_j, x_k x_l) sums S_ik S_jl + m_j m_l S_ik + m_i m_k S_jl over the two orders of k, l. */
const fisherInformation = ({ mean: m, covariance: { rows: d, data: s } }: MultivariateNormal): Matrix => {
  const ofProducts = (i: number, j: number, k: number, l: number) =>
    s[i * d + k]! * (s[j * d + l]! + m[j]! * m[l]!) + m[i]! * m[k]! * s[j * d + l]!
  const ofProduct = (i: number, k: number, l: number) => m[k]! * s[i * d + l]! + m[l]! * s[i * d + k]!
  const entry = (a: number, b: number) => {
    if (a < d && b < d) return s[a * d + b]!
    const [i, j] = [Math.floor(a / d) - 1, a % d]
    const [k, l] = [Math.floor(b / d) - 1, b % d]
    if (a < d) return ofProduct(a, k, l)
    if (b < d) return ofProduct(b, i, j)
    return ofProducts(i, j, k, l) + ofProducts(i, j, l, k)
  }
  return heldMatrix(square(d + d * d, entry))
}

/** The family of multivariate normals. `X` are vectors of D numbers. */
export interface MultivariateNormalFamily extends ExponentialFamily<MultivariateNormal, Vector> {
  /**
   * Validates and copies the parameters. Errors: a mean that is empty or not finite; a covariance that is not D x D, symmetric
   * and positive definite.
   */
  readonly make: (parameters: {
    readonly mean: ArrayLike<number>
    readonly covariance: MatrixLike
  }) => Validated<MultivariateNormal>
  /** The D x D covariance matrix. */
  readonly covariance: (p: MultivariateNormal) => Matrix
}

/**
 * The multivariate normal as an exponential family:
 * t(x) = (x, x x'), eta = (Sigma^-1 mu, -Sigma^-1 / 2), A = mu' Sigma^-1 mu / 2 + log|Sigma| / 2, h = (2 pi)^(-D/2).
 * Source: Bishop, Pattern Recognition and Machine Learning (2006), sections 2.3 and 2.4.
 *
 * @support vectors of D numbers
 * @prior normal-inverse-Wishart (`normalInverseWishartPrior`); Wishart of the precision for a known mean (`wishartPrior(mean)`)
 * @example
 * import { multivariateNormal } from '@conjugate/distributions'
 * import * as E from 'fp-ts/lib/Either.js'
 *
 * const p = multivariateNormal.make({ mean: [0, 0], covariance: [[2, 0.5], [0.5, 1]] })
 * if (E.isRight(p)) console.log(multivariateNormal.logProb(p.right)([1, -1]).toFixed(4)) // prints -3.2605
 */
export const multivariateNormal: MultivariateNormalFamily = guarded<MultivariateNormalFamily>({
  name,
  support: finiteVectors,
  make,
  logProb,
  sample,
  mean: p => O.some(p.mean),
  variance: p => O.some(diagonal(p.covariance)),
  covariance: p => p.covariance,
  mode: p => O.some(p.mean),
  entropy,
  klDivergence,
  statistic: x => toStatistic(evaluateStatistic(moments(x.length))(x)),
  statisticExpression: moments,
  logBaseMeasure: x => -0.5 * x.length * LOG_2PI,
  natural,
  fromNatural,
  logNormaliser,
  expectedStatistic,
  fromExpectedStatistic,
  member: members(name, { mean: aVector, covariance: aMatrix, cholesky: aMatrix }, ({ mean, covariance, cholesky }) =>
    isFactorOf(covariance, cholesky) && covariance.rows === mean.length
      ? check.vector('mean', mean, finite)
      : check.fail('cholesky', `the factor of a covariance of ${mean.length} columns`, 'another matrix'),
  ),
  fisherInformation,
})
