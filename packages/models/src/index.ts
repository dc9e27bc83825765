export type { Ending, StoppedBy } from '@conjugate/em'
export { type Agreement, compareAssignments } from './after/compare.js'
export {
  bestBy,
  type Candidate,
  compareComponents,
  type InformationCriteria,
  informationCriteria,
} from './after/criteria.js'
export { logPosteriorPredictive, posteriors } from './after/posterior.js'
export { type ComponentSummary, summarise } from './after/summary.js'
export { fitFromText, fitToText } from './after/text.js'
export { type Given, type Kind, kind } from './door/dual.js'
export { fit } from './door/fit.js'
export { gibbs } from './door/gibbs.js'
export { onlineFit } from './door/online.js'
export { predict } from './door/predict.js'
export type { TypesOf } from './door/types.js'
export { variational } from './door/variational.js'
export { describeFitError, type FitError, type StepError } from './errors.js'
export { type FactorAnalysisFit, type FactorAnalysisFitOptions, fitFactorAnalysis } from './factor-analysis/fit.js'
export {
  type FactorAnalysis,
  type FactorAnalysisParameters,
  type FactorAnalysisStatistics,
  factorAnalysisModel,
} from './factor-analysis/model.js'
export {
  type GaussianMixture,
  type GaussianMixtureFit,
  type GaussianMixtureFitOptions,
  type GaussianMixtureOptions,
  type GaussianOptions,
  gaussianMixture,
} from './gaussian-mixture/definition.js'
export {
  type DiagonalGaussianMixture,
  type DiagonalGaussianMixtureOptions,
  diagonalGaussianMixture,
  type SphericalGaussianMixture,
  type SphericalGaussianMixtureOptions,
  sphericalGaussianMixture,
} from './gaussian-mixture/diagonal.js'
export { type GaussianMixtureParameters, gaussianMixtureParameters } from './gaussian-mixture/parameters.js'
export { type TiedGaussianMixture, tiedGaussianMixture } from './gaussian-mixture/tied.js'
export { type Chain, type Smoothed, smooth, viterbi } from './hidden-markov-model/chain.js'
export {
  type GaussianEmissions,
  type HiddenMarkovModel,
  type HiddenMarkovModelOptions,
  hiddenMarkovModel,
  hiddenMarkovModelOf,
} from './hidden-markov-model/definition.js'
export type {
  HiddenMarkovFit,
  HiddenMarkovFitOptions,
  HiddenMarkovParameters,
  HiddenMarkovPrediction,
  HiddenMarkovPredictOptions,
  Sequences,
} from './hidden-markov-model/fit.js'
export type { HiddenMarkovDraw, HiddenMarkovGibbsOptions } from './hidden-markov-model/gibbs.js'
export type { HiddenMarkovOnlineFit } from './hidden-markov-model/online.js'
export {
  type MaximumLikelihoodFamilyOptions,
  type MaximumLikelihoodOptions,
  maximumLikelihoodGaussianMixture,
  maximumLikelihoodMixture,
  type WeightedStatistic,
} from './inference/maximum-likelihood.js'
export { type DrawsSummary, summariseDraws } from './inference/summary.js'
export { type ChainLabels, type ChainSteps, type MarkovChainOptions, markovChain } from './labels/chain.js'
export {
  type GroupedLabels,
  groupedLabels,
  type IndependentLabels,
  independentLabels,
  type LabelWeights,
} from './labels/independent.js'
export type {
  BoundLabels,
  Counts,
  Estimate,
  Inferred,
  LabelEstimate,
  LabelInference,
  LabelModel,
  LabelPosteriors,
  LabelTypes,
  Trait,
} from './labels/label-model.js'
export type { MixtureComponents } from './mixture/components.js'
export {
  type Conjugate,
  type ConjugateMixture,
  type ConjugateMixtureOptions,
  conjugateMixture,
  type VariationalMixture,
} from './mixture/conjugate.js'
export { componentsOf } from './mixture/conjugate-components.js'
export type { FitOptions, MixtureFit } from './mixture/fit.js'
export type { GibbsDraw } from './mixture/gibbs.js'
export type { Encoded, Mixture, MixtureParameters, MixtureStatistics, Steps, Weights } from './mixture/mixture.js'
export { type MixtureIteration, type MixtureOnRows, onRows } from './mixture/on-rows.js'
export type { OnlineFit } from './mixture/online.js'
export { type Drawn, type Prediction, type PredictOptions, sample } from './mixture/predict.js'
export {
  exponentialMixture,
  gammaMixture,
  type LatentClassMixture,
  type LatentClassOptions,
  type LatentClassRow,
  latentClassMixture,
  poissonMixture,
  type RateMixture,
  type RateMixtureOptions,
} from './mixture/ready-made.js'
export { initialParameters } from './mixture/start.js'
export { logPrior, maximize, statisticsOf } from './mixture/steps.js'
export type { AMixture, Fittable } from './mixture/types.js'
export type {
  ComponentModel,
  ComponentPosteriors,
  ComponentTypes,
  LoadedComponents,
  Loading,
  Moves,
  OnePass,
  Started,
} from './model/component-model.js'
export type { Fixed } from './model/em-model.js'
export type { Evidence, Labels } from './model/evidence.js'
export type { ModelFit } from './model/fit.js'
export type { ModelFitOptions } from './model/fit-options.js'
export type { GibbsOptions, ModelDraw } from './model/gibbs.js'
export { type Model, type ModelParameters, type ModelStatistics, modelOf } from './model/model.js'
export type { Acceleration, ModelIteration, ModelOnRows, ModelPrediction, PathOptions } from './model/on-rows.js'
export type { OnlineOptions, OnlineProgress } from './model/online.js'
export type { ModelBatch, ModelOnlineFit } from './model/online-model.js'
export type { Order } from './model/order.js'
export type { ModelPredictOptions } from './model/predict.js'
export type { RestartEnd } from './model/restarts.js'
export type { RowStart } from './model/row-start.js'
export { assignmentSettings } from './model/settings.js'
export type { Start } from './model/start.js'
export type { Needs, VariationalModel } from './model/variational.js'
