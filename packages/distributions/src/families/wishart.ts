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
import { drawRootOfWishart, heldGram } from '../math/bartlett.js'
import { heldMatrix } from '../math/products.js'
import {
  covarianceOfStatistic,
  divergenceOfWisharts,
  expectedWishart,
  logPeakOfWishart,
  normaliserOfWishart,
  shapeOf,
  TINY,
  wishartEntropyAndLogs,
} from '../math/wishart-moments.js'
import { aMatrix, aNumber, isFactorOf, members } from '../member.js'
import { greaterThan } from '../requirements.js'
import { type Validated, validator } from '../validation.js'

/** W(degreesOfFreedom, scale) on symmetric positive definite D x D matrices. Made by `wishart.make`. */
export interface Wishart extends MemberOf<'Wishart'> {
  /** nu > D - 1: as a prior of a precision, how many observations it is worth. */
  readonly degreesOfFreedom: number
  /** V, D x D symmetric positive definite, in the units of a precision: the mean is nu V. */
  readonly scale: Matrix
  /** The lower Cholesky factor of the scale. */
  readonly cholesky: Matrix
}

/** The family of Wisharts. `X` are symmetric positive definite matrices, and so are the shapes of variances. */
export interface WishartFamily extends ExponentialFamily<Wishart, Matrix> {
  /**
   * Validates and copies the parameters. Errors: a scale that is not D x D, symmetric and positive definite; degrees of
   * freedom that are not greater than D - 1.
   */
  readonly make: (parameters: { readonly degreesOfFreedom: number; readonly scale: MatrixLike }) => Validated<Wishart>
}

const name = 'Wishart'
const check = validator(name)

const make: WishartFamily['make'] = parameters =>
  pipe(
    check.positiveDefinite('scale', parameters.scale),
    E.chain(({ matrix, cholesky: factor }) =>
      pipe(
        check.scalar('degreesOfFreedom', parameters.degreesOfFreedom, greaterThan(matrix.rows - 1)),
        E.map(degreesOfFreedom => ({ degreesOfFreedom, scale: matrix, cholesky: factor })),
      ),
    ),
  )

/** log of 2^(nu D/2) Gamma_D(nu/2) |V|^(nu/2). */
const logNormaliser = ({ degreesOfFreedom: nu, scale: v, cholesky: factor }: Wishart): number =>
  normaliserOfWishart(v.rows, nu, -logDeterminant(factor))

/** From what it is off the mean nu V: of large degrees of freedom the normaliser and the trace are large, and cancel. */
const logProb = (p: Wishart): ((x: Matrix) => number) => {
  const [d, nu] = [p.scale.rows, p.degreesOfFreedom]
  const ofFactor = (log: (factor: Matrix) => number) => (x: Matrix) =>
    pipe(
      cholesky(x),
      E.match(() => Number.NEGATIVE_INFINITY, log),
    )
  if (nu < TINY) {
    // There is no mean within float64, and nothing large to cancel.
    const normaliser = logNormaliser(p)
    return ofFactor(
      factor => 0.5 * (nu - d - 1) * logDeterminant(factor) - 0.5 * traceOfQuotient(p.cholesky, factor) - normaliser,
    )
  }
  const constant = logPeakOfWishart(d, nu)
  const factorOfMean = scale(Math.sqrt(nu))(p.cholesky)
  return ofFactor(
    factor => constant - 0.5 * nu * excessOfTrace(factorOfMean, factor) - 0.5 * (d + 1) * logDeterminant(factor),
  )
}

const variance = ({ degreesOfFreedom: nu, scale: { rows: d, data: v } }: Wishart): Matrix =>
  square(d, (i, j) => nu * (v[i * d + j]! ** 2 + v[i * d + i]! * v[j * d + j]!))

const mode = (p: Wishart): O.Option<Matrix> => {
  const excess = p.degreesOfFreedom - p.scale.rows - 1
  return excess > 0 ? O.some(scale(excess)(p.scale)) : O.none
}

const natural = (p: Wishart): Natural<Wishart> =>
  toNatural(0.5 * (p.degreesOfFreedom - p.scale.rows - 1), scale(-0.5)(inverse(p.cholesky)).data)

const fromNatural = (eta: Natural<Wishart>): Validated<Wishart> => {
  const d = Math.round(Math.sqrt(eta.length - 1))
  return pipe(
    check.positiveDefinite(
      'inverseScale',
      square(d, (i, j) => -2 * eta[1 + i * d + j]!),
    ),
    E.chain(({ cholesky: factor }) => make({ degreesOfFreedom: 2 * eta[0]! + d + 1, scale: inverse(factor) })),
  )
}

/** E log|X| = log|V| + D log 2 + psi_D(nu/2) and E X = nu V. */
const expectedStatistic = (p: Wishart): Statistic<Wishart> => {
  const d = p.scale.rows
  return toStatistic(
    logDeterminant(p.cholesky) + d * Math.LN2 + multivariateDigamma(d)(shapeOf(p.degreesOfFreedom, 0)),
    scale(p.degreesOfFreedom)(p.scale).data,
  )
}

const fromExpectedStatistic = (t: Statistic<Wishart>): Validated<Wishart> =>
  pipe(
    expectedWishart(check, t, 'E[X]'),
    E.chain(({ degreesOfFreedom, mean }) =>
      make({ degreesOfFreedom, scale: scale(1 / degreesOfFreedom)(mean.matrix) }),
    ),
  )

/**
 * The Wishart as an exponential family: t(X) = (log|X|, X), eta = ((nu - D - 1)/2, -V^-1/2),
 * A = log[2^(nu D/2) Gamma_D(nu/2) |V|^(nu/2)], h = 1. Its mode (nu - D - 1) V exists for nu > D + 1.
 * Source: Bishop, Pattern Recognition and Machine Learning (2006), appendix B.
 *
 * @support symmetric positive definite D x D matrices
 * @prior none in the library
 * @example
 * import { wishart } from '@conjugate/distributions'
 * import * as E from 'fp-ts/lib/Either.js'
 *
 * const p = wishart.make({ degreesOfFreedom: 4, scale: [[1, 0], [0, 1]] })
 * if (E.isRight(p)) console.log(wishart.logProb(p.right)({ rows: 2, columns: 2, data: [1, 0, 0, 1] }).toFixed(4)) // prints -4.2242
 */
export const wishart: WishartFamily = guarded<WishartFamily>({
  name,
  make,
  logProb,
  sample: p => random => heldGram(drawRootOfWishart(p.degreesOfFreedom, p.cholesky)(random)).matrix,
  mean: p => O.some(scale(p.degreesOfFreedom)(p.scale)),
  variance: p => O.some(variance(p)),
  mode,
  entropy: p => wishartEntropyAndLogs(p.scale.rows, p.degreesOfFreedom, logDeterminant(p.cholesky), 0),
  klDivergence: p => q => divergenceOfWisharts(p.degreesOfFreedom, q.degreesOfFreedom, q.cholesky, p.cholesky),
  statistic: x =>
    pipe(
      cholesky(x),
      E.match(
        () => toStatistic(Number.NaN, x.data),
        factor => toStatistic(logDeterminant(factor), x.data),
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
  fisherInformation: p => heldMatrix(covarianceOfStatistic(p.degreesOfFreedom, p.scale, 1)),
})
