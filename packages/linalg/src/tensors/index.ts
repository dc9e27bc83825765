export { cholesky, logDeterminant } from './cholesky.js'
export { triangularSolve } from './triangular-solve.js'
