import {
  diagonal,
  logDeterminant,
  type Matrix,
  type MatrixLike,
  multiply,
  scale,
  solveLower,
  subtract,
  type Vector,
} from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as O from 'fp-ts/lib/Option.js'
import type { Distribution, MemberOf } from '../family.js'
import { guarded } from '../guarded.js'
import { heldFinite } from '../math/draws.js'
import { orInfinity } from '../math/products.js'
import type { Random } from '../random.js'
import { finite, positive } from '../requirements.js'
import { finiteVectors } from '../support.js'
import { inSpace, type Validated, validator } from '../validation.js'
import { drawSpread, logFall, logPeak, standardEntropy, standardVariance } from './student-t.js'

/** Student's t on R^D. Made by `multivariateStudentT.make`. */
export interface MultivariateStudentT extends MemberOf<'MultivariateStudentT'> {
  /** nu > 0, which has no unit: the fewer, the heavier are the tails. */
  readonly degreesOfFreedom: number
  /** The centre, of D numbers, in units of the data. */
  readonly location: Vector
  /** D x D, symmetric positive definite, in squared units of the data. */
  readonly scale: Matrix
  /** The lower Cholesky factor of the scale. */
  readonly cholesky: Matrix
}

/** Student's t distributions of D dimensions. `X` are vectors of D numbers. They are no exponential family. */
export interface MultivariateStudentTDistribution extends Distribution<MultivariateStudentT, Vector> {
  /**
   * Validates and copies the parameters. Errors: degrees of freedom that are not positive and finite; a location that is
   * empty or not finite; a scale that is not D x D, symmetric and positive definite.
   */
  readonly make: (parameters: {
    readonly degreesOfFreedom: number
    readonly location: ArrayLike<number>
    readonly scale: MatrixLike
  }) => Validated<MultivariateStudentT>
  /** The D x D covariance matrix nu/(nu - 2) scale; `none` for nu <= 2. */
  readonly covariance: (p: MultivariateStudentT) => O.Option<Matrix>
}

const name = 'MultivariateStudentT'
const check = validator(name)

const make: MultivariateStudentTDistribution['make'] = parameters =>
  pipe(
    E.Do,
    E.bind('degreesOfFreedom', () => check.scalar('degreesOfFreedom', parameters.degreesOfFreedom, positive)),
    E.bind('location', () => check.vector('location', parameters.location, finite)),
    E.bind('positive', ({ location }) => check.positiveDefinite('scale', parameters.scale, location.length)),
    E.map(({ degreesOfFreedom, location, positive: { matrix, cholesky } }) => ({
      degreesOfFreedom,
      location,
      scale: matrix,
      cholesky,
    })),
  )

/** Infinity where one of the numbers is beyond float64, or none of it. */
const lengthOf = (x: Vector): number => orInfinity(Math.hypot(...x))

const logProb = (p: MultivariateStudentT): ((x: Vector) => number) => {
  const d = p.location.length
  const constant = logPeak(p.degreesOfFreedom, d) - 0.5 * logDeterminant(p.cholesky)
  const fall = logFall(p.degreesOfFreedom, d)
  return x => {
    if (!inSpace(x, d)) return Number.NEGATIVE_INFINITY
    return constant + fall(lengthOf(solveLower(subtract(p.location)(x))(p.cholesky)))
  }
}

/** A normal over the root of an independent gamma of mean 1. */
const sample =
  ({ degreesOfFreedom: nu, location, cholesky }: MultivariateStudentT) =>
  (random: Random): Vector => {
    const noise = Float64Array.from(location, () => random.normal())
    const spread = drawSpread(nu)(random)
    return multiply(noise)(cholesky).map((v, i) => heldFinite(location[i]! + spread * v))
  }

const variance = (p: MultivariateStudentT): O.Option<Vector> =>
  pipe(
    standardVariance(p.degreesOfFreedom),
    O.map(v => diagonal(scale(v)(p.scale))),
  )

/**
 * Student's t of D dimensions: what is predicted of a multivariate normal whose mean and covariance have a
 * normal-inverse-Wishart law. Its mean exists for nu > 1; its variances are Infinity for 1 < nu <= 2.
 * Source: Gelman et al., Bayesian Data Analysis, 3rd ed. (2013), appendix A.
 *
 * @support vectors of D numbers
 * @prior predicted by a normal-inverse-Wishart (`normalInverseWishartPredictive`)
 * @example
 * import { multivariateStudentT } from '@conjugate/distributions'
 * import * as E from 'fp-ts/lib/Either.js'
 *
 * const p = multivariateStudentT.make({ degreesOfFreedom: 4, location: [0, 0], scale: [[1, 0], [0, 1]] })
 * if (E.isRight(p)) console.log(multivariateStudentT.logProb(p.right)([0, 0]).toFixed(4)) // prints -1.8379
 */
export const multivariateStudentT: MultivariateStudentTDistribution = guarded<MultivariateStudentTDistribution>({
  name,
  support: finiteVectors,
  make,
  logProb,
  sample,
  mean: p => (p.degreesOfFreedom > 1 ? O.some(p.location) : O.none),
  variance,
  covariance: p =>
    p.degreesOfFreedom > 2 ? O.some(scale(p.degreesOfFreedom / (p.degreesOfFreedom - 2))(p.scale)) : O.none,
  mode: p => O.some(p.location),
  entropy: p => standardEntropy(p.degreesOfFreedom, p.location.length) + 0.5 * logDeterminant(p.cholesky),
})
