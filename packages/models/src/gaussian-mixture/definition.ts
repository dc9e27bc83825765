import {
  type Dirichlet,
  type InvalidParameter,
  type NormalInverseWishart,
  normalInverseWishart,
  normalInverseWishartPrior,
} from '@conjugate/distributions'
import { optional, type Schema } from '@conjugate/em/schema'
import type { MatrixLike } from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { checkDefinition, columnsOf, mixtureFields, oneOrMany, priorFields } from '../checks/definition.js'
import { type Members, memberOf } from '../checks/parameters.js'
import { type ConjugateMixture, mixtureOfPair, priorsOf } from '../mixture/conjugate.js'
import type { FitOptions, MixtureFit } from '../mixture/fit.js'
import { type GaussianTypes, quadraticForm } from '../mixture/forms/quadratic.js'
import { CONCENTRATION, type Following, mixtureFromData } from '../mixture/from-data.js'
import type { Moments } from '../mixture/moments.js'
import { wishartOf } from './default-prior.js'

/**
 * A Bayesian mixture of K multivariate normals on D columns, given as rows (N x D):
 * x_n | z_n = k ~ N(mu_k, Sigma_k), (mu_k, Sigma_k) ~ `priors[k]`, z_n ~ pi, pi ~ `weightsPrior`.
 */
export type GaussianMixture = ConjugateMixture<GaussianTypes>

/** Options of `fit` for a Gaussian mixture. */
export type GaussianMixtureFitOptions = FitOptions<GaussianTypes>

/** What `fit` finds for a Gaussian mixture. */
export type GaussianMixtureFit = MixtureFit<GaussianTypes>

/** What defines a mixture of Gaussians, whatever their covariances; `Prior` is what the prior of a component is given as. */
export interface GaussianOptions<Prior> {
  /** K, the number of components. */
  readonly components: number
  /** alpha, the concentrations of the weights' Dirichlet prior: K numbers, or one for all; 2 by default, a row more for each. */
  readonly concentration?: number | ArrayLike<number>
  /** The prior of each component; by default it follows from the rows and is in their units. */
  readonly prior?: Prior
  /** The log density of a further component that is uniform, in nats: minus the logarithm of its volume. */
  readonly noise?: number
}

/** What defines a mixture of Gaussians with full covariances, whose prior is a normal-inverse-Wishart. */
export type GaussianMixtureOptions = GaussianOptions<{
  /** mu_0, where means are expected: D numbers in units of the data. */
  readonly mean: ArrayLike<number>
  /** kappa_0 > 0: how many observations the prior mean is worth. */
  readonly meanPrecision: number
  /** nu_0 > D - 1: how many observations the scale is worth. */
  readonly degreesOfFreedom: number
  /** Sigma_0, a D x D positive definite matrix in squared units of the data. */
  readonly scale: MatrixLike
}>

/** What priors of one kind are: `Given` what a user says of one, and `Q` what that makes. */
interface PriorKind<Given, Q> {
  /** What is given for D columns. */
  readonly given: (columns: number) => Schema
  /** How many numbers the covariance of a component on D columns has. */
  readonly size: (columns: number) => number
  readonly make: (given: Given) => E.Either<InvalidParameter, Q>
  readonly family: Members<Q>
  /** The prior of each of K components that follows from the data. */
  readonly fromData: (components: number) => (moments: Moments) => E.Either<InvalidParameter, Q>
}

/** Priors of full covariances. */
export const wisharts: PriorKind<NonNullable<GaussianMixtureOptions['prior']>, NormalInverseWishart> = {
  given: () => priorFields,
  size: columns => columns ** 2,
  make: normalInverseWishart.make,
  family: normalInverseWishart,
  fromData: wishartOf,
}

/** How mixtures of Gaussians are defined whose priors are of a kind: `build` makes one of K priors. */
export const gaussiansOf =
  <Given, Q, M extends Following>(
    name: string,
    { given, size, make, family, fromData }: PriorKind<Given, Q>,
    build: (priors: ReadonlyArray<Q>, weightsPrior: Dirichlet, noise: number | undefined) => M,
  ) =>
  (options: GaussianOptions<Given>): E.Either<InvalidParameter, M> => {
    const columns = columnsOf(options)
    const withPrior = (prior: Q): E.Either<InvalidParameter, M> =>
      pipe(
        priorsOf({ ...options, concentration: options.concentration ?? CONCENTRATION }, [prior]),
        E.map(({ priors, weightsPrior }) => build(priors, weightsPrior, options.noise)),
      )
    return pipe(
      checkDefinition(name, {
        ...mixtureFields(size(columns)),
        concentration: optional(oneOrMany),
        prior: optional(given(columns)),
      })(options),
      E.chain(({ components, prior }) =>
        prior === undefined
          ? mixtureFromData({ priorOf: fromData(components), isPrior: memberOf(family), build: withPrior })
          : pipe(make(prior), E.chain(withPrior)),
      ),
    )
  }

/**
 * Defines a mixture of Gaussians with full covariances. Errors: there are fewer components than 1, or a prior does not exist,
 * which is told by its parameter.
 */
export const gaussianMixture: (options: GaussianMixtureOptions) => E.Either<InvalidParameter, GaussianMixture> =
  gaussiansOf('GaussianMixture', wisharts, (priors, weightsPrior, noise) =>
    mixtureOfPair(normalInverseWishartPrior, quadraticForm, priors, weightsPrior, noise),
  )
