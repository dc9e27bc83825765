import {
  addOuter,
  cholesky,
  diagonal,
  dot,
  inverse,
  itakuraSaito,
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
import type { ExponentialFamily, MemberOf, Natural, Statistic } from '../family.js'
import { toNatural, toStatistic } from '../family.js'
import { guarded } from '../guarded.js'
import { heldFinite } from '../math/draws.js'
import { covarianceOfNormalWishart } from '../math/normal-wishart-moments.js'
import { heldMatrix, orInfinity, product, squaredLength } from '../math/products.js'
import { aMember, aNumber, aVector, members } from '../member.js'
import type { Random } from '../random.js'
import { finite, greaterThan, positive, type Validated, validator } from '../validation.js'
import {
  drawInverseWishart,
  type InverseWishart,
  inverseWishart,
  inverseWishartOf,
  logProbOfFactor,
} from './inverse-wishart.js'
import type { MultivariateNormal } from './multivariate-normal.js'

/**
 * NIW(mean, meanPrecision, degreesOfFreedom, scale) on the parameters of a multivariate normal:
 * Sigma ~ IW(nu, Psi) and mu | Sigma ~ N(m, Sigma / kappa). Made by `normalInverseWishart.make`.
 */
export interface NormalInverseWishart extends MemberOf<'NormalInverseWishart'> {
  /** m, of D numbers. */
  readonly mean: Vector
  /** kappa > 0: the number of observations that the prior mean is worth. */
  readonly meanPrecision: number
  /** The law of the covariance, with nu and Psi. */
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
    const drawn = drawInverseWishart(p.covariance)(random)
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

const natural = (p: NormalInverseWishart): Natural<NormalInverseWishart> =>
  toNatural(
    Float64Array.from(p.mean, v => p.meanPrecision * v),
    scale(-0.5)(addOuter(p.meanPrecision, p.mean)(p.covariance.scale)).data,
    -0.5 * p.meanPrecision,
    -0.5 * (p.covariance.degreesOfFreedom + p.mean.length + 2),
  )

/** The dimension D of D + D^2 + 2 flattened numbers. */
const dimensionOf = (length: number): number => Math.round((Math.sqrt(4 * length - 7) - 1) / 2)

const fromNatural = (eta: Natural<NormalInverseWishart>): Validated<NormalInverseWishart> => {
  const d = dimensionOf(eta.length)
  const meanPrecision = -2 * eta[d + d * d]!
  const m = Float64Array.from({ length: d }, (_, i) => eta[i]! / meanPrecision)
  return make({
    mean: m,
    meanPrecision,
    degreesOfFreedom: -2 * eta[d + d * d + 1]! - d - 2,
    scale: square(d, (i, j) => -2 * eta[d + i * d + j]! - meanPrecision * m[i]! * m[j]!),
  })
}

const logNormaliser = (p: NormalInverseWishart): number =>
  inverseWishart.logNormaliser(p.covariance) - 0.5 * p.mean.length * Math.log(p.meanPrecision)

const expectedStatistic = (p: NormalInverseWishart): Statistic<NormalInverseWishart> => {
  const nu = p.covariance.degreesOfFreedom
  const precisionMean = solve(p.mean)(p.covariance.cholesky).map(v => nu * v)
  const square = dot(p.mean)(precisionMean)
  const [logDet, ...precision] = inverseWishart.expectedStatistic(p.covariance)
  return toStatistic(precisionMean, precision, p.mean.length / p.meanPrecision + orInfinity(square), logDet!)
}

const fromExpectedStatistic = (t: Statistic<NormalInverseWishart>): Validated<NormalInverseWishart> => {
  const d = dimensionOf(t.length)
  const precisionMean = Float64Array.from({ length: d }, (_, i) => t[i]!)
  const precision = square(d, (i, j) => t[d + i * d + j]!)
  return pipe(
    check.statistic(t, d + d * d + 2),
    E.chain(() => inverseWishart.fromExpectedStatistic(toStatistic(t[d + d * d + 1]!, precision.data))),
    E.mapLeft(e => ({ ...e, distribution: name, parameter: e.parameter.replace('[0]', `[${d + d * d + 1}]`) })),
    E.bindTo('covariance'),
    E.bind('mean', ({ covariance }) => E.right(meanOf(covariance)(precisionMean))),
    E.bind('known', ({ mean }) => E.right(dot(mean)(precisionMean))),
    E.bind('square', ({ known }) => check.scalar(`expectedStatistic[${d + d * d}]`, t[d + d * d]!, greaterThan(known))),
    E.chain(({ covariance, mean, known, square }) =>
      make({ mean, meanPrecision: d / (square - known), ...covariance }),
    ),
  )
}

/** (nu Psi^-1)^-1 times E[Sigma^-1 mu]. */
const meanOf =
  ({ degreesOfFreedom, scale: psi }: InverseWishart) =>
  (precisionMean: Vector): Float64Array =>
    multiply(precisionMean)(scale(1 / degreesOfFreedom)(psi))

const statistic = (x: MultivariateNormal): Statistic<NormalInverseWishart> => {
  const precisionMean = solve(x.mean)(x.cholesky)
  const [logDet, ...precision] = inverseWishart.statistic(x.covariance)
  return toStatistic(precisionMean, precision, dot(x.mean)(precisionMean), logDet!)
}

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
  fromNatural,
  logNormaliser,
  expectedStatistic,
  fromExpectedStatistic,
  member: members(name, { mean: aVector, meanPrecision: aNumber, covariance: aMember(inverseWishart) }, p =>
    fromParts(check.vector('mean', p.mean, finite), p.meanPrecision, () => E.right(p.covariance)),
  ),
  fisherInformation: ({ mean: m, meanPrecision, covariance: { degreesOfFreedom, cholesky } }) =>
    heldMatrix(covarianceOfNormalWishart(m, meanPrecision, degreesOfFreedom, inverse(cholesky))),
})
