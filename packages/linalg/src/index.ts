export { default as erfc } from '@stdlib/math-base-special-erfc'
export { centreOf, columnCentres } from './centre.js'
export {
  type CholeskyError,
  cholesky,
  excessOfTrace,
  inverse,
  invertLower,
  logDeterminant,
  solve,
  solveLower,
  traceOfQuotient,
  writeInverseOfLower,
} from './cholesky.js'
export { describeValue, inWords, isWrapped } from './describe-value.js'
export { regularizedBeta } from './incomplete-beta.js'
export { regularizedGamma } from './incomplete-gamma.js'
export { inverseDigamma, inverseDigammaFall, inverseLogMinusDigamma, positiveRoot } from './inverse-digamma.js'
export { itakuraSaito, poissonDivergence } from './itakura-saito.js'
export {
  add,
  addOuter,
  diagonal,
  dot,
  fromRows,
  identity,
  type Matrix,
  type MatrixError,
  type MatrixLike,
  matrix,
  multiply,
  type OwnMatrix,
  outer,
  type RaggedRows,
  type ReadMatrix,
  type RowsLike,
  readMatrix,
  row,
  scale,
  scaleOwn,
  square,
  subtract,
  tabulate,
  toRows,
  type Vector,
} from './matrix.js'
export {
  copyNumbers,
  describePlace,
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
export {
  digamma,
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
