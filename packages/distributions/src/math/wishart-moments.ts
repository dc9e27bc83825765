import {
  excessOfTrace,
  LOG_2PI,
  logDeterminant,
  logGammaLess,
  logMinusDigamma,
  type Matrix,
  multivariateLogGamma,
  positiveRoot,
  scale,
  square,
  stirlingError,
  trigamma,
  trigammaMinusReciprocal,
  type Vector,
} from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as O from 'fp-ts/lib/Option.js'
import { divergenceOfShapes, gammaEntropyAndLogs } from '../families/gamma.js'
import { greaterThan, lessThan } from '../requirements.js'
import type { Validated, Validator } from '../validation.js'
import { integrateUnit } from './gauss.js'
import { orInfinity } from './products.js'

/** (nu - j)/2, which is not 0: the shape of the gamma that is the j-th factor of the determinant of a Wishart. */
export const shapeOf = (nu: number, j: number): number => Math.max((nu - j) / 2, Number.MIN_VALUE)

/** Degrees of freedom below this, as those of one number may have, put a mean beyond float64. */
export const TINY = 1e-100

/** Beyond this, log Gamma is x (log x - 1) to the last digit. */
const VAST = 1e290

/**
 * The nu > D - 1 with D log(nu/2) - psi_D(nu/2) = gap, for a gap > 0. For X ~ W(nu, V) it is log|E X| - E log|X|, whatever V.
 * As a function of 1/(nu - D + 1) it is nearly a line.
 */
export const degreesOfFreedomOf = (dimension: number, gap: number): number => {
  const root = positiveRoot(u => {
    const excess = 1 / u
    const nu = excess + dimension - 1
    let [value, slope] = [-gap, 0]
    for (let j = 0; j < dimension; j++) {
      const rest = excess + (dimension - 1 - j)
      value += logMinusDigamma(rest / 2) + Math.log1p(j / rest)
      slope += 0.5 * trigammaMinusReciprocal(rest / 2) + j / nu / rest
    }
    return { value, slope: slope * excess * excess }
  }, gap)
  return 1 / root + dimension - 1
}

/** log of 2^(nu D/2) Gamma_D(nu/2) e^(-nu logDet/2), where the logDet of a Wishart is -log|V| and that of its inverse log|Psi|. */
export const normaliserOfWishart = (d: number, nu: number, logDet: number): number =>
  d === 1
    ? logGammaLess(shapeOf(nu, 0), logDet - Math.LN2)
    : nu < VAST
      ? (nu / 2) * (d * Math.LN2 - logDet) + multivariateLogGamma(d)(nu / 2)
      : (nu / 2) * (d * (Math.log(nu) - 1) - logDet)

/**
 * Half of D nu (log(nu/2) - 1) less log Gamma_D(nu/2), whose large terms cancel: the log normaliser of a Wishart's density
 * about its mean, by Stirling's formula and its error.
 */
export const logPeakOfWishart = (d: number, nu: number): number => {
  let sum = -0.25 * d * (d - 1) * Math.log(Math.PI)
  for (let j = 0; j < d; j++) {
    const shape = shapeOf(nu, j)
    sum +=
      -(nu / 2) * Math.log1p(-j / nu) - 0.5 * j + 0.5 * (j + 1) * Math.log(shape) - 0.5 * LOG_2PI - stirlingError(shape)
  }
  return sum
}

/**
 * What of the divergence of two Wisharts depends on their degrees of freedom alone: that of
 * g(a) = log Gamma_D(a) - D a (log a - 1) as a Bregman divergence from b = other/2 of a = nu/2. As of shapes of gammas, it is
 * an integral of g'' where the two are close.
 */
export const divergenceOfFreedom = (d: number, nu: number, other: number): number => {
  const [a, b] = [shapeOf(nu, 0), shapeOf(other, 0)]
  const h = b - a
  if (d === 1) return divergenceOfShapes(a, b)
  if (Math.abs(h) < 0.5 * shapeOf(nu, d - 1)) {
    const curvature = (x: number) => {
      let sum = 0
      for (let j = 0; j < d; j++) sum += trigammaMinusReciprocal(x - j / 2) + j / 2 / x / (x - j / 2)
      return sum
    }
    return h * (h * integrateUnit(u => (1 - u) * curvature(a + u * h)))
  }
  let sum = 0
  for (let j = 0; j < d; j++) {
    const [before, after] = [shapeOf(nu, j), shapeOf(other, j)]
    sum +=
      divergenceOfShapes(before, after) +
      b * (Math.log1p(-j / other) - Math.log1p(-j / nu)) -
      (j / 2) * (Math.log(after) - Math.log(before))
  }
  return sum
}

/** Var log|X| for X ~ W(nu, V), whatever V: the sum of trigamma((nu - j)/2) for j < D. */
export const varianceOfLogDeterminant = (dimension: number, nu: number): number => {
  let sum = 0
  for (let j = 0; j < dimension; j++) sum += trigamma(shapeOf(nu, j))
  return sum
}

