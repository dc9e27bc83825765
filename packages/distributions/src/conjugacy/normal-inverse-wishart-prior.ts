import {
  add,
  addOuter,
  cholesky,
  dot,
  excessOfTrace,
  inverse,
  logDeterminant,
  type Matrix,
  scale,
  scaleOwn,
  stirlingError,
  subtract,
  tabulate,
  type Vector,
} from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as O from 'fp-ts/lib/Option.js'
import type { InverseWishart } from '../families/inverse-wishart.js'
import { type MultivariateNormal, multivariateNormal } from '../families/multivariate-normal.js'
import {
  type NormalInverseWishart,
  normalInverseWishart,
  normalInverseWishartOf,
} from '../families/normal-inverse-wishart.js'
import { toNatural } from '../family.js'
import { product, squaredLength } from '../math/products.js'
import { shapeOf } from '../math/wishart-moments.js'
import { vectors } from '../support.js'
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

/** log Gamma_D((nu + n)/2) - log Gamma_D(nu/2) by Stirling's formula and its error, so that large ones do not cancel. */
const growthOfGamma = (d: number, nu: number, n: number): number => {
  let sum = 0
  for (let j = 0; j < d; j++) {
    const [before, after] = [shapeOf(nu, j), shapeOf(nu + n, j)]
    sum +=
      (before - 0.5) * Math.log1p(n / 2 / before) +
      0.5 * n * (Math.log(after) - 1) +
      stirlingError(after) -
      stirlingError(before)
  }
  return sum
}

/** log|Psi + S| - log|Psi|, where it is small by the trace of Psi^-1 S, which does not cancel. */
const logRatio = ({ cholesky: before }: InverseWishart, scatter: Matrix, after: Matrix): number => {
  const trace = dot(inverse(before).data)(scatter.data)
  return Math.abs(trace) < 1 ? trace - excessOfTrace(before, after) : logDeterminant(after) - logDeterminant(before)
}

/**
 * log|Psi_N| by the determinant of Psi + S and a factor for the shift of the mean, beside which Psi + S drowns in Psi_N where
 * the data lie far from the prior mean: log|Psi + S| + log(1 + c |L^-1 (xbar - m)|^2) with c = kappa N/kappa_N and
 * L L' = Psi + S.
 */
const logEvidence =
  (s: GaussianStatistics) =>
  (q: NormalInverseWishart): Validated<number> => {
    const d = q.mean.length
    const { degreesOfFreedom: nu, scale: psi, cholesky: before } = q.covariance
    return pipe(
      check.positiveDefinite('scale', add(s.scatter)(psi), d),
      E.map(({ cholesky: factor }) => {
        const share = (q.meanPrecision / (q.meanPrecision + s.weight)) * s.weight
        const growth = product(share, squaredLength(subtract(q.mean)(s.mean), factor))
        const gain = logRatio(q.covariance, s.scatter, factor) + Math.log1p(growth)
        return (
          0.5 * s.weight * (d * Math.LN2 - logDeterminant(before) - gain) -
          0.5 * nu * gain +
          growthOfGamma(d, nu, s.weight) -
          0.5 * d * Math.log1p(s.weight / q.meanPrecision)
        )
      }),
    )
  }

/**
 * The normal-inverse-Wishart as the prior of the mean and covariance of a multivariate normal; observations are vectors of D
 * numbers. Its posterior has kappa_N = kappa + N, m_N = m + N/kappa_N (xbar - m), nu_N = nu + N and Psi_N = Psi + S + kappa
 * N/kappa_N (xbar - m)(xbar - m)', where S is the scatter about the mean xbar.
 * Source: Gelman et al., Bayesian Data Analysis, 3rd ed. (2013), section 3.6; Murphy, Machine Learning (2012), section
 * 4.6.3.3.
 */
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
  logEvidence,
  freeParameters: q => q.mean.length + (q.mean.length * (q.mean.length + 1)) / 2,
  translation: translationOfVectors(),
})

/**
 * The same pair for observations of exactly `columns` numbers, which can be one column of a table: a block of numbers that vary
 * together, beside counts and categories.
 */
export const normalInverseWishartPriorOf = (
  columns: number,
): typeof normalInverseWishartPrior & { readonly block: number } => {
  const { family, likelihood } = normalInverseWishartPrior
  const ofColumns =
    <P extends { readonly mean: Vector }>(member: ((value: unknown) => Validated<P>) | undefined) =>
    (value: unknown): Validated<P> =>
      E.chain((p: P) =>
        p.mean.length === columns ? E.right(p) : check.fail('mean', `${columns} numbers`, `${p.mean.length} of them`),
      )(member!(value))
  return {
    ...normalInverseWishartPrior,
    family: { ...family, member: ofColumns(family.member) },
    likelihood: {
      ...likelihood,
      support: vectors(`a list of ${columns} finite numbers`),
      member: ofColumns(likelihood.member),
    },
    block: columns,
  }
}
