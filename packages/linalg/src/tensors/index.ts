export { cholesky, logDeterminant, symmetricInverse } from './cholesky.js'
export {
  digamma,
  logGamma,
  multivariateDigamma,
  multivariateLogGamma,
  polygamma,
  trigamma,
} from './gamma-functions.js'
export { regularizedBeta, regularizedGamma } from './incomplete.js'
export { registerSecondOrder } from './register-second-order.js'
export { exp, expm1, logSoftmax, logSumExp, sigmoid, softmax, softplus, tanh } from './second-order.js'
export { symmetricEigenvalues } from './symmetric-eigen.js'
export { triangularSolve } from './triangular-solve.js'
