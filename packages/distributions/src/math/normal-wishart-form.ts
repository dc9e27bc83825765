import { addOuter, dot, type Matrix, multiply, scale, solve, square, type Vector } from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { type InverseWishart, inverseWishart } from '../families/inverse-wishart.js'
import type { MultivariateNormal } from '../families/multivariate-normal.js'
import { type Natural, type Statistic, toNatural, toStatistic } from '../family.js'
import { greaterThan } from '../requirements.js'
import type { Validated, Validator } from '../validation.js'
import { orInfinity } from './products.js'

// The blocks of the exponential form of a normal-inverse-Wishart: D, D x D, 1 and 1 numbers, end to end.

/** A normal-inverse-Wishart, which its family tells from others. */
interface Member {
  readonly mean: Vector
  readonly meanPrecision: number
  readonly covariance: InverseWishart
}

/** What makes one. */
interface Parameters {
  readonly mean: Vector
  readonly meanPrecision: number
  readonly degreesOfFreedom: number
  readonly scale: Matrix
}

export const natural = <P extends Member>(p: P): Natural<P> =>
  toNatural(
    Float64Array.from(p.mean, v => p.meanPrecision * v),
    scale(-0.5)(addOuter(p.meanPrecision, p.mean)(p.covariance.scale)).data,
    -0.5 * p.meanPrecision,
    -0.5 * (p.covariance.degreesOfFreedom + p.mean.length + 2),
  )

/** The dimension D of D + D^2 + 2 flattened numbers. */
const dimensionOf = (length: number): number => Math.round((Math.sqrt(4 * length - 7) - 1) / 2)

/** The parameters that natural ones stand for, which are still to be checked. */
export const parametersOfNatural = (eta: Vector): Parameters => {
  const d = dimensionOf(eta.length)
  const meanPrecision = -2 * eta[d + d * d]!
  const m = Float64Array.from({ length: d }, (_, i) => eta[i]! / meanPrecision)
  return {
    mean: m,
    meanPrecision,
    degreesOfFreedom: -2 * eta[d + d * d + 1]! - d - 2,
    scale: square(d, (i, j) => -2 * eta[d + i * d + j]! - meanPrecision * m[i]! * m[j]!),
  }
}

export const statistic = <P extends Member>(x: MultivariateNormal): Statistic<P> => {
  const precisionMean = solve(x.mean)(x.cholesky)
  const [logDet, ...precision] = inverseWishart.statistic(x.covariance)
  return toStatistic(precisionMean, precision, dot(x.mean)(precisionMean), logDet!)
}

export const expectedStatistic = <P extends Member>(p: P): Statistic<P> => {
  const nu = p.covariance.degreesOfFreedom
  const precisionMean = solve(p.mean)(p.covariance.cholesky).map(v => nu * v)
  const square = dot(p.mean)(precisionMean)
  const [logDet, ...precision] = inverseWishart.expectedStatistic(p.covariance)
  return toStatistic(precisionMean, precision, p.mean.length / p.meanPrecision + orInfinity(square), logDet!)
}

/** (nu Psi^-1)^-1 times E[Sigma^-1 mu]. */
const meanOf =
  ({ degreesOfFreedom, scale: psi }: InverseWishart) =>
  (precisionMean: Vector): Float64Array =>
    multiply(precisionMean)(scale(1 / degreesOfFreedom)(psi))

/** The parameters whose expected statistic is t. Errors: there are none. */
export const parametersOfStatistic = (check: Validator, t: Vector): Validated<Parameters> => {
  const d = dimensionOf(t.length)
  const precisionMean = Float64Array.from({ length: d }, (_, i) => t[i]!)
  const precision = square(d, (i, j) => t[d + i * d + j]!)
  return pipe(
    check.statistic(t, d + d * d + 2),
    E.chain(() => inverseWishart.fromExpectedStatistic(toStatistic(t[d + d * d + 1]!, precision.data))),
    E.orElseW(e => check.fail(e.parameter.replace('[0]', `[${d + d * d + 1}]`), e.expected, e.received)),
    E.bindTo('covariance'),
    E.bind('mean', ({ covariance }) => E.right(meanOf(covariance)(precisionMean))),
    E.bind('known', ({ mean }) => E.right(dot(mean)(precisionMean))),
    E.bind('square', ({ known }) => check.scalar(`expectedStatistic[${d + d * d}]`, t[d + d * d]!, greaterThan(known))),
    E.map(({ covariance, mean, known, square }) => ({ mean, meanPrecision: d / (square - known), ...covariance })),
  )
}
