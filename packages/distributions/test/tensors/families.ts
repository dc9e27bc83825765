import * as T from '@conjugate/distributions/tensors'

/** The families of the table of laws, by their names there; without what only tests on Node have. */
export const families = {
  normal: T.normal,
  'multivariate normal': T.multivariateNormal,
  'diagonal normal': T.diagonalNormal,
  'isotropic normal': T.isotropicNormal,
  gamma: T.gamma,
  'inverse gamma': T.inverseGamma,
  exponential: T.exponential,
  beta: T.beta,
  Dirichlet: T.dirichlet,
  "Student's t": T.studentT,
  'multivariate t': T.multivariateStudentT,
  Wishart: T.wishart,
  'inverse Wishart': T.inverseWishart,
  'normal-inverse-Wishart': T.normalInverseWishart,
  categorical: T.categorical(4),
  Bernoulli: T.bernoulli,
  binomial: T.binomial(50),
  multinomial: T.multinomial(12),
  Poisson: T.poisson,
  geometric: T.geometric,
  'negative binomial': T.negativeBinomial(3.5),
  'beta-binomial': T.betaBinomial(20),
  'Dirichlet-multinomial': T.dirichletMultinomial(9),
  'von Mises-Fisher': T.vonMisesFisher,
  'normal-inverse-gamma': T.normalInverseGamma,
  'isotropic normal-inverse-gamma': T.isotropicNormalInverseGamma,
} as const

export type FamilyName = keyof typeof families
