import {
  type Dirichlet,
  dirichlet,
  type InvalidParameter,
  type MultivariateNormal,
  multivariateNormal,
  type NormalInverseWishart,
  normalInverseWishart,
} from '@conjugate/distributions'
import { type MatrixLike, subtract, type Vector } from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as RA from 'fp-ts/lib/ReadonlyArray.js'

/**
 * A Bayesian mixture of K multivariate normals on D columns:
 * x_n | z_n = k ~ N(mu_k, Sigma_k), (mu_k, Sigma_k) ~ `componentPrior`, z_n ~ pi, pi ~ `weightsPrior`.
 */
export interface GaussianMixture {
  readonly componentPrior: NormalInverseWishart
  readonly weightsPrior: Dirichlet
}

/** K weights that sum to 1 and K components. */
export interface GaussianMixtureParameters {
  readonly weights: Vector
  readonly components: ReadonlyArray<MultivariateNormal>
}

export interface GaussianMixtureOptions {
  /** K. */
  readonly components: number
  /** alpha of the Dirichlet prior of the weights: K numbers, or one for all. */
  readonly concentration: number | ArrayLike<number>
  /** The normal-inverse-Wishart prior of each component. */
  readonly prior: {
    /** mu_0, of D numbers, in units of the data. */
    readonly mean: ArrayLike<number>
    /** kappa_0 > 0. */
    readonly meanPrecision: number
    /** nu_0 > D - 1. */
    readonly degreesOfFreedom: number
    /** Sigma_0, D x D, in squared units of the data. */
    readonly scale: MatrixLike
  }
}

const invalid = (parameter: string, expected: string, received: unknown): E.Either<InvalidParameter, never> =>
  E.left({ _tag: 'InvalidParameter', distribution: 'GaussianMixture', parameter, expected, received: String(received) })

/** Defines the mixture. Errors: a number of components below 1, or priors that do not exist. */
export const gaussianMixture = ({
  components,
  concentration,
  prior,
}: GaussianMixtureOptions): E.Either<InvalidParameter, GaussianMixture> => {
  if (!Number.isSafeInteger(components) || components < 1)
    return invalid('components', 'a whole number of at least 1', components)
  const alpha = typeof concentration === 'number' ? new Array<number>(components).fill(concentration) : concentration
  if (alpha.length !== components) return invalid('concentration', `${components} numbers`, `${alpha.length} numbers`)
  return pipe(
    E.Do,
    E.bind('weightsPrior', () => dirichlet.make({ concentration: alpha })),
    E.bind('componentPrior', () => normalInverseWishart.make(prior)),
  )
}

/** K of a model. */
export const componentCount = (model: GaussianMixture): number => model.weightsPrior.concentration.length

/** D of a model. */
export const columnCount = (model: GaussianMixture): number => model.componentPrior.mean.length

const WEIGHT_SUM_TOLERANCE = 1e-9

/** Validates parameters for a model. Errors: K weights and K components of D columns are wanted. */
export const gaussianMixtureParameters =
  (model: GaussianMixture) =>
  (values: {
    readonly weights: ArrayLike<number>
    readonly components: ReadonlyArray<{ readonly mean: ArrayLike<number>; readonly covariance: MatrixLike }>
  }): E.Either<InvalidParameter, GaussianMixtureParameters> => {
    const count = componentCount(model)
    const weights = Float64Array.from(values.weights)
    if (weights.length !== count) return invalid('weights', `${count} numbers`, `${weights.length} numbers`)
    const wrong = weights.findIndex(w => !(w >= 0))
    if (wrong >= 0) return invalid(`weights[${wrong}]`, 'a nonnegative number', weights[wrong])
    const sum = weights.reduce((a, b) => a + b, 0)
    if (!(Math.abs(sum - 1) <= WEIGHT_SUM_TOLERANCE))
      return invalid('weights', 'numbers that sum to 1', `a sum of ${sum}`)
    if (values.components.length !== count) return invalid('components', `${count} of them`, values.components.length)
    const columns = columnCount(model)
    const short = values.components.findIndex(c => c.mean.length !== columns)
    if (short >= 0)
      return invalid(
        `components[${short}].mean`,
        `${columns} numbers`,
        `${values.components[short]!.mean.length} numbers`,
      )
    return pipe(
      values.components,
      RA.traverseWithIndex(E.Applicative)((k, c) =>
        pipe(
          multivariateNormal.make(c),
          E.mapLeft(e => ({ ...e, parameter: `components[${k}].${e.parameter}` })),
        ),
      ),
      E.map(components => ({ weights, components })),
    )
  }

/** The same model in coordinates whose zero is `origin`. */
export const relativeTo =
  (origin: Vector) =>
  (model: GaussianMixture): GaussianMixture => ({
    ...model,
    componentPrior: { ...model.componentPrior, mean: subtract(origin)(model.componentPrior.mean) },
  })

/** The same components in coordinates whose zero is `origin`. */
export const parametersRelativeTo =
  (origin: Vector) =>
  (parameters: GaussianMixtureParameters): GaussianMixtureParameters => ({
    ...parameters,
    components: parameters.components.map(c => ({ ...c, mean: subtract(origin)(c.mean) })),
  })
