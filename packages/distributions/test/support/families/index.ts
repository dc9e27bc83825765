import type { FamilyCase } from '../family-case.js'
import { dirichletCase } from './dirichlet.js'
import { inverseWishartCase } from './inverse-wishart.js'
import { multivariateNormalCase } from './multivariate-normal.js'
import { normalInverseWishartCase } from './normal-inverse-wishart.js'

/** The table of all exponential families: every law and every reference runs over it. */
export const families: ReadonlyArray<FamilyCase> = [
  multivariateNormalCase,
  inverseWishartCase,
  dirichletCase,
  normalInverseWishartCase,
]
