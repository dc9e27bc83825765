export {
  add,
  addOuter,
  dot,
  matrixProduct,
  multiply,
  outer,
  scale,
  scaleOwn,
  subtract,
  sumOf,
  sumOfLogs,
  transpose,
} from './arithmetic.js'
export { centreOf, columnCentres } from './centre.js'
export { type CholeskyError, cholesky, logDeterminant } from './cholesky.js'
export { LOG_2PI } from './constants.js'
export { covarianceRoot } from './covariance-root.js'
export { describeValue, inWords, isWrapped } from './describe-value.js'
export { regularizedBeta } from './incomplete-beta.js'
export { regularizedGamma } from './incomplete-gamma.js'
export { inverseDigamma, inverseDigammaFall, inverseLogMinusDigamma, positiveRoot } from './inverse-digamma.js'
export { itakuraSaito, poissonDivergence } from './itakura-saito.js'
export {
  diagonal,
  fromColumns,
  fromRows,
  identity,
  type Matrix,
  type MatrixLike,
  type OwnMatrix,
  type ReadMatrix,
  type RowsLike,
  row,
  rowsAt,
  square,
  tabulate,
  toRows,
  type Vector,
} from './matrix.js'
export { loadMatrixKernel } from './matrix-kernel.js'
export {
  copyNumbers,
  describeRow,
  describeUnreadableData,
  isList,
  type Numbers,
  noNumber,
  reading,
  readNumbers,
  toNumber,
  type UnreadableData,
  unreadable,
} from './numbers.js'
export { digammaDifference, trigammaDifference, trigammaMinusReciprocal } from './polygamma.js'
export { columnSquares, principalAxes } from './principal-axes.js'
export { excessOfTrace, traceOfQuotient } from './quotient.js'
export { type MatrixError, matrix, type RaggedRows, readMatrix } from './read-matrix.js'
export {
  digamma,
  erfc,
  logGamma,
  logGammaLess,
  logGammaWeight,
  logMinusDigamma,
  logMultivariateBeta,
  multivariateDigamma,
  multivariateLogGamma,
  stirlingError,
  trigamma,
} from './special.js'
export type { Tail } from './tail.js'
export { inverse, invertLower, solve, solveLower, writeInverseOfLower } from './triangular.js'
