import {
  type InvalidParameter,
  type IsotropicNormalInverseGamma,
  isotropicNormalInverseGamma,
  type NormalInverseGamma,
  type NormalInverseWishart,
  normalInverseGamma,
  normalInverseWishart,
} from '@conjugate/distributions'
import { scale } from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import { MEAN_PRECISION } from '../mixture/from-data.js'
import type { Moments } from '../mixture/moments.js'

/**
 * The prior of each of K Gaussians on D columns that follows from the data: means about the mean of the rows with 0.01 of a row's
 * weight, and covariances of D + 2 degrees of freedom whose scale is the covariance of the rows over K^(2/D), which is the
 * volume of the data shared out among the components. It is in the units of the data, so that a fit is the same in any.
 * Source: Fraley and Raftery, Bayesian regularization for normal mixture estimation and model-based clustering (2007).
 */
export const wishartOf =
  (components: number) =>
  ({ mean, covariance }: Moments): E.Either<InvalidParameter, NormalInverseWishart> =>
    normalInverseWishart.make({
      mean,
      meanPrecision: MEAN_PRECISION,
      degreesOfFreedom: mean.length + 2,
      scale: scale(components ** (-2 / mean.length))(covariance),
    })

/** The shape of a variance on the diagonal of a covariance with D + 2 degrees of freedom, whatever D. */
const SHAPE = 1.5

/** Half the scale of each variance, of which the inverse gamma on the diagonal of {@link wishartOf} has its own. */
const scalesOf = (components: number, { mean, covariance }: Moments): ReadonlyArray<number> => {
  const d = mean.length
  return Array.from(mean, (_, i) => (components ** (-2 / d) * covariance.data[i * d + i]!) / 2)
}

/** The same for Gaussians with diagonal covariances: what {@link wishartOf} says of each column. */
export const gammasOf =
  (components: number) =>
  (moments: Moments): E.Either<InvalidParameter, ReadonlyArray<NormalInverseGamma>> =>
    E.sequenceArray(
      scalesOf(components, moments).map((b, i) =>
        normalInverseGamma.make({
          mean: moments.mean[i]!,
          meanPrecision: MEAN_PRECISION,
          shape: SHAPE,
          scale: b,
        }),
      ),
    )

/** The same for Gaussians of one variance, at the mean of those of the columns. */
export const isotropicOf =
  (components: number) =>
  (moments: Moments): E.Either<InvalidParameter, IsotropicNormalInverseGamma> =>
    isotropicNormalInverseGamma.make({
      mean: moments.mean,
      meanPrecision: MEAN_PRECISION,
      shape: SHAPE,
      scale: scalesOf(components, moments).reduce((sum, b) => sum + b / moments.mean.length, 0),
    })
