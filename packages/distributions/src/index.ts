export type { Columns } from './columns/columns.js'
export {
  type MultivariateNormalMixture,
  type MultivariateNormalMixtures,
  multivariateNormalMixture,
} from './columns/mixture.js'
export { multivariateNormalColumns } from './columns/normal.js'
export { multivariateStudentTColumns } from './columns/student-t.js'
export { betaBernoulliPriorOf, type IndependentBernoullis } from './conjugacy/beta-bernoulli-columns.js'
export { betaBernoulliPrior, betaBinomialPrior, type Trials } from './conjugacy/beta-prior.js'
export type {
  ColumnPair,
  ConjugatePrior,
  ExpectedNatural,
  ExpectedNormal,
  Likelihood,
  NormalColumn,
} from './conjugacy/conjugate-prior.js'
export { conjugatePair, type PairDefinition, type WeightedSums } from './conjugacy/derived-pair.js'
export { diagonalNormalPrior } from './conjugacy/diagonal-normal-prior.js'
export { type DiagonalStatistics, fromDiagonalDeviations } from './conjugacy/diagonal-statistics.js'
export { dirichletCountsPrior } from './conjugacy/dirichlet-counts-prior.js'
export { dirichletMultinomialPrior, dirichletPrior } from './conjugacy/dirichlet-prior.js'
export { expectedNatural } from './conjugacy/expected-natural.js'
export {
  type CensoredTime,
  type ExposedCount,
  type ExposedEvents,
  gammaCensoredExponentialPrior,
  gammaPoissonExposurePrior,
} from './conjugacy/exposure-prior.js'
export { gammaPoissonPriorOf, type IndependentPoissons } from './conjugacy/gamma-poisson-columns.js'
export { gammaExponentialPrior, gammaNormalPrior, gammaPoissonPrior } from './conjugacy/gamma-prior.js'
export { gammaRatePrior } from './conjugacy/gamma-rate-prior.js'
export { fromDeviations, type GaussianStatistics } from './conjugacy/gaussian-statistics.js'
export { inverseGammaNormalPrior } from './conjugacy/inverse-gamma-normal-prior.js'
export { isotropicNormalPrior } from './conjugacy/isotropic-normal-prior.js'
export { logMarginalLikelihood, logPredictive } from './conjugacy/marginal-likelihood.js'
export { type DirectionStatistics, meanDirectionPrior } from './conjugacy/mean-direction-prior.js'
export { normalInverseGammaPrior } from './conjugacy/normal-inverse-gamma-prior.js'
export { normalInverseWishartPrior, normalInverseWishartPriorOf } from './conjugacy/normal-inverse-wishart-prior.js'
export { normalMeanPrior } from './conjugacy/normal-mean-prior.js'
export { posteriorMode } from './conjugacy/posterior-mode.js'
export {
  betaPredictive,
  dirichletPredictive,
  normalInverseGammaPredictive,
  normalInverseWishartPredictive,
} from './conjugacy/predictive.js'
export { type ProductPrior, productPrior, type Row } from './conjugacy/product-prior.js'
export { reparametrise } from './conjugacy/reparametrise.js'
export type { Shift, Translation } from './conjugacy/translation.js'
export { observeNumber, ofWeightedSums, type WeightedSum } from './conjugacy/weighted-sum.js'
export { wishartPrior } from './conjugacy/wishart-prior.js'
export { bernoulliCumulative } from './cumulative/bernoulli.js'
export { betaCumulative } from './cumulative/beta.js'
export { binomialCumulative } from './cumulative/binomial.js'
export type { Cumulative } from './cumulative/cumulative.js'
export { exponentialCumulative } from './cumulative/exponential.js'
export { gammaCumulative } from './cumulative/gamma.js'
export { geometricCumulative } from './cumulative/geometric.js'
export { inverseGammaCumulative } from './cumulative/inverse-gamma.js'
export { negativeBinomialCumulative } from './cumulative/negative-binomial.js'
export { normalCumulative } from './cumulative/normal.js'
export { poissonCumulative } from './cumulative/poisson.js'
export { studentTCumulative } from './cumulative/student-t.js'
export { type Bernoulli, type BernoulliFamily, bernoulli } from './families/bernoulli.js'
export { type Beta, type BetaFamily, beta } from './families/beta.js'
export { type BetaBinomial, type BetaBinomialDistribution, betaBinomial } from './families/beta-binomial.js'
export { type Binomial, type BinomialFamily, binomial } from './families/binomial.js'
export { type Categorical, type CategoricalFamily, categorical } from './families/categorical.js'
export { type DiagonalNormal, type DiagonalNormalFamily, diagonalNormal } from './families/diagonal-normal.js'
export { type Dirichlet, type DirichletFamily, dirichlet } from './families/dirichlet.js'
export {
  type DirichletMultinomial,
  type DirichletMultinomialDistribution,
  dirichletMultinomial,
} from './families/dirichlet-multinomial.js'
export { type Exponential, type ExponentialDistributionFamily, exponential } from './families/exponential.js'
export { type Gamma, type GammaFamily, gamma } from './families/gamma.js'
export { type Geometric, type GeometricFamily, geometric } from './families/geometric.js'
export { type InverseGamma, type InverseGammaFamily, inverseGamma } from './families/inverse-gamma.js'
export { type InverseWishart, type InverseWishartFamily, inverseWishart } from './families/inverse-wishart.js'
export { type IsotropicNormal, type IsotropicNormalFamily, isotropicNormal } from './families/isotropic-normal.js'
export {
  type IsotropicNormalInverseGamma,
  type IsotropicNormalInverseGammaFamily,
  isotropicNormalInverseGamma,
} from './families/isotropic-normal-inverse-gamma.js'
export { type Multinomial, type MultinomialFamily, multinomial } from './families/multinomial.js'
export {
  type MultivariateNormal,
  type MultivariateNormalFamily,
  multivariateNormal,
} from './families/multivariate-normal.js'
export {
  type MultivariateStudentT,
  type MultivariateStudentTDistribution,
  multivariateStudentT,
} from './families/multivariate-student-t.js'
export { type NegativeBinomial, type NegativeBinomialFamily, negativeBinomial } from './families/negative-binomial.js'
export { type Normal, type NormalFamily, normal } from './families/normal.js'
export {
  type NormalInverseGamma,
  type NormalInverseGammaFamily,
  normalInverseGamma,
} from './families/normal-inverse-gamma.js'
export {
  type NormalInverseWishart,
  type NormalInverseWishartFamily,
  type NormalInverseWishartVariance,
  normalInverseWishart,
} from './families/normal-inverse-wishart.js'
export { type Poisson, type PoissonFamily, poisson } from './families/poisson.js'
export { type ProductFamily, type ProductParameters, type ProductValue, productFamily } from './families/product.js'
export { type StudentT, type StudentTDistribution, studentT } from './families/student-t.js'
export { type VonMisesFisher, type VonMisesFisherFamily, vonMisesFisher } from './families/von-mises-fisher.js'
export { type Wishart, type WishartFamily, wishart } from './families/wishart.js'
export {
  type CellFamily,
  type Distribution,
  type ExponentialFamily,
  innerProduct,
  logNormaliserOfNatural,
  logProbOfExponentialForm,
  logProbs,
  type Natural,
  type Statistic,
  toNatural,
  toStatistic,
} from './family.js'
export { maximumLikelihood } from './maximum-likelihood.js'
export { type Random, random } from './random.js'
export { finite, positive, type Requirement } from './requirements.js'
export {
  indexOf,
  type LogBaseExpression,
  type StatisticExpression,
  type StridedColumn,
  shifted,
  statisticLength,
  writeStatistic,
} from './statistic.js'
export type { CellSupport, Interval, NumberSupport, Support } from './support.js'
export {
  describeInvalidParameter,
  type InvalidParameter,
  type Validated,
  type Validator,
  validator,
} from './validation.js'
