import {
  type GaussianStatistics,
  type InvalidParameter,
  type MultivariateNormal,
  multivariateNormal,
  type NormalInverseWishart,
  normalInverseWishart,
  normalInverseWishartPrior,
} from '@conjugate/distributions'
import { checkArgument } from '@conjugate/em'
import { type Fields, finite, list, numbers, object, optional } from '@conjugate/em/schema'
import type { QuadraticDensities } from '@conjugate/executors'
import { inWords, type MatrixLike, type RowsLike, type Vector } from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { anyMatrix, checkDefinition, columnsOf, mixtureFields, oneOrMany, priorFields } from '../checks/definition.js'
import { checkConjugate } from '../checks/model.js'
import { memberOf } from '../checks/parameters.js'
import { dual, type Given } from '../door/dual.js'
import type { FitError } from '../errors.js'
import { type ConjugateMixture, modeMixture, priorsOf } from '../mixture/conjugate.js'
import type { FitOptions, MixtureFit } from '../mixture/fit.js'
import { quadraticForm } from '../mixture/forms/quadratic.js'
import { CONCENTRATION, forFit, mixtureFromData, type Rule } from '../mixture/from-data.js'
import { componentCount, type MixtureParameters } from '../mixture/mixture.js'
import { wishartOf } from './default-prior.js'

const invalid = (parameter: string, expected: string, received: unknown): E.Either<InvalidParameter, never> =>
  E.left({
    _tag: 'InvalidParameter',
    distribution: 'GaussianMixture',
    parameter,
    expected,
    received: inWords(received),
  })

/**
 * A Bayesian mixture of K multivariate normals on D columns, given as rows (N x D):
 * x_n | z_n = k ~ N(mu_k, Sigma_k), (mu_k, Sigma_k) ~ `priors[k]`, z_n ~ pi, pi ~ `weightsPrior`.
 */
export type GaussianMixture = ConjugateMixture<
  RowsLike,
  NormalInverseWishart,
  MultivariateNormal,
  Vector,
  GaussianStatistics,
  QuadraticDensities
>

/** K weights that sum to 1 and K components. */
export type GaussianMixtureParameters = MixtureParameters<MultivariateNormal>

/** Options of `fit` for a Gaussian mixture. */
export type GaussianMixtureFitOptions = FitOptions<MultivariateNormal, GaussianStatistics>

/** What `fit` finds for a Gaussian mixture. */
export type GaussianMixtureFit = MixtureFit<MultivariateNormal, GaussianStatistics>

/** What defines a mixture of Gaussians with full covariances. */
export interface GaussianMixtureOptions {
  /** K, the number of components. */
  readonly components: number
  /** alpha, the concentrations of the weights' Dirichlet prior: K numbers, or one for all; 2 by default, a row more for each. */
  readonly concentration?: number | ArrayLike<number>
  /** The normal-inverse-Wishart prior of each component; by default it follows from the rows, see {@link wishartOf}. */
  readonly prior?: {
    /** mu_0, where means are expected: D numbers in units of the data. */
    readonly mean: ArrayLike<number>
    /** kappa_0 > 0: how many observations the prior mean is worth. */
    readonly meanPrecision: number
    /** nu_0 > D - 1: how many observations the scale is worth. */
    readonly degreesOfFreedom: number
    /** Sigma_0, a D x D positive definite matrix in squared units of the data. */
    readonly scale: MatrixLike
  }
  /** The log density of a further component that is uniform, in nats: minus the logarithm of its volume. */
  readonly noise?: number
}

/** Options that all Gaussian mixtures share. */
export const gaussianFields = (numbersOfEach: number): Fields => ({
  ...mixtureFields(numbersOfEach),
  concentration: optional(oneOrMany),
})

/** The mixture of a prior, or of the one that follows from the data where none is given. */
export const ofPrior = <Q, M extends { readonly name: string; readonly definition: unknown }>(
  given: E.Either<InvalidParameter, Q> | undefined,
  rule: Rule<Q, M>,
): E.Either<InvalidParameter, M> => (given === undefined ? mixtureFromData(rule) : pipe(given, E.chain(rule.build)))

/** The prior of each component and of the weights. */
export const weightedPriorsOf = <Q>(
  {
    components,
    concentration = CONCENTRATION,
    noise,
  }: Pick<GaussianMixtureOptions, 'components' | 'concentration' | 'noise'>,
  prior: Q,
): ReturnType<typeof priorsOf<Q>> =>
  priorsOf({ components, concentration, ...(noise !== undefined && { noise }) }, [prior])

/** Options of Gaussian mixtures, as they are given. */
export const checkGaussianOptions =
  (distribution: string) =>
  (options: GaussianMixtureOptions): E.Either<InvalidParameter, GaussianMixtureOptions> =>
    checkDefinition(distribution, {
      ...gaussianFields(columnsOf(options) ** 2),
      prior: optional(priorFields),
    })(options)

/**
 * Defines a mixture of Gaussians with full covariances. Errors: there are fewer components than 1, or a prior does not exist,
 * which is told by its parameter.
 */
export const gaussianMixture = (options: GaussianMixtureOptions): E.Either<InvalidParameter, GaussianMixture> =>
  pipe(
    checkGaussianOptions('GaussianMixture')(options),
    E.chain(({ prior }) =>
      ofPrior(prior && normalInverseWishart.make(prior), {
        priorOf: wishartOf(options.components),
        isPrior: memberOf(normalInverseWishart),
        build: given =>
          pipe(
            weightedPriorsOf(options, given),
            E.map(({ priors, weightsPrior }) =>
              modeMixture(normalInverseWishartPrior, quadraticForm, priors, weightsPrior, options.noise),
            ),
          ),
      }),
    ),
  )

interface GivenParameters {
  readonly weights: ArrayLike<number>
  readonly components: ReadonlyArray<{ readonly mean: ArrayLike<number>; readonly covariance: MatrixLike }>
}

/** Checks parameters for a model. Errors: they are not K weights that sum to 1 and K components of D columns. */
export const gaussianMixtureParameters: {
  (model: Given<GaussianMixture>, values: GivenParameters): E.Either<FitError, GaussianMixtureParameters>
  (values: GivenParameters): (model: Given<GaussianMixture>) => E.Either<FitError, GaussianMixtureParameters>
} = dual((given: Given<GaussianMixture>, values: GivenParameters): E.Either<FitError, GaussianMixtureParameters> => {
  const checked = checkConjugate(given)
  if (E.isLeft(checked)) return checked
  const found = forFit(checked.right, values)
  if (E.isLeft(found)) return found
  const model = found.right
  const wanted = object(
    {
      weights: model.weights.check,
      components: list(
        object({ mean: numbers(finite, model.priors[0]?.mean?.length), covariance: anyMatrix }),
        componentCount(model),
      ),
    },
    'an object of weights and components',
  )
  const right = checkArgument('parameters', wanted)(values)
  if (E.isLeft(right)) {
    const { option, expected, received } = right.left
    return invalid(option.replace('parameters.', ''), expected, received)
  }
  const weights = Float64Array.from(values.weights)
  return pipe(
    values.components,
    E.traverseArrayWithIndex((k, c) =>
      pipe(
        multivariateNormal.make(c),
        E.mapLeft(e => ({ ...e, parameter: `components[${k}].${e.parameter}` })),
      ),
    ),
    E.map(components => ({ weights, components })),
  )
}) as never
