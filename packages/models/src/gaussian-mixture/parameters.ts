import { type MultivariateNormal, multivariateNormal, validator } from '@conjugate/distributions'
import { checkArgument } from '@conjugate/em'
import { finite, list, numbers, object } from '@conjugate/em/schema'
import type { MatrixLike } from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { anyMatrix } from '../checks/definition.js'
import { checkConjugate } from '../checks/model.js'
import { probabilities } from '../checks/parameters.js'
import { dual, type Given } from '../door/dual.js'
import type { FitError } from '../errors.js'
import { forFit } from '../mixture/from-data.js'
import type { MixtureParameters } from '../mixture/mixture.js'
import type { GaussianMixture } from './definition.js'

/** K weights that sum to 1 and K components. */
export type GaussianMixtureParameters = MixtureParameters<MultivariateNormal>

interface GivenParameters {
  readonly weights: ArrayLike<number>
  readonly components: ReadonlyArray<{ readonly mean: ArrayLike<number>; readonly covariance: MatrixLike }>
}

const checked = (
  model: GaussianMixture,
  { priors }: GaussianMixture['components'],
  values: GivenParameters,
): E.Either<FitError, GivenParameters> =>
  pipe(
    values,
    checkArgument(
      'parameters',
      object(
        {
          weights: probabilities(model.labels.states),
          components: list(
            object({ mean: numbers(finite, priors[0]?.mean?.length), covariance: anyMatrix }),
            priors.length,
          ),
        },
        'an object of weights and components',
      ),
    ),
    E.orElseW(({ option, expected, received }) =>
      validator('GaussianMixture').fail(option.replace('parameters.', ''), expected, received),
    ),
  )

/**
 * Checks parameters for a model: K weights, and K means (D numbers) and covariances (D x D) in units of the data.
 * Errors: they are not K weights that sum to 1 and K components of D columns, or a covariance is not positive definite.
 */
export const gaussianMixtureParameters: {
  (model: Given<GaussianMixture>, values: GivenParameters): E.Either<FitError, GaussianMixtureParameters>
  (values: GivenParameters): (model: Given<GaussianMixture>) => E.Either<FitError, GaussianMixtureParameters>
} = dual((given: Given<GaussianMixture>, values: GivenParameters) =>
  pipe(
    checkConjugate(given),
    E.chain(model =>
      pipe(
        forFit(model.components, values),
        E.chain(components => checked(model, components, values)),
      ),
    ),
    E.chain(({ components }) =>
      pipe(
        components,
        E.traverseArrayWithIndex((k, c) =>
          pipe(
            multivariateNormal.make(c),
            E.mapLeft((e): FitError => ({ ...e, parameter: `components[${k}].${e.parameter}` })),
          ),
        ),
      ),
    ),
    E.map(components => ({ weights: Float64Array.from(values.weights), components })),
  ),
) as never
