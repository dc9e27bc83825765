import { diagonal, type Matrix, square, tabulate, type Vector } from '@conjugate/linalg'
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
import { drawDirection } from '../math/direction-draws.js'
import { concentrationOfCosine, logGrowth, SMALL_CONCENTRATION, sphereMoments } from '../math/sphere-moments.js'
import { aNumber, aVector, members } from '../member.js'
import { finite, nonNegative } from '../requirements.js'
import { identity } from '../statistic.js'
import { vectors } from '../support.js'
import { EXPECTED_STATISTIC, type Validated, validator } from '../validation.js'

/** Von Mises-Fisher on the unit sphere of R^D, D >= 2. Made by `vonMisesFisher.make`. */
export interface VonMisesFisher extends MemberOf<'VonMisesFisher'> {
  /** mu, D numbers of length 1. Where the concentration is 0 it means nothing. */
  readonly meanDirection: Vector
  /** kappa >= 0, which has no unit; at 0 the distribution is uniform. */
  readonly concentration: number
}

/** The family of von Mises-Fisher distributions. The density is with respect to the surface of the sphere. */
export interface VonMisesFisherFamily extends ExponentialFamily<VonMisesFisher, Vector> {
  /**
   * Validates the parameters and copies the direction, divided by its length. Errors: fewer than two numbers, or one that is
   * not finite; a length that is not 1 to 1e-6; a concentration that is negative or not finite.
   */
  readonly make: (parameters: {
    readonly meanDirection: ArrayLike<number>
    readonly concentration: number
  }) => Validated<VonMisesFisher>
  /** The D x D covariance matrix. */
  readonly covariance: (p: VonMisesFisher) => Matrix
}

const name = 'VonMisesFisher'
const check = validator(name)

/** As for probabilities: rounding, or float32 input. */
const LENGTH_TOLERANCE = 1e-6

const norm = (x: Vector): number => Math.hypot(...x)
const divided = (x: Vector, by: number): Float64Array => tabulate(x.length, i => x[i]! / by)
const onSphere = (x: Vector): boolean => Math.abs(norm(x) - 1) <= LENGTH_TOLERANCE

const plane = (parameter: string, values: Vector): Validated<Vector> =>
  values.length >= 2
    ? check.vector(parameter, values, finite)
    : check.fail(parameter, 'at least two numbers', values.length)

const make: VonMisesFisherFamily['make'] = ({ meanDirection, concentration }) =>
  pipe(
    E.Do,
    E.bind('meanDirection', () =>
      pipe(
        plane('meanDirection', Float64Array.from(meanDirection)),
        E.chain(v =>
          onSphere(v) ? E.right(divided(v, norm(v))) : check.fail('meanDirection', 'a vector of length 1', norm(v)),
        ),
      ),
    ),
    E.bind('concentration', () => check.scalar('concentration', concentration, nonNegative)),
  )

/** The member of a direction given by a vector of any length; of none, the first axis, which the uniform one does not see. */
const towards = (vector: Vector, length: number, concentration: number): Validated<VonMisesFisher> =>
  make({
    meanDirection: length > 0 ? divided(vector, length) : tabulate(vector.length, i => (i === 0 ? 1 : 0)),
    concentration,
  })

const moments = (p: VonMisesFisher) => sphereMoments(p.meanDirection.length, p.concentration)

const squaredDistance = (x: Vector, y: Vector): number => {
  let sum = 0
  for (let i = 0; i < x.length; i++) sum += (x[i]! - y[i]!) ** 2
  return sum
}

/** By 1 - mu'x = |x - mu|^2/2, which keeps its digits about the mode. */
const logProb = (p: VonMisesFisher): ((x: Vector) => number) => {
  const { logIntegral } = moments(p)
  return x =>
    x.length === p.meanDirection.length && onSphere(x)
      ? -0.5 * p.concentration * squaredDistance(x, p.meanDirection) - logIntegral
      : Number.NEGATIVE_INFINITY
}

const mean = (p: VonMisesFisher): Float64Array => {
  const { meanCosine } = moments(p)
  return Float64Array.from(p.meanDirection, v => meanCosine * v)
}

