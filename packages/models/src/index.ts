export type { Ending, RestartEnd, StoppedBy } from '@conjugate/em'
export { type Given, type Kind, kind } from './door/dual.js'
export { fit } from './door/fit.js'
export { gibbs } from './door/gibbs.js'
export { initialParameters } from './door/initial-parameters.js'
export { onRows } from './door/on-rows.js'
export { onlineFit } from './door/online.js'
export { predict } from './door/predict.js'
export { type Drawn, sample } from './door/sample.js'
export { logPrior, maximize, statisticsOf } from './door/steps.js'
export type { TypesOf } from './door/types.js'
export { type Needs, type VariationalMixture, type VariationalModel, variational } from './door/variational.js'
export { describeFitError, type FitError, type StepError } from './errors.js'
export {
  type FactorAnalysisData,
  type FactorAnalysisFit,
  type FactorAnalysisFitOptions,
  fitFactorAnalysis,
} from './factor-analysis/fit.js'
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
export {
  type IncompleteGaussianMixture,
  type IncompleteTypes,
  withMissingCells,
} from './gaussian-mixture/incomplete/definition.js'
export { type ImputeOptions, impute } from './gaussian-mixture/incomplete/impute.js'
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
  HiddenMarkovDraw,
  HiddenMarkovFit,
  HiddenMarkovFitOptions,
  HiddenMarkovGibbsOptions,
  HiddenMarkovOnlineFit,
  HiddenMarkovParameters,
  HiddenMarkovPrediction,
  HiddenMarkovPredictOptions,
  Sequences,
} from './hidden-markov-model/types.js'
export {
  type MaximumLikelihoodFamilyOptions,
  type MaximumLikelihoodMixture,
  type MaximumLikelihoodOptions,
  maximumLikelihoodGaussianMixture,
  maximumLikelihoodMixture,
  type WeightedStatistic,
} from './inference/maximum-likelihood.js'
export { type DrawsSummary, summariseDraws } from './inference/summary.js'
export { type ChainLabels, type ChainSteps, type MarkovChainOptions, markovChain } from './labels/chain.js'
export {
  type FreeLabels,
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
export { type BesideGaps, componentsOf, type MixtureComponents } from './mixture/components.js'
export {
  type Conjugate,
  type ConjugateComponents,
  type ConjugateMixture,
  type ConjugateMixtureOptions,
  conjugateMixture,
} from './mixture/conjugate.js'
export type { FitOptions, MixtureFit } from './mixture/fit.js'
export type { DiagonalTypes, SphericalTypes } from './mixture/forms/diagonal.js'
export type { PairOf, PairTypes } from './mixture/forms/form.js'
export type { GaussianTypes, RowTypes } from './mixture/forms/quadratic.js'
export type { PlanBase, PlanCell, RowColumn, RowPlan } from './mixture/forms/row-plan.js'
export type {
  ComponentSteps,
  DesignMatrix,
  Mixture,
  MixtureParameters,
  MixtureParts,
  MixtureStatistics,
} from './mixture/mixture.js'
export { type MultinomialMixture, type MultinomialMixtureOptions, multinomialMixture } from './mixture/multinomial.js'
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
export { sparseRows } from './mixture/sparse/load.js'
export type { AMixture, ComponentsOf, Fittable } from './mixture/types.js'
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
export type { ModelBatch, ModelOnlineFit } from './model/online/model.js'
export type { OnlineOptions } from './model/online/options.js'
export type { OnlineProgress } from './model/online/results.js'
export type { Order } from './model/order.js'
export type { ModelPredictOptions } from './model/predict.js'
export type { RowStart } from './model/row-start.js'
export { assignmentSettings } from './model/settings.js'
export type { Start } from './model/start.js'
export type { ColumnVector, NumberColumn } from './observations/cells.js'
export type {
  BlockColumn,
  ColumnsOf,
  CompressedRows,
  DataOf,
  NamedColumns,
  SparseRows,
} from './observations/data.js'
export type { TensorLike } from './observations/tensors.js'
export { type Agreement, compareAssignments } from './results/compare.js'
export {
  bestBy,
  type Candidate,
  compareComponents,
  type InformationCriteria,
  informationCriteria,
} from './results/criteria.js'
export { logPosteriorPredictive, posteriors } from './results/posterior.js'
export { fitFromText, fitToText } from './results/serialize.js'
export { type ComponentSummary, summarise } from './results/summary.js'
export type { TableFit, TableFitOptions } from './table/fit.js'
export type { Table } from './table/is-table.js'
export type { Place, PlaceRows, PlaceSample, Said, Survey } from './table/place.js'
export { type PlaceTable, placeTable, writeToPlace } from './table/place-table.js'
export { type BlockPrediction, predictBlocks } from './table/predict.js'
export { type TableOptions, table } from './table/table.js'
