import {
  type DiagonalNormal,
  type DiagonalStatistics,
  diagonalNormalPrior,
  type InvalidParameter,
  type IsotropicNormal,
  type IsotropicNormalInverseGamma,
  isotropicNormalInverseGamma,
  isotropicNormalPrior,
  type NormalInverseGamma,
  normalInverseGamma,
} from '@conjugate/distributions'
import { anyNumber, exactly, numbers, optional } from '@conjugate/em/schema'
import type { DiagonalDensities } from '@conjugate/executors'
import type { RowsLike, Vector } from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { checkDefinition, columnsOf } from '../checks/definition.js'
import { memberOf } from '../checks/parameters.js'
import { type ConjugateMixture, modeMixture } from '../mixture/conjugate.js'
import { diagonalForm, isotropicForm } from '../mixture/forms/diagonal.js'
import { gammasOf, isotropicOf } from './default-prior.js'
import { gaussianFields, ofPrior, weightedPriorsOf } from './definition.js'

/** A mixture of normals whose columns are independent within a component: D means and D variances each. */
export type DiagonalGaussianMixture = ConjugateMixture<
  RowsLike,
  ReadonlyArray<NormalInverseGamma>,
  DiagonalNormal,
  Vector,
  DiagonalStatistics,
  DiagonalDensities
>

/** A mixture of round normals: one variance for all columns of a component. */
export type SphericalGaussianMixture = ConjugateMixture<
  RowsLike,
  IsotropicNormalInverseGamma,
  IsotropicNormal,
  Vector,
  DiagonalStatistics,
  DiagonalDensities
>

interface Shared {
  /** K, the number of components. */
  readonly components: number
  /** alpha, the concentrations of the weights' Dirichlet prior: K numbers, or one for all; 2 by default, a row more for each. */
  readonly concentration?: number | ArrayLike<number>
  /** The log density of a further component that is uniform, in nats. */
  readonly noise?: number
}

/** What defines a mixture of Gaussians with diagonal covariances. */
export interface DiagonalGaussianMixtureOptions extends Shared {
  /** The normal-inverse-gamma prior of each column; by default it follows from the rows, see {@link gammasOf}. */
  readonly prior?: {
    /** m, of D numbers, in units of the data. */
    readonly mean: ArrayLike<number>
    /** kappa > 0. */
    readonly meanPrecision: number
    /** a > 0. */
    readonly shape: number
    /** b, of D positive numbers, in squared units of the data. */
    readonly scale: ArrayLike<number>
  }
}

/**
 * Defines a mixture of Gaussians with diagonal covariances. Errors: there are fewer components than 1, or a prior does not
 * exist.
 */
export const diagonalGaussianMixture = (
  options: DiagonalGaussianMixtureOptions,
): E.Either<InvalidParameter, DiagonalGaussianMixture> => {
  const checked = checkDefinition('DiagonalGaussianMixture', {
    ...gaussianFields(columnsOf(options)),
    prior: optional(
      exactly(
        {
          mean: numbers(anyNumber),
          meanPrecision: anyNumber,
          shape: anyNumber,
          scale: numbers(anyNumber, columnsOf(options)),
        },
        'an object of mean, meanPrecision, shape and scale',
      ),
    ),
  })(options)
  if (E.isLeft(checked)) return checked
  return ofPrior(options.prior && columnsOfPrior(options.prior), {
    priorOf: gammasOf(options.components),
    isPrior: memberOf(diagonalNormalPrior.family),
    build: columns =>
      pipe(
        weightedPriorsOf(options, columns),
        E.map(({ priors, weightsPrior }) =>
          modeMixture(diagonalNormalPrior, diagonalForm, priors, weightsPrior, options.noise),
        ),
      ),
  })
}

const columnsOfPrior = ({
  mean,
  scale,
  ...shared
}: NonNullable<DiagonalGaussianMixtureOptions['prior']>): E.Either<
  InvalidParameter,
  ReadonlyArray<NormalInverseGamma>
> =>
  E.sequenceArray(
    Array.from(mean, (m, i) =>
      pipe(
        normalInverseGamma.make({ ...shared, mean: m, scale: scale[i]! }),
        E.mapLeft(e => ({ ...e, parameter: `columns[${i}].${e.parameter}` })),
      ),
    ),
  )

/** What defines a mixture of Gaussians with one variance each. */
export interface SphericalGaussianMixtureOptions extends Shared {
  /** The prior of the mean and the variance of each component; by default it follows from the rows, see {@link isotropicOf}. */
  readonly prior?: {
    /** m, of D numbers, in units of the data. */
    readonly mean: ArrayLike<number>
    /** kappa > 0. */
    readonly meanPrecision: number
    /** a > 0. */
    readonly shape: number
    /** b > 0, in squared units of the data. */
    readonly scale: number
  }
}

/**
 * Defines a mixture of Gaussians with one variance each. Errors: there are fewer components than 1, or a prior does not
 * exist.
 */
export const sphericalGaussianMixture = (
  options: SphericalGaussianMixtureOptions,
): E.Either<InvalidParameter, SphericalGaussianMixture> =>
  pipe(
    checkDefinition('SphericalGaussianMixture', {
      ...gaussianFields(columnsOf(options)),
      prior: optional(
        exactly(
          { mean: numbers(anyNumber), meanPrecision: anyNumber, shape: anyNumber, scale: anyNumber },
          'an object of mean, meanPrecision, shape and scale',
        ),
      ),
    })(options),
    E.chain(({ prior }) =>
      ofPrior(prior && isotropicNormalInverseGamma.make(prior), {
        priorOf: isotropicOf(options.components),
        isPrior: memberOf(isotropicNormalInverseGamma),
        build: given =>
          pipe(
            weightedPriorsOf(options, given),
            E.map(({ priors, weightsPrior }) =>
              modeMixture(isotropicNormalPrior, isotropicForm, priors, weightsPrior, options.noise),
            ),
          ),
      }),
    ),
  )