/** The variance of mu'x along mu, and E t/kappa across it. */
const covariance = (p: VonMisesFisher): Matrix => {
  const mu = p.meanDirection
  const { variance, slope } = moments(p)
  return square(mu.length, (i, j) => {
    const product = mu[i]! * mu[j]!
    // Sums, since the variance along mu is far smaller where the concentration is large.
    return i === j ? variance * product + slope * (1 - product) : (variance - slope) * product
  })
}

const logNormaliser = (p: VonMisesFisher): number => moments(p).logIntegral + p.concentration

const entropy = (p: VonMisesFisher): number => {
  const { logIntegral, meanDefect } = moments(p)
  return logIntegral + p.concentration * meanDefect
}

/** Without A itself, which is as large as kappa; for two small concentrations from what they add to the uniform's A. */
const klDivergence = (p: VonMisesFisher): ((q: VonMisesFisher) => number) => {
  const [at, k, dimension] = [moments(p), p.concentration, p.meanDirection.length]
  return q => {
    const turn = 0.5 * squaredDistance(p.meanDirection, q.meanDirection)
    const l = q.concentration
    return Math.max(k, l) <= SMALL_CONCENTRATION
      ? logGrowth(dimension, l) - logGrowth(dimension, k) + (k - l * (1 - turn)) * at.meanCosine
      : moments(q).logIntegral - at.logIntegral + (l - k) * at.meanDefect + l * turn * at.meanCosine
  }
}

const fromNatural = (eta: Natural<VonMisesFisher>): Validated<VonMisesFisher> =>
  pipe(
    plane('natural', eta),
    E.chain(v => towards(v, norm(v), norm(v))),
  )

/** The direction of t, and the concentration whose mean is as long. */
const fromExpectedStatistic = (t: Statistic<VonMisesFisher>): Validated<VonMisesFisher> =>
  pipe(
    plane(EXPECTED_STATISTIC, t),
    E.chain(v => {
      const length = norm(v)
      return length < 1
        ? towards(v, length, concentrationOfCosine(v.length, length))
        : check.fail(EXPECTED_STATISTIC, 'a vector shorter than 1', `of length ${length}`)
    }),
  )

/**
 * The von Mises-Fisher as an exponential family: t(x) = x, eta = kappa mu,
 * A = (D/2) log(2 pi) + log I_{D/2-1}(kappa) - (D/2 - 1) log kappa, h = 1 on the sphere. The uniform member has no mode.
 * Source: Mardia and Jupp, Directional Statistics (2000), section 9.3.2.
 *
 * @support unit vectors of D numbers
 * @prior von Mises-Fisher of the mean direction, for a known concentration (`meanDirectionPrior(concentration)`)
 * @example
 * import { vonMisesFisher } from '@conjugate/distributions'
 * import * as E from 'fp-ts/lib/Either.js'
 *
 * const p = vonMisesFisher.make({ meanDirection: [0, 0, 1], concentration: 2 })
 * if (E.isRight(p)) console.log(vonMisesFisher.logProb(p.right)([0, 0, 1]).toFixed(4)) // prints -1.1262
 */
export const vonMisesFisher: VonMisesFisherFamily = guarded<VonMisesFisherFamily>({
  name,
  support: vectors('a unit vector'),
  make,
  logProb,
  sample: p => drawDirection(p.meanDirection, p.concentration),
  mean: p => O.some(mean(p)),
  variance: p => O.some(diagonal(covariance(p))),
  covariance,
  mode: p => (p.concentration > 0 ? O.some(p.meanDirection) : O.none),
  entropy,
  klDivergence,
  statistic: x => toStatistic(x),
  statisticExpression: identity,
  compared: x => x,
  logBaseMeasure: x => (onSphere(x) ? 0 : Number.NEGATIVE_INFINITY),
  natural: p => toNatural(Float64Array.from(p.meanDirection, v => p.concentration * v)),
  fromNatural,
  logNormaliser,
  expectedStatistic: p => toStatistic(mean(p)),
  fromExpectedStatistic,
  member: members(name, { meanDirection: aVector, concentration: aNumber }, make),
  fisherInformation: covariance,
})