/** Cov(X_ij, X_kl) = nu (V_ik V_jl + V_il V_jk) for X ~ W(nu, V), by the row-major indices of the two entries. */
export const covarianceOfEntries =
  (nu: number, { rows: d, data: v }: Matrix) =>
  (a: number, b: number): number => {
    const [i, j, k, l] = [Math.floor(a / d), a % d, Math.floor(b / d), b % d]
    return nu * (v[i * d + k]! * v[j * d + l]! + v[i * d + l]! * v[j * d + k]!)
  }

/** The covariance of (sign log|X|, X) for X ~ W(nu, V): with sign -1, that of an inverse Wishart's statistic. */
export const covarianceOfStatistic = (nu: number, v: Matrix, sign: 1 | -1): Matrix => {
  const ofEntries = covarianceOfEntries(nu, v)
  return square(1 + v.data.length, (a, b) => {
    if (a === 0 && b === 0) return varianceOfLogDeterminant(v.rows, nu)
    return a === 0 || b === 0 ? 2 * sign * v.data[a + b - 1]! : ofEntries(a - 1, b - 1)
  })
}

/**
 * The entropy of a Wishart whose scale has a log determinant, and so many times E log|X|. It is that of the gammas of shapes
 * (nu - j)/2 that |X| is a product of, in which terms of the size of nu log nu have been cancelled by hand.
 */
export const wishartEntropyAndLogs = (d: number, nu: number, logDet: number, times: number): number => {
  let entropy = (0.5 * (d + 1) + times) * (d * Math.LN2 + logDet) + 0.25 * d * (d - 1) * Math.log(Math.PI)
  for (let j = 0; j < d; j++) entropy += gammaEntropyAndLogs(shapeOf(nu, j), 0.5 * (d - 1 - j) + times) + 0.5 * j
  return entropy
}

/**
 * KL of two Wisharts, by their degrees of freedom and the Cholesky factors A of the other scale and B of its own; of two
 * inverse Wisharts, A of its own and B of the other. What is of the size of nu becomes one divergence of the means.
 */
export const divergenceOfWisharts = (nu: number, other: number, factorA: Matrix, factorB: Matrix): number => {
  const betweenMeans = 0.5 * other * excessOfTrace(factorA, scale(Math.sqrt(nu / other))(factorB))
  return orInfinity(betweenMeans + divergenceOfFreedom(factorA.rows, nu, other))
}

/** A Wishart's degrees of freedom, and what the mean of its matrix, or of its inverse, is. */
interface Expected {
  readonly degreesOfFreedom: number
  readonly mean: { readonly matrix: Matrix; readonly cholesky: Matrix }
}

/**
 * What the numbers t = (E log|X|, E Y) tell, of Y = X for a Wishart, and of Y = X^-1 for the inverse of one: log|E Y| less
 * E log|Y| tells the degrees of freedom, whatever the scale. Errors: no such matrix has these expectations.
 */
export const expectedWishart = (check: Validator, t: Vector, name: 'E[X]' | 'E[X^-1]'): Validated<Expected> => {
  const d = Math.round(Math.sqrt(t.length - 1))
  const sign = name === 'E[X]' ? 1 : -1
  return pipe(
    check.statistic(t, 1 + d * d),
    E.chain(() =>
      check.positiveDefinite(
        name,
        square(d, (i, j) => t[1 + i * d + j]!),
      ),
    ),
    E.bindTo('mean'),
    E.bind('gap', ({ mean }) => {
      const logDet = logDeterminant(mean.cholesky)
      return pipe(
        check.scalar('expectedStatistic[0]', t[0]!, sign > 0 ? lessThan(logDet) : greaterThan(-logDet)),
        E.map(meanLogDet => logDet - sign * meanLogDet),
      )
    }),
    E.map(({ mean, gap }) => ({ mean, degreesOfFreedom: degreesOfFreedomOf(d, gap) })),
  )
}

/**
 * The variance of each entry of X (D x D) for X ~ IW(nu, Psi): it exists where the mean does, nu > D + 1, and is Infinity up to
 * nu = D + 3. Source: von Rosen, Moments for the inverted Wishart distribution (1988).
 */
export const varianceOfInverse = (nu: number, { rows: d, data }: Matrix): O.Option<Matrix> => {
  const m = nu - d
  if (!(m > 1)) return O.none
  if (!(m > 3)) return O.some(square(d, () => Number.POSITIVE_INFINITY))
  const mean = (i: number, j: number) => data[i * d + j]! / (m - 1)
  return O.some(
    square(d, (i, j) => (((m + 1) / m) * mean(i, j) ** 2 + ((m - 1) / m) * mean(i, i) * mean(j, j)) / (m - 3)),
  )
}
