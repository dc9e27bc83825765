import { logGamma, logMinusDigamma, logMultivariateBeta } from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as O from 'fp-ts/lib/Option.js'
import type { Distribution, MemberOf } from '../family.js'
import { guarded } from '../guarded.js'
import { heldFinite, heldPositive, logGammaDraw } from '../math/draws.js'
import type { Random } from '../random.js'
import { finite, positive } from '../requirements.js'
import { finiteNumbers } from '../support.js'
import { type Validated, validator } from '../validation.js'

/** Student's t on the real line, moved and scaled. Made by `studentT.make`. */
export interface StudentT extends MemberOf<'StudentT'> {
  /** nu > 0, which has no unit: the fewer, the heavier are the tails. */
  readonly degreesOfFreedom: number
  /** The centre, in units of the data. */
  readonly location: number
  /** > 0, in units of the data; the standard deviation is greater, or infinite. */
  readonly scale: number
}

/** Student's t distributions. `X` are numbers. They are no exponential family. */
export interface StudentTDistribution extends Distribution<StudentT, number> {
  /** Validates the parameters. Errors: a location that is not finite; another that is not positive and finite. */
  readonly make: (parameters: StudentT) => Validated<StudentT>
}

const name = 'StudentT'
const check = validator(name)

const make: StudentTDistribution['make'] = ({ degreesOfFreedom, location, scale }) =>
  pipe(
    E.Do,
    E.bind('degreesOfFreedom', () => check.scalar('degreesOfFreedom', degreesOfFreedom, positive)),
    E.bind('location', () => check.scalar('location', location, finite)),
    E.bind('scale', () => check.scalar('scale', scale, positive)),
  )

/** nu/2, which is not 0. */
const halfOf = (degreesOfFreedom: number): number => Math.max(degreesOfFreedom / 2, Number.MIN_VALUE)

/** The log density at 0 of the standard t of D dimensions: log Gamma((nu + D)/2) / (Gamma(nu/2) (nu pi)^(D/2)). */
export const logPeak = (degreesOfFreedom: number, dimension: number): number =>
  logGamma(dimension / 2) -
  logMultivariateBeta([halfOf(degreesOfFreedom), dimension / 2]) -
  0.5 * dimension * (Math.log(degreesOfFreedom) + Math.log(Math.PI))

/** From here on, log(1 + r^2) is 2 log r, while the square need not be in float64. */
const FAR = 1e100

/** log(1 + r^2) of a distance r in units of the root of nu. */
const logGrowth = (r: number): number => (r < FAR ? Math.log1p(r * r) : 2 * Math.log(r))

/** The log density of the standard t of D dimensions at a distance, less that at 0. */
export const logFall =
  (degreesOfFreedom: number, dimension: number) =>
  (distance: number): number =>
    -0.5 * (degreesOfFreedom + dimension) * logGrowth(distance / Math.sqrt(degreesOfFreedom))

/**
 * Entropy of the standard t of D dimensions. The difference of digammas, which vanishes as nu grows, is taken from that of
 * the logarithms.
 */
export const standardEntropy = (degreesOfFreedom: number, dimension: number): number => {
  const ofDigammas =
    Math.log1p(dimension / degreesOfFreedom) +
    logMinusDigamma(halfOf(degreesOfFreedom)) -
    logMinusDigamma((degreesOfFreedom + dimension) / 2)
  return 0.5 * (degreesOfFreedom + dimension) * ofDigammas - logPeak(degreesOfFreedom, dimension)
}

/** The variance for a scale of 1: infinite for 1 < nu <= 2, without a value below. */
export const standardVariance = (degreesOfFreedom: number): O.Option<number> => {
  if (degreesOfFreedom <= 1) return O.none
  return O.some(degreesOfFreedom > 2 ? degreesOfFreedom / (degreesOfFreedom - 2) : Number.POSITIVE_INFINITY)
}

const logProb = ({ degreesOfFreedom, location, scale }: StudentT): ((x: number) => number) => {
  const constant = logPeak(degreesOfFreedom, 1) - Math.log(scale)
  const fall = logFall(degreesOfFreedom, 1)
  return x => (Number.isNaN(x) ? Number.NEGATIVE_INFINITY : constant + fall(Math.abs((x - location) / scale)))
}

/**
 * One over the root of a gamma of shape nu/2 and mean 1, by its logarithm: a gamma of a small shape underflows long before
 * its root would.
 */
export const drawSpread =
  (degreesOfFreedom: number) =>
  (random: Random): number => {
    const shape = halfOf(degreesOfFreedom)
    return shape < 1
      ? heldPositive(Math.exp(0.5 * (Math.log(shape) - logGammaDraw(shape)(random))))
      : Math.sqrt(shape / random.gamma(shape))
  }

/**
 * Student's t: what is predicted of a normal whose mean and variance have a normal-inverse-gamma law. Its mean exists for
 * nu > 1; its variance is Infinity for 1 < nu <= 2.
 * Source: Gelman et al., Bayesian Data Analysis, 3rd ed. (2013), appendix A.
 *
 * @support numbers
 * @prior predicted by a normal-inverse-gamma (`normalInverseGammaPredictive`)
 * @example
 * import { studentT } from '@conjugate/distributions'
 * import * as E from 'fp-ts/lib/Either.js'
 *
 * const p = studentT.make({ degreesOfFreedom: 4, location: 0, scale: 1 })
 * if (E.isRight(p)) console.log(studentT.logProb(p.right)(0).toFixed(4)) // prints -0.9808
 */
export const studentT: StudentTDistribution = guarded<StudentTDistribution>({
  name,
  support: finiteNumbers,
  make,
  logProb,
  sample:
    ({ degreesOfFreedom: nu, location, scale }) =>
    random =>
      heldFinite(location + scale * random.normal() * drawSpread(nu)(random)),
  mean: p => (p.degreesOfFreedom > 1 ? O.some(p.location) : O.none),
  variance: p =>
    pipe(
      standardVariance(p.degreesOfFreedom),
      O.map(v => v * p.scale * p.scale),
    ),
  mode: p => O.some(p.location),
  entropy: p => standardEntropy(p.degreesOfFreedom, 1) + Math.log(p.scale),
})
