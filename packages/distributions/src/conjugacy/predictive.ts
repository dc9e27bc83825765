import { scale } from '@conjugate/linalg'
import type { Beta } from '../families/beta.js'
import { type BetaBinomial, betaBinomial } from '../families/beta-binomial.js'
import type { Dirichlet } from '../families/dirichlet.js'
import { type DirichletMultinomial, dirichletMultinomial } from '../families/dirichlet-multinomial.js'
import { type MultivariateStudentT, multivariateStudentT } from '../families/multivariate-student-t.js'
import type { NormalInverseGamma } from '../families/normal-inverse-gamma.js'
import type { NormalInverseWishart } from '../families/normal-inverse-wishart.js'
import { type StudentT, studentT } from '../families/student-t.js'
import type { Validated } from '../validation.js'

/**
 * What a normal-inverse-gamma, prior or posterior, predicts of one more observation: t with 2a degrees of freedom about m,
 * of squared scale b (kappa + 1)/(a kappa). Errors: a scale that float64 does not hold.
 * Source: Murphy, Machine Learning (2012), section 4.6.3.7.
 */
export const normalInverseGammaPredictive = (q: NormalInverseGamma): Validated<StudentT> =>
  studentT.make({
    degreesOfFreedom: 2 * q.variance.shape,
    location: q.mean,
    scale: Math.sqrt((q.variance.scale / q.variance.shape) * (1 + 1 / q.meanPrecision)),
  })

/**
 * What a normal-inverse-Wishart predicts of one more observation: t with nu - D + 1 degrees of freedom about m, of scale
 * Psi (kappa + 1)/(kappa (nu - D + 1)). Errors: a scale that is not positive definite in float64.
 * Source: Murphy, Machine Learning (2012), section 4.6.3.6.
 */
export const normalInverseWishartPredictive = (q: NormalInverseWishart): Validated<MultivariateStudentT> => {
  const degreesOfFreedom = q.covariance.degreesOfFreedom - q.mean.length + 1
  return multivariateStudentT.make({
    degreesOfFreedom,
    location: q.mean,
    scale: scale((1 + 1 / q.meanPrecision) / degreesOfFreedom)(q.covariance.scale),
  })
}

/**
 * Gives what a beta, prior or posterior, predicts of so many trials together: a beta-binomial. Errors: a count that is not
 * whole and positive.
 * Source: Gelman et al., Bayesian Data Analysis, 3rd ed. (2013), section 2.4 and appendix A.
 */
export const betaPredictive =
  (count: number) =>
  (q: Beta): Validated<BetaBinomial> =>
    betaBinomial(count).make(q)

/**
 * Gives what a Dirichlet, prior or posterior, predicts of so many draws together: a Dirichlet-multinomial. Errors: a count
 * that is not whole and positive.
 * Source: Mosimann, On the compound multinomial distribution (1962).
 */
export const dirichletPredictive =
  (count: number) =>
  (q: Dirichlet): Validated<DirichletMultinomial> =>
    dirichletMultinomial(count).make(q)
