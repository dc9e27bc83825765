import {
  dirichlet,
  dirichletPrior,
  fromDeviations,
  type GaussianStatistics,
  type InvalidParameter,
  type MultivariateNormal,
  normalInverseWishart,
  normalInverseWishartPrior,
} from '@conjugate/distributions'
import type { Expectation } from '@conjugate/em'
import type { QuadraticDensities, QuadraticStatistics } from '@conjugate/executors'
import { diagonal, invertLower, logDeterminant, type Matrix } from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import type { GaussianMixture, GaussianMixtureParameters } from './definition.js'

/** For each component the statistics of the rows, weighted by its responsibilities. Their weights are the N_k. */
export type MixtureStatistics = ReadonlyArray<GaussianStatistics>

/** The weighted components as executors want them: means, whitening matrices L^-1 and log constants. */
export const toDensities = ({ weights, components }: GaussianMixtureParameters): QuadraticDensities => {
  const columns = components[0]!.mean.length
  const densities: QuadraticDensities = {
    _tag: 'Quadratic',
    components: components.length,
    columns,
    mean: new Float64Array(components.length * columns),
    whitening: new Float64Array(components.length * columns * columns),
    logConstant: new Float64Array(components.length),
  }
  for (const [k, { mean, cholesky }] of components.entries()) {
    densities.mean.set(mean, k * columns)
    densities.whitening.set(invertLower(cholesky).data, k * columns * columns)
    densities.logConstant[k] =
      Math.log(weights[k]!) - 0.5 * (columns * Math.log(2 * Math.PI) + logDeterminant(cholesky))
  }
  return densities
}

/** The sums of an E-step, which are about the means it was given, as statistics of each component. */
export const toStatistics = (
  { components, columns, mean }: QuadraticDensities,
  sums: QuadraticStatistics,
): MixtureStatistics =>
  Array.from({ length: components }, (_, k) => {
    const outer: Matrix = {
      rows: columns,
      columns,
      data: sums.outer.subarray(k * columns * columns, (k + 1) * columns * columns),
    }
    return fromDeviations(mean.slice(k * columns, (k + 1) * columns), {
      weight: sums.weight[k]!,
      sum: sums.sum.subarray(k * columns, (k + 1) * columns),
      outer,
    })
  })

/** log p(theta) = log Dir(pi; alpha) + sum_k log NIW(mu_k, Sigma_k), with every normalising constant. */
export const logPrior = (model: GaussianMixture): ((parameters: GaussianMixtureParameters) => number) => {
  const weights = dirichlet.logProb(model.weightsPrior)
  const component = normalInverseWishart.logProb(model.componentPrior)
  return p => p.components.reduce((sum, c) => sum + component(c), weights(p.weights))
}

/** A lower bound of the condition number of L L' from the diagonal of L. */
const conditionNumber = (factor: Matrix): number => {
  const entries = diagonal(factor)
  return (Math.max(...entries) / Math.min(...entries)) ** 2
}

/**
 * How far rounding may move the objective where covariances are near singular, or where an executor rounds to numbers of a
 * wider spacing. A covariance rounded to float64 changes the log density of a row by up to
 * eps cond(Sigma) (D + |whitened residual|^2) / 2; a factor and residuals rounded to a spacing of `executorRounding` change
 * it by as much times sqrt(cond(Sigma)). The squared residuals of the N_k rows average D.
 * Source: Higham, Accuracy and Stability of Numerical Algorithms, 2nd ed. (2002), sections 3.5 and 10.1.
 */
export const rounding =
  (executorRounding = 0) =>
  ({ components }: GaussianMixtureParameters, { statistics, logLikelihood }: Expectation<MixtureStatistics>): number =>
    components.reduce((sum, c, k) => {
      const condition = conditionNumber(c.cholesky)
      const ofOneColumn = Number.EPSILON * condition + executorRounding * Math.sqrt(condition)
      return sum + ofOneColumn * c.mean.length * (statistics[k]!.weight + 1)
    }, executorRounding * Math.abs(logLikelihood))

/**
 * The M-step: posteriors of the conjugate priors, then their joint modes.
 * Errors: a posterior without a mode, such as a concentration below 1 of a component that no row belongs to.
 */
export const maximize =
  (model: GaussianMixture) =>
  (statistics: MixtureStatistics): E.Either<InvalidParameter, GaussianMixtureParameters> => {
    const counts = dirichletPrior.update(statistics.map(s => s.weight))(model.weightsPrior)
    if (E.isLeft(counts)) return counts
    const weights = dirichletPrior.jointMode(counts.right)
    if (E.isLeft(weights)) return weights
    const components: MultivariateNormal[] = []
    for (const [k, s] of statistics.entries()) {
      const posterior = normalInverseWishartPrior.update(s)(model.componentPrior)
      const mode = E.isLeft(posterior) ? posterior : normalInverseWishartPrior.jointMode(posterior.right)
      if (E.isLeft(mode)) return E.left({ ...mode.left, parameter: `components[${k}].${mode.left.parameter}` })
      components.push(mode.right)
    }
    return E.right({ weights: weights.right, components })
  }

/** The statistics of rows with given responsibilities (N x K): what makes the M-step usable after any E-step. */
export const statisticsOf =
  (rows: Matrix) =>
  (responsibilities: Matrix): MixtureStatistics => {
    const d = rows.columns
    return Array.from({ length: responsibilities.columns }, (_, k) => {
      const q = (n: number): number => responsibilities.data[n * responsibilities.columns + k]!
      let weight = 0
      for (let n = 0; n < rows.rows; n++) weight += q(n)
      const origin = new Float64Array(d)
      for (let n = 0; n < rows.rows; n++)
        for (let i = 0; i < d; i++) origin[i]! += weight > 0 ? (q(n) / weight) * rows.data[n * d + i]! : 0
      const sum = new Float64Array(d)
      const outer = new Float64Array(d * d)
      for (let n = 0; n < rows.rows; n++)
        for (let i = 0; i < d; i++) {
          const deviation = q(n) * (rows.data[n * d + i]! - origin[i]!)
          sum[i]! += deviation
          for (let j = 0; j < d; j++) outer[i * d + j]! += deviation * (rows.data[n * d + j]! - origin[j]!)
        }
      return fromDeviations(origin, { weight, sum, outer: { rows: d, columns: d, data: outer } })
    })
  }
