import {
  cholesky,
  diagonal,
  inverse,
  itakuraSaito,
  LOG_2PI,
  logDeterminant,
  type Matrix,
  type MatrixLike,
  multiply,
  scale,
  subtract,
  type Vector,
} from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as O from 'fp-ts/lib/Option.js'
import type { ExponentialFamily, MemberOf } from '../family.js'
import { guarded } from '../guarded.js'
import { drawInverseWishart } from '../math/bartlett.js'
import { heldFinite } from '../math/draws.js'
import {
  expectedStatistic,
  natural,
  parametersOfNatural,
  parametersOfStatistic,
  statistic,
} from '../math/normal-wishart-form.js'
import { covarianceOfNormalWishart } from '../math/normal-wishart-moments.js'
import { heldMatrix, product, squaredLength } from '../math/products.js'
import { aMember, aNumber, aVector, members } from '../member.js'
import type { Random } from '../random.js'
import { finite, positive } from '../requirements.js'
import { type Validated, validator } from '../validation.js'
import { type InverseWishart, inverseWishart, inverseWishartOf, logProbOfFactor } from './inverse-wishart.js'
import type { MultivariateNormal } from './multivariate-normal.js'

/**
 * NIW(mean, meanPrecision, degreesOfFreedom, scale) on the parameters of a multivariate normal:
 * Sigma ~ IW(nu, Psi) and mu | Sigma ~ N(m, Sigma / kappa). Made by `normalInverseWishart.make`.
 */
export interface NormalInverseWishart extends MemberOf<'NormalInverseWishart'> {
  /** m, of D numbers, in units of the data. */
  readonly mean: Vector
  /** kappa > 0: the number of observations that the prior mean is worth. */
  readonly meanPrecision: number
  /** The law of the covariance, with nu and Psi; Psi is in squared units of the data. */
  readonly covariance: InverseWishart
}

/** Elementwise variances of the mean and of the covariance. */
export interface NormalInverseWishartVariance {
  readonly mean: Vector
  readonly covariance: Matrix
}

/** The family of normal-inverse-Wisharts. `X` are multivariate normals. */
export interface NormalInverseWishartFamily
  extends ExponentialFamily<NormalInverseWishart, MultivariateNormal, NormalInverseWishartVariance> {
  /**
   * Validates and copies the parameters. Errors: a mean that is empty or not finite; a mean precision that is not positive and
   * finite; a scale that is not D x D, symmetric and positive definite; degrees of freedom that are not greater than D - 1.
   */
  readonly make: (parameters: {
    readonly mean: ArrayLike<number>
    readonly meanPrecision: number
    readonly degreesOfFreedom: number
    readonly scale: MatrixLike
  }) => Validated<NormalInverseWishart>
}

const name = 'NormalInverseWishart'
const check = validator(name)

// Made in every M-step, so without the calls that `pipe` would take.
const fromParts = (
  mean: Validated<Vector>,
  kappa: number,
  covarianceOf: () => Validated<InverseWishart>,
): Validated<NormalInverseWishart> => {
  if (E.isLeft(mean)) return mean
  const meanPrecision = check.scalar('meanPrecision', kappa, positive)
  if (E.isLeft(meanPrecision)) return meanPrecision
  const covariance = covarianceOf()
  if (E.isLeft(covariance)) return E.left({ ...covariance.left, distribution: name })
  const { length } = mean.right
  return covariance.right.scale.rows === length
    ? E.right({ mean: mean.right, meanPrecision: meanPrecision.right, covariance: covariance.right })
    : check.fail('scale', `a ${length} x ${length} matrix`, `${covariance.right.scale.rows} rows`)
}

const make: NormalInverseWishartFamily['make'] = parameters =>
  fromParts(check.vector('mean', parameters.mean, finite), parameters.meanPrecision, () =>
    inverseWishart.make(parameters),
  )

/** The same from numbers that nobody else will write to, without copies. */
export const normalInverseWishartOf = (
  mean: Float64Array,
  meanPrecision: number,
  degreesOfFreedom: number,
  scale: Matrix,
): Validated<NormalInverseWishart> =>
  fromParts(check.ownVector('mean', mean, finite), meanPrecision, () => inverseWishartOf(degreesOfFreedom, scale))

const logProb = (p: NormalInverseWishart): ((x: MultivariateNormal) => number) => {
  const d = p.mean.length
  const logProbCovariance = logProbOfFactor(p.covariance)
  return x => {
    // N(mu; m, Sigma / kappa), whose Cholesky factor is that of Sigma over sqrt(kappa).
    const logDet = logDeterminant(x.cholesky)
    const quadratic = p.meanPrecision * squaredLength(subtract(p.mean)(x.mean), x.cholesky)
    return -0.5 * (d * (LOG_2PI - Math.log(p.meanPrecision)) + logDet + quadratic) + logProbCovariance(x.cholesky)
  }
}

/** A normal from a mean that is valid and a covariance that is up to rounding. */
const normal = (mean: Vector, covariance: Matrix): O.Option<MultivariateNormal> => {
  const factor = cholesky(covariance)
  return E.isLeft(factor) ? O.none : O.some({ mean, covariance, cholesky: factor.right })
}

