export type { ConjugatePrior } from './conjugacy/conjugate-prior.js'
export { dirichletPrior } from './conjugacy/dirichlet-prior.js'
export { fromDeviations, type GaussianStatistics } from './conjugacy/gaussian-statistics.js'
export { normalInverseWishartPrior } from './conjugacy/normal-inverse-wishart-prior.js'
export { type Dirichlet, type DirichletFamily, dirichlet } from './families/dirichlet.js'
export { type InverseWishart, type InverseWishartFamily, inverseWishart } from './families/inverse-wishart.js'
export {
  type MultivariateNormal,
  type MultivariateNormalFamily,
  multivariateNormal,
} from './families/multivariate-normal.js'
export {
  type NormalInverseWishart,
  type NormalInverseWishartFamily,
  type NormalInverseWishartVariance,
  normalInverseWishart,
} from './families/normal-inverse-wishart.js'
export {
  type Distribution,
  type ExponentialFamily,
  innerProduct,
  logNormaliserOfNatural,
  logProbOfExponentialForm,
  logProbs,
  type Natural,
  type Statistic,
  toNatural,
} from './family.js'
export { type Random, random } from './random.js'
export { evaluate, type StatisticExpression } from './statistic.js'
export { describeInvalidParameter, type InvalidParameter, type Validated } from './validation.js'
