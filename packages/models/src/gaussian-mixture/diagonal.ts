import {
  diagonalNormalPrior,
  type InvalidParameter,
  isotropicNormalInverseGamma,
  isotropicNormalPrior,
  type NormalInverseGamma,
  normalInverseGamma,
  validator,
} from '@conjugate/distributions'
import { anyNumber, exactly, numbers, type Schema } from '@conjugate/em/schema'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { type ConjugateMixture, mixtureOfPair } from '../mixture/conjugate.js'
import { type DiagonalTypes, diagonalForm, isotropicForm, type SphericalTypes } from '../mixture/forms/diagonal.js'
import { gammasOf, isotropicOf } from './default-prior.js'
import { type GaussianOptions, gaussiansOf } from './definition.js'

/** A mixture of normals whose columns are independent within a component: D means and D variances each. */
export type DiagonalGaussianMixture = ConjugateMixture<DiagonalTypes>

/** A mixture of round normals: one variance for all columns of a component. */
export type SphericalGaussianMixture = ConjugateMixture<SphericalTypes>

/** A normal-inverse-gamma of means on D columns: `Scale` are the scales of their variances. */
interface GammaPrior<Scale> {
  /** m, of D numbers, in units of the data. */
  readonly mean: ArrayLike<number>
  /** kappa > 0: how many observations the prior mean is worth. */
  readonly meanPrecision: number
  /** a > 0. */
  readonly shape: number
  /** b > 0, in squared units of the data: D numbers where each column has a variance of its own, and one where all share it. */
  readonly scale: Scale
}

/** What defines a mixture of Gaussians with diagonal covariances: its prior has a scale for each of the D columns. */
export type DiagonalGaussianMixtureOptions = GaussianOptions<GammaPrior<ArrayLike<number>>>

/** What defines a mixture of Gaussians with one variance each: its prior has one scale. */
export type SphericalGaussianMixtureOptions = GaussianOptions<GammaPrior<number>>

const gammaFields = (scale: Schema): Schema =>
  exactly(
    { mean: numbers(anyNumber), meanPrecision: anyNumber, shape: anyNumber, scale },
    'an object of mean, meanPrecision, shape and scale',
  )

const priorOfColumns = ({
  mean,
  scale,
  ...shared
}: GammaPrior<ArrayLike<number>>): E.Either<InvalidParameter, ReadonlyArray<NormalInverseGamma>> =>
  mean.length === 0
    ? validator('DiagonalGaussianMixture').fail('mean', 'at least one number', 'none')
    : E.sequenceArray(
        Array.from({ length: mean.length }, (_, i) =>
          pipe(
            normalInverseGamma.make({ ...shared, mean: mean[i]!, scale: scale[i]! }),
            E.mapLeft(e => ({ ...e, parameter: `columns[${i}].${e.parameter}` })),
          ),
        ),
      )

/**
 * Defines a mixture of Gaussians with diagonal covariances. Errors: there are fewer components than 1, or a prior does not
 * exist.
 */
export const diagonalGaussianMixture: (
  options: DiagonalGaussianMixtureOptions,
) => E.Either<InvalidParameter, DiagonalGaussianMixture> = gaussiansOf(
  'DiagonalGaussianMixture',
  {
    given: columns => gammaFields(numbers(anyNumber, columns)),
    size: columns => columns,
    make: priorOfColumns,
    family: diagonalNormalPrior.family,
    fromData: gammasOf,
  },
  (priors, weightsPrior, noise) => mixtureOfPair(diagonalNormalPrior, diagonalForm, priors, weightsPrior, noise),
)

/**
 * Defines a mixture of Gaussians with one variance each. Errors: there are fewer components than 1, or a prior does not
 * exist.
 */
export const sphericalGaussianMixture: (
  options: SphericalGaussianMixtureOptions,
) => E.Either<InvalidParameter, SphericalGaussianMixture> = gaussiansOf(
  'SphericalGaussianMixture',
  {
    given: () => gammaFields(anyNumber),
    size: columns => columns,
    make: isotropicNormalInverseGamma.make,
    family: isotropicNormalInverseGamma,
    fromData: isotropicOf,
  },
  (priors, weightsPrior, noise) => mixtureOfPair(isotropicNormalPrior, isotropicForm, priors, weightsPrior, noise),
)
