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
export { type BetaTensors, beta } from './families/beta.js'
export { type CategoricalTensors, categorical } from './families/categorical.js'
export { type DiagonalNormalTensors, diagonalNormal } from './families/diagonal-normal.js'
export { type DirichletTensors, dirichlet } from './families/dirichlet.js'
export { type ExponentialTensors, exponential } from './families/exponential.js'
export { type GammaTensors, gamma } from './families/gamma.js'
export { type InverseGammaTensors, inverseGamma } from './families/inverse-gamma.js'
export { type InverseWishartTensors, inverseWishart } from './families/inverse-wishart.js'
export { type IsotropicNormalTensors, isotropicNormal } from './families/isotropic-normal.js'
export { type MultivariateNormalTensors, multivariateNormal } from './families/multivariate-normal.js'
export { type MultivariateStudentTTensors, multivariateStudentT } from './families/multivariate-student-t.js'
export { type NormalTensors, normal } from './families/normal.js'
export {
  type NormalInverseWishartTensors,
  type NormalInverseWishartVarianceTensors,
  normalInverseWishart,
} from './families/normal-inverse-wishart.js'
export { type StudentTTensors, studentT } from './families/student-t.js'
export { type WishartTensors, wishart } from './families/wishart.js'
export { type Sizes, TensorMismatch } from './shapes.js'
export type {
  ExponentialForm,
  Head,
  TensorDistribution,
  TensorFamily,
  WithDivergences,
  WithEntropy,
} from './tensor-family.js'
