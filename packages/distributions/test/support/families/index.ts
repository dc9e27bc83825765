import type { DistributionCase, FamilyCase } from '../family-case.js'
import { bernoulliCase } from './bernoulli.js'
import { betaCase } from './beta.js'
import { betaBinomialCase } from './beta-binomial.js'
import { binomialCase } from './binomial.js'
import { categoricalCase } from './categorical.js'
import { diagonalNormalCase } from './diagonal-normal.js'
import { dirichletCase } from './dirichlet.js'
import { dirichletMultinomialCase } from './dirichlet-multinomial.js'
import { exponentialCase } from './exponential.js'
import { gammaCase } from './gamma.js'
import { geometricCase } from './geometric.js'
import { inverseGammaCase } from './inverse-gamma.js'
import { inverseWishartCase } from './inverse-wishart.js'
import { isotropicNormalCase } from './isotropic-normal.js'
import { isotropicNormalInverseGammaCase } from './isotropic-normal-inverse-gamma.js'
import { multinomialCase } from './multinomial.js'
import { multivariateNormalCase } from './multivariate-normal.js'
import { multivariateStudentTCase } from './multivariate-student-t.js'
import { negativeBinomialCase } from './negative-binomial.js'
import { normalCase } from './normal.js'
import { normalInverseGammaCase } from './normal-inverse-gamma.js'
import { normalInverseWishartCase } from './normal-inverse-wishart.js'
import { poissonCase } from './poisson.js'
import { productCase } from './product.js'
import { studentTCase } from './student-t.js'
import { vonMisesFisherCase } from './von-mises-fisher.js'
import { wishartCase } from './wishart.js'

/** The table of all exponential families: every law and every reference runs over it. */
export const families: ReadonlyArray<FamilyCase> = [
  multivariateNormalCase,
  inverseWishartCase,
  dirichletCase,
  normalInverseWishartCase,
  normalCase,
  exponentialCase,
  gammaCase,
  inverseGammaCase,
  betaCase,
  normalInverseGammaCase,
  wishartCase,
  bernoulliCase,
  categoricalCase,
  binomialCase,
  multinomialCase,
  poissonCase,
  geometricCase,
  negativeBinomialCase,
  diagonalNormalCase,
  isotropicNormalCase,
  isotropicNormalInverseGammaCase,
  productCase,
  vonMisesFisherCase,
]

/** The distributions that are no exponential families. */
export const otherDistributions: ReadonlyArray<DistributionCase> = [
  studentTCase,
  multivariateStudentTCase,
  betaBinomialCase,
  dirichletMultinomialCase,
]
