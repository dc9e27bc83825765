import {
  cholesky,
  excessOfTrace,
  inverse,
  logDeterminant,
  type Matrix,
  type MatrixLike,
  multivariateDigamma,
  scale,
  square,
  traceOfQuotient,
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
import { drawInverseWishart } from '../math/bartlett.js'
import { heldMatrix } from '../math/products.js'
import {
  covarianceOfStatistic,
  divergenceOfWisharts,
  expectedWishart,
  logPeakOfWishart,
  normaliserOfWishart,
  shapeOf,
  TINY,
  varianceOfInverse,
  wishartEntropyAndLogs,
} from '../math/wishart-moments.js'
import { aMatrix, aNumber, isFactorOf, members } from '../member.js'
import { greaterThan } from '../requirements.js'
import { type Validated, validator } from '../validation.js'

/** IW(degreesOfFreedom, scale) on symmetric positive definite D x D matrices. Made by `inverseWishart.make`. */
export interface InverseWishart extends MemberOf<'InverseWishart'> {
  /** nu > D - 1: as a prior of a covariance, how many observations it is worth. */
  readonly degreesOfFreedom: number
  /** Psi, D x D symmetric positive definite, in the units of a covariance. */
  readonly scale: Matrix
  /** The lower Cholesky factor of the scale. */
  readonly cholesky: Matrix
}

/** The family of inverse Wisharts. `X` are symmetric positive definite matrices, and so are the shapes of variances. */
export interface InverseWishartFamily extends ExponentialFamily<InverseWishart, Matrix> {
  /**
   * Validates and copies the parameters. Errors: a scale that is not D x D, symmetric and positive definite; degrees of
   * freedom that are not greater than D - 1.
   */
  readonly make: (parameters: {
    readonly degreesOfFreedom: number
    readonly scale: MatrixLike
  }) => Validated<InverseWishart>
}

const name = 'InverseWishart'
const check = validator(name)

/** From a scale that has been checked. */
const withScale = (
  scale: Validated<{ readonly matrix: Matrix; readonly cholesky: Matrix }>,
  nu: number,
): Validated<InverseWishart> => {
  if (E.isLeft(scale)) return scale
  const { matrix, cholesky } = scale.right
  const degreesOfFreedom = check.scalar('degreesOfFreedom', nu, greaterThan(matrix.rows - 1))
  return E.isLeft(degreesOfFreedom)
    ? degreesOfFreedom
    : E.right({ degreesOfFreedom: degreesOfFreedom.right, scale: matrix, cholesky })
}

const make: InverseWishartFamily['make'] = parameters =>
  withScale(check.positiveDefinite('scale', parameters.scale), parameters.degreesOfFreedom)

/** The same from a matrix that nobody else will write to, without a copy. */
export const inverseWishartOf = (degreesOfFreedom: number, scale: Matrix): Validated<InverseWishart> =>
  withScale(check.ownPositiveDefinite('scale', scale), degreesOfFreedom)

/** log of 2^(nu D/2) Gamma_D(nu/2) / |Psi|^(nu/2). */
const logNormaliser = ({ degreesOfFreedom: nu, scale: psi, cholesky: factor }: InverseWishart): number =>
  normaliserOfWishart(psi.rows, nu, logDeterminant(factor))

/**
 * The log density of a matrix whose Cholesky factor is known, from what its inverse is off the mean nu Psi^-1: of large
 * degrees of freedom the normaliser and the trace are large, and cancel.
 */
export const logProbOfFactor = (p: InverseWishart): ((factor: Matrix) => number) => {
  const [d, nu] = [p.scale.rows, p.degreesOfFreedom]
  if (nu < TINY) {
    // There is no mean within float64, and nothing large to cancel.
    const normaliser = logNormaliser(p)
    return factor =>
      -0.5 * (nu + d + 1) * logDeterminant(factor) - 0.5 * traceOfQuotient(factor, p.cholesky) - normaliser
  }
  const constant = logPeakOfWishart(d, nu)
  const factorOfMean = scale(1 / Math.sqrt(nu))(p.cholesky)
  return factor => constant - 0.5 * nu * excessOfTrace(factor, factorOfMean) - 0.5 * (d + 1) * logDeterminant(factor)
}

const logProb = (p: InverseWishart): ((x: Matrix) => number) => {
  const ofFactor = logProbOfFactor(p)
  return x =>
    pipe(
      cholesky(x),
      E.match(() => Number.NEGATIVE_INFINITY, ofFactor),
    )
}

const scaled = (exists: boolean, factor: number, psi: Matrix): O.Option<Matrix> =>
  exists ? O.some(scale(factor)(psi)) : O.none

const mean = (p: InverseWishart): O.Option<Matrix> => {
  const excess = p.degreesOfFreedom - p.scale.rows - 1
  return scaled(excess > 0, 1 / excess, p.scale)
}

const natural = (p: InverseWishart): Natural<InverseWishart> =>
  toNatural(-0.5 * (p.degreesOfFreedom + p.scale.rows + 1), scale(-0.5)(p.scale).data)

const fromNatural = (eta: Natural<InverseWishart>): Validated<InverseWishart> => {
  const d = Math.round(Math.sqrt(eta.length - 1))
  return make({ degreesOfFreedom: -2 * eta[0]! - d - 1, scale: square(d, (i, j) => -2 * eta[1 + i * d + j]!) })
}

/** E log|X| = log|Psi| - D log 2 - psi_D(nu/2) and E X^-1 = nu Psi^-1. */
const expectedStatistic = (p: InverseWishart): Statistic<InverseWishart> => {
  const d = p.scale.rows
  return toStatistic(
    logDeterminant(p.cholesky) - d * Math.LN2 - multivariateDigamma(d)(shapeOf(p.degreesOfFreedom, 0)),
    scale(p.degreesOfFreedom)(inverse(p.cholesky)).data,
  )
}

/** X^-1 is a Wishart. */
const fromExpectedStatistic = (t: Statistic<InverseWishart>): Validated<InverseWishart> =>
  pipe(
    expectedWishart(check, t, 'E[X^-1]'),
    E.chain(({ degreesOfFreedom, mean }) =>
      make({ degreesOfFreedom, scale: scale(degreesOfFreedom)(inverse(mean.cholesky)) }),
    ),
  )

/**
 * The inverse Wishart as an exponential family:
 * t(X) = (log|X|, X^-1), eta = (-(nu + D + 1)/2, -Psi/2), A = log[2^(nu D/2) Gamma_D(nu/2) |Psi|^(-nu/2)], h = 1.
 * Source: Gelman et al., Bayesian Data Analysis, 3rd ed. (2013), appendix A.
 *
 * @support symmetric positive definite D x D matrices
 * @prior none in the library
 * @example
 * import { inverseWishart } from '@conjugate/distributions'
 * import * as E from 'fp-ts/lib/Either.js'
 *
 * const p = inverseWishart.make({ degreesOfFreedom: 4, scale: [[1, 0], [0, 1]] })
 * if (E.isRight(p)) console.log(inverseWishart.logProb(p.right)({ rows: 2, columns: 2, data: [1, 0, 0, 1] }).toFixed(4)) // prints -4.2242
 */
export const inverseWishart: InverseWishartFamily = guarded<InverseWishartFamily>({
  name,
  make,
  logProb,
  sample: p => random => drawInverseWishart(p.degreesOfFreedom, p.cholesky)(random).matrix,
  mean,
  variance: p => varianceOfInverse(p.degreesOfFreedom, p.scale),
  mode: p => O.some(scale(1 / (p.degreesOfFreedom + p.scale.rows + 1))(p.scale)),
  // The inverse is a Wishart of the scale Psi^-1; the Jacobian of inversion is |X|^(D + 1).
  entropy: p =>
    wishartEntropyAndLogs(p.scale.rows, p.degreesOfFreedom, -logDeterminant(p.cholesky), -(p.scale.rows + 1)),
  klDivergence: p => q => divergenceOfWisharts(p.degreesOfFreedom, q.degreesOfFreedom, p.cholesky, q.cholesky),
  statistic: x =>
    pipe(
      cholesky(x),
      E.match(
        () => toStatistic(Number.NaN, x.data),
        factor => toStatistic(logDeterminant(factor), inverse(factor).data),
      ),
    ),
  logBaseMeasure: () => 0,
  natural,
  fromNatural,
  logNormaliser,
  expectedStatistic,
  fromExpectedStatistic,
  member: members(name, { degreesOfFreedom: aNumber, scale: aMatrix, cholesky: aMatrix }, p =>
    isFactorOf(p.scale, p.cholesky)
      ? check.scalar('degreesOfFreedom', p.degreesOfFreedom, greaterThan(p.scale.rows - 1))
      : check.fail('cholesky', 'the factor of the scale', 'another matrix'),
  ),
  fisherInformation: p => heldMatrix(covarianceOfStatistic(p.degreesOfFreedom, inverse(p.cholesky), -1)),
})
