export {
  above,
  type Bijection,
  type Chart,
  direction,
  type FactorBijection,
  logCholesky,
  ordered,
  positive,
  real,
  simplex,
  unitInterval,
} from './bijections.js'
export {
  betaBernoulliPrior,
  betaBinomialPrior,
  dirichletMultinomialPrior,
  dirichletPrior,
  gammaExponentialPrior,
  gammaPoissonPrior,
  isotropicNormalPrior,
  normalInverseGammaPrior,
  normalInverseWishartPrior,
} from './conjugacy.js'
export {
  gammaNormalPrior,
  gammaRatePrior,
  inverseGammaNormalPrior,
  meanDirectionPrior,
  normalMeanPrior,
  wishartPrior,
} from './conjugacy-of-known.js'
export type { TensorPrior } from './conjugate-prior.js'
export { type BernoulliTensors, bernoulli } from './families/bernoulli.js'
export { type BetaTensors, beta } from './families/beta.js'
export { betaBinomial } from './families/beta-binomial.js'
export { type BinomialTensors, binomial } from './families/binomial.js'
export { type CategoricalTensors, categorical } from './families/categorical.js'
export { type DiagonalNormalTensors, diagonalNormal } from './families/diagonal-normal.js'
export { type DirichletTensors, dirichlet } from './families/dirichlet.js'
export { dirichletMultinomial } from './families/dirichlet-multinomial.js'
export { type ExponentialTensors, exponential } from './families/exponential.js'
export { type GammaTensors, gamma } from './families/gamma.js'
export { type GeometricTensors, geometric } from './families/geometric.js'
export { type InverseGammaTensors, inverseGamma } from './families/inverse-gamma.js'
export { type InverseWishartTensors, inverseWishart } from './families/inverse-wishart.js'
export { type IsotropicNormalTensors, isotropicNormal } from './families/isotropic-normal.js'
export { isotropicNormalInverseGamma } from './families/isotropic-normal-inverse-gamma.js'
export { type MultinomialTensors, multinomial } from './families/multinomial.js'
export { type MultivariateNormalTensors, multivariateNormal } from './families/multivariate-normal.js'
export { type MultivariateStudentTTensors, multivariateStudentT } from './families/multivariate-student-t.js'
export { type NegativeBinomialTensors, negativeBinomial } from './families/negative-binomial.js'
export { type NormalTensors, normal } from './families/normal.js'
export {
  type NormalInverseGammaTensors,
  type NormalInverseGammaVarianceTensors,
  normalInverseGamma,
} from './families/normal-inverse-gamma.js'
export {
  type NormalInverseWishartTensors,
  type NormalInverseWishartVarianceTensors,
  normalInverseWishart,
} from './families/normal-inverse-wishart.js'
export { type PoissonTensors, poisson } from './families/poisson.js'
export { type StudentTTensors, studentT } from './families/student-t.js'
export { type VonMisesFisherTensors, vonMisesFisher } from './families/von-mises-fisher.js'
export { type WishartTensors, wishart } from './families/wishart.js'
export {
  type MixtureMembers,
  type MixtureTensors,
  mixture,
  type TensorMixture,
  type TensorMixtureFunctions,
  type TensorMixtureMoments,
} from './mixture.js'
export {
  type MemberTypeOf,
  type ParametersOf,
  productFamily,
  type TensorProduct,
  type TensorProductFunctions,
} from './product.js'
export { scoreFunction } from './score-function.js'
export { TensorMismatch } from './shapes.js'
export type {
  ExponentialForm,
  FactorsAsMatrices,
  Head,
  TensorDistribution,
  TensorFamily,
  WithDivergences,
  WithEntropy,
} from './tensor-family.js'