const sample =
  (p: NormalInverseWishart) =>
  (random: Random): MultivariateNormal => {
    const drawn = drawInverseWishart(p.covariance.degreesOfFreedom, p.covariance.cholesky)(random)
    const scaled = scale(1 / Math.sqrt(p.meanPrecision))(drawn.cholesky)
    const noise = Float64Array.from(p.mean, () => random.normal())
    return {
      mean: multiply(noise)(scaled).map((v, i) => heldFinite(v + p.mean[i]!)),
      covariance: drawn.matrix,
      cholesky: drawn.cholesky,
    }
  }

const mean = (p: NormalInverseWishart): O.Option<MultivariateNormal> =>
  pipe(
    inverseWishart.mean(p.covariance),
    O.chain(covariance => normal(p.mean, covariance)),
  )

const variance = (p: NormalInverseWishart): O.Option<NormalInverseWishartVariance> =>
  pipe(
    O.Do,
    O.bind('expected', () => inverseWishart.mean(p.covariance)),
    O.bind('covariance', () => inverseWishart.variance(p.covariance)),
    O.map(({ expected, covariance }) => ({ mean: diagonal(scale(1 / p.meanPrecision)(expected)), covariance })),
  )

/** The joint mode (m, Psi / (nu + D + 2)): the D + 2 counts the |Sigma|^(-1/2) of the normal besides. */
const mode = (p: NormalInverseWishart): O.Option<MultivariateNormal> =>
  normal(p.mean, scale(1 / (p.covariance.degreesOfFreedom + p.mean.length + 2))(p.covariance.scale))

/** E log|Sigma|, from the inverse Wishart's statistic. */
const expectedLogDeterminant = (p: NormalInverseWishart): number => inverseWishart.expectedStatistic(p.covariance)[0]!

const entropy = (p: NormalInverseWishart): number =>
  inverseWishart.entropy(p.covariance) +
  0.5 * (p.mean.length * (1 + LOG_2PI - Math.log(p.meanPrecision)) + expectedLogDeterminant(p))

const klDivergence =
  (p: NormalInverseWishart) =>
  (q: NormalInverseWishart): number => {
    const distance = squaredLength(subtract(q.mean)(p.mean), p.covariance.cholesky)
    const betweenMeans = product(q.meanPrecision * p.covariance.degreesOfFreedom, distance)
    return (
      inverseWishart.klDivergence(p.covariance)(q.covariance) +
      0.5 * (p.mean.length * itakuraSaito(q.meanPrecision, p.meanPrecision) + betweenMeans)
    )
  }

const logNormaliser = (p: NormalInverseWishart): number =>
  inverseWishart.logNormaliser(p.covariance) - 0.5 * p.mean.length * Math.log(p.meanPrecision)

/**
 * The normal-inverse-Wishart as an exponential family over (mu, Sigma):
 * t = (Sigma^-1 mu, Sigma^-1, mu' Sigma^-1 mu, log|Sigma|),
 * eta = (kappa m, -(Psi + kappa m m')/2, -kappa/2, -(nu + D + 2)/2),
 * A = log[2^(nu D/2) Gamma_D(nu/2) |Psi|^(-nu/2) kappa^(-D/2)], h = (2 pi)^(-D/2).
 * Var mu exists for nu > D + 1, and Var Sigma is Infinity for D + 1 < nu <= D + 3.
 * Source: Gelman et al., Bayesian Data Analysis, 3rd ed. (2013), section 3.6; Murphy, Machine Learning (2012), 4.6.3.
 *
 * @support multivariate normals
 * @prior none in the library
 * @example
 * import { multivariateNormal, normalInverseWishart } from '@conjugate/distributions'
 * import * as E from 'fp-ts/lib/Either.js'
 *
 * const p = normalInverseWishart.make({ mean: [0, 0], meanPrecision: 1, degreesOfFreedom: 4, scale: [[1, 0], [0, 1]] })
 * const x = multivariateNormal.make({ mean: [0, 0], covariance: [[1, 0], [0, 1]] })
 * if (E.isRight(p) && E.isRight(x)) console.log(normalInverseWishart.logProb(p.right)(x.right).toFixed(4)) // prints -6.0620
 */
export const normalInverseWishart: NormalInverseWishartFamily = guarded<NormalInverseWishartFamily>({
  name,
  make,
  logProb,
  sample,
  mean,
  variance,
  mode,
  entropy,
  klDivergence,
  statistic,
  logBaseMeasure: x => -0.5 * x.mean.length * LOG_2PI,
  natural,
  fromNatural: eta => make(parametersOfNatural(eta)),
  logNormaliser,
  expectedStatistic,
  fromExpectedStatistic: t => pipe(parametersOfStatistic(check, t), E.chain(make)),
  member: members(name, { mean: aVector, meanPrecision: aNumber, covariance: aMember(inverseWishart) }, p =>
    fromParts(check.vector('mean', p.mean, finite), p.meanPrecision, () => E.right(p.covariance)),
  ),
  fisherInformation: ({ mean: m, meanPrecision, covariance: { degreesOfFreedom, cholesky } }) =>
    heldMatrix(covarianceOfNormalWishart(m, meanPrecision, degreesOfFreedom, inverse(cholesky))),
})
