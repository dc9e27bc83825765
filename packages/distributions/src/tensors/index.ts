export { dirichletLogProb } from './dirichlet.js'
export { inverseWishartLogProb } from './inverse-wishart.js'
export { multivariateNormalLogProb } from './multivariate-normal.js'
export { normalInverseWishartLogProb } from './normal-inverse-wishart.js'
