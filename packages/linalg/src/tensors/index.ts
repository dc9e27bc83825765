export { cholesky, logDeterminant, symmetricInverse } from './cholesky.js'
export { digamma, logGamma, multivariateLogGamma, trigamma } from './gamma-functions.js'
export { triangularSolve } from './triangular-solve.js'
