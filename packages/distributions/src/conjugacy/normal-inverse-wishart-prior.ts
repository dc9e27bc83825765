import { addOuter, cholesky, scale, scaleOwn, subtract, tabulate, type Vector } from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import * as O from 'fp-ts/lib/Option.js'
import { type MultivariateNormal, multivariateNormal } from '../families/multivariate-normal.js'
import {
  type NormalInverseWishart,
  normalInverseWishart,
  normalInverseWishartOf,
} from '../families/normal-inverse-wishart.js'
import { toNatural } from '../family.js'
import { type Validated, validator } from '../validation.js'
import type { ConjugatePrior } from './conjugate-prior.js'
import {
  fromSums,
  type GaussianStatistics,
  gaussianMonoid,
  observeVector,
  scaleGaussian,
  toSums,
} from './gaussian-statistics.js'
import { guardedPair } from './guarded-pair.js'
import { translationOfVectors } from './translation.js'

const check = validator(normalInverseWishart.name)

/** What observations make of the parameters, before anything is checked. */
const posteriorOf = (s: GaussianStatistics, q: NormalInverseWishart) => {
  const meanPrecision = q.meanPrecision + s.weight
  const shift = subtract(q.mean)(s.mean)
  const share = s.weight / meanPrecision
  return {
    mean: tabulate(shift.length, i => q.mean[i]! + share * shift[i]!),
    meanPrecision,
    degreesOfFreedom: q.covariance.degreesOfFreedom + s.weight,
    scale: addOuter(q.meanPrecision * share, shift, s.scatter)(q.covariance.scale),
  }
}

/**
 * kappa_N = kappa + N, nu_N = nu + N, m_N = m + N/kappa_N (xbar - m),
 * Psi_N = Psi + S + kappa N/kappa_N (xbar - m)(xbar - m)'.
 * This is the sum of natural parameters with the squares completed, so that no large squares cancel.
 */
const update =
  (s: GaussianStatistics) =>
  (q: NormalInverseWishart): Validated<NormalInverseWishart> => {
    const { mean, meanPrecision, degreesOfFreedom, scale } = posteriorOf(s, q)
    return normalInverseWishartOf(mean, meanPrecision, degreesOfFreedom, scale)
  }

const jointMode = (q: NormalInverseWishart): Validated<MultivariateNormal> => {
  const mode = normalInverseWishart.mode(q)
  return O.isSome(mode)
    ? E.right(mode.value)
    : check.fail('scale', 'a matrix whose mode is positive definite in float64', 'too close to singular')
}

/** The same bits as by {@link update}, without the factor of its scale. */
const posteriorMode =
  (s: GaussianStatistics) =>
  (q: NormalInverseWishart): Validated<MultivariateNormal> => {
    const { mean, degreesOfFreedom, scale: psi } = posteriorOf(s, q)
    const covariance = scaleOwn(1 / (degreesOfFreedom + mean.length + 2))(psi)
    const factor = cholesky(covariance)
    const isValid = E.isRight(factor) && mean.every(Number.isFinite)
    return isValid ? E.right({ mean, covariance, cholesky: factor.right }) : E.chain(jointMode)(update(s)(q))
  }

/** The normal-inverse-Wishart as the prior of the mean and covariance of a multivariate normal. */
export const normalInverseWishartPrior: ConjugatePrior<
  NormalInverseWishart,
  MultivariateNormal,
  Vector,
  GaussianStatistics
> = guardedPair({
  family: normalInverseWishart,
  likelihood: multivariateNormal,
  monoid: q => gaussianMonoid(q.mean.length),
  observe: () => observeVector,
  fromStatistic: (weight, sum) => {
    // D + D^2 numbers.
    const columns = Math.round(Math.sqrt(sum.length + 0.25) - 0.5)
    const numbers = Array.from(sum)
    return fromSums(weight, numbers.slice(0, columns), numbers.slice(columns))
  },
  scale: scaleGaussian,
  evidence: s => {
    const sums = toSums(s)
    return toNatural(sums.sum, scale(-0.5)(sums.outer).data, -0.5 * s.weight, -0.5 * s.weight)
  },
  update,
  jointMode,
  posteriorMode,
  freeParameters: q => q.mean.length + (q.mean.length * (q.mean.length + 1)) / 2,
  translation: translationOfVectors(),
})
