import {
  add,
  addOuter,
  inverse,
  invertLower,
  logDeterminant,
  type Matrix,
  outer,
  scale,
  subtract,
  transpose,
  type Vector,
} from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as O from 'fp-ts/lib/Option.js'
import { type MultivariateNormal, multivariateNormal } from '../families/multivariate-normal.js'
import { type Wishart, wishart } from '../families/wishart.js'
import { toNatural, toStatistic } from '../family.js'
import { drawRootOfWishart, heldGram } from '../math/bartlett.js'
import { withKnown } from '../member.js'
import { finite } from '../requirements.js'
import { finiteVectors } from '../support.js'
import { type Validated, validator } from '../validation.js'
import type { ConjugatePrior } from './conjugate-prior.js'
import { type GaussianStatistics, gaussianMonoid, observeVector, scaleGaussian } from './gaussian-statistics.js'
import { givenKnown } from './known.js'
import { seenIn } from './reparametrise.js'

const check = validator(wishart.name)

/**
 * The Wishart as the prior of the precision, the inverse of the covariance, of a multivariate normal whose mean of D
 * numbers is known. Its density is that of the precision.
 * Source: Bishop, Pattern Recognition and Machine Learning (2006), section 2.3.6.
 */
export const wishartPrior = (mean: Vector): ConjugatePrior<Wishart, MultivariateNormal, Vector, GaussianStatistics> => {
  const member = (precision: Matrix): Validated<MultivariateNormal> =>
    pipe(
      check.positiveDefinite('precision', precision, mean.length),
      E.chain(({ cholesky }) => multivariateNormal.make({ mean, covariance: inverse(cholesky) })),
    )

  const matrixOf = (data: Vector): Matrix => ({ rows: mean.length, columns: mean.length, data })

  /** sum_n w_n (x_n - mean)(x_n - mean)' about the known mean. */
  const scatter = (s: GaussianStatistics): Matrix => addOuter(s.weight, subtract(mean)(s.mean))(s.scatter)

  return givenKnown(check.vector('known mean', mean, finite), {
    family: {
      ...seenIn(wishart, (p: MultivariateNormal) => inverse(p.cholesky)),
      // Of a root of the precision the inverse is one of the covariance, which holds more than the inverse of the matrix.
      sample: q => random => {
        const { matrix, cholesky } = heldGram(
          transpose(invertLower(drawRootOfWishart(q.degreesOfFreedom, q.cholesky)(random))),
        )
        return { mean, covariance: matrix, cholesky }
      },
      mean: q => O.chain((precision: Matrix) => O.fromEither(member(precision)))(wishart.mean(q)),
      mode: q => O.chain((precision: Matrix) => O.fromEither(member(precision)))(wishart.mode(q)),
    },
    likelihood: {
      support: finiteVectors,
      logProb: multivariateNormal.logProb,
      sample: multivariateNormal.sample,
      statistic: x => toStatistic(outer(1)(subtract(mean)(x)).data),
      logBaseMeasure: multivariateNormal.logBaseMeasure,
      natural: p => toNatural(scale(-0.5)(inverse(p.cholesky)).data),
      fromNatural: eta =>
        pipe(
          check.positiveDefinite('precision', scale(-2)(matrixOf(eta)), mean.length),
          E.chain(({ cholesky }) => multivariateNormal.make({ mean, covariance: inverse(cholesky) })),
        ),
      logNormaliser: p => 0.5 * logDeterminant(p.cholesky),
      member: withKnown(multivariateNormal, 'mean', mean),
    },
    monoid: () => gaussianMonoid(mean.length),
    observe: () => observeVector,
    fromStatistic: (weight, sum) => ({ weight, mean, scatter: matrixOf(sum) }),
    scale: scaleGaussian,
    evidence: s => toNatural(0.5 * s.weight, scale(-0.5)(scatter(s)).data),
    update: s => q =>
      pipe(
        check.positiveDefinite('inverseScale', add(scatter(s))(inverse(q.cholesky)), mean.length),
        E.chain(({ cholesky }) =>
          wishart.make({ degreesOfFreedom: q.degreesOfFreedom + s.weight, scale: inverse(cholesky) }),
        ),
      ),
    jointMode: q =>
      pipe(
        wishart.mode(q),
        O.match(
          () => check.fail('degreesOfFreedom', `above ${mean.length + 1} for a mode to exist`, q.degreesOfFreedom),
          member,
        ),
      ),
    freeParameters: () => (mean.length * (mean.length + 1)) / 2,
  })
}
