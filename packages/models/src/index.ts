export { describeFitError, type FitError, type StepError } from './errors.js'
export {
  type GaussianMixture,
  type GaussianMixtureOptions,
  type GaussianMixtureParameters,
  gaussianMixture,
  gaussianMixtureParameters,
} from './gaussian-mixture/definition.js'
export { type FitOptions, fit, type GaussianMixtureFit } from './gaussian-mixture/fit.js'
export {
  type Acceleration,
  type GaussianMixtureOnRows,
  type MixtureIteration,
  onRows,
} from './gaussian-mixture/on-rows.js'
export { initialParameters, type Start } from './gaussian-mixture/start.js'
export { logPrior, type MixtureStatistics, maximize, statisticsOf } from './gaussian-mixture/steps.js'
