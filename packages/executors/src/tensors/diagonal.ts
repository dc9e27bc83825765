import type { DiagonalDensities } from '../contract/executor.js'
import { type FactorKind, residuals } from './kind.js'
import { addColumns, addWeights } from './statistics.js'
import { widen } from './widen.js'

export const diagonal: FactorKind<DiagonalDensities> = (outer, { components, columns, mean, scale, logConstant }) => {
  const shape = [components, columns + 1, 1]
  const means = outer.upload(widen(mean, columns), shape)
  const scales = outer.upload(widen(scale, columns), shape)
  const constants = outer.upload(logConstant.slice(), [components, 1, 1])
  const half = outer.upload(Float64Array.of(0.5), [])
  return (ops, rows) => {
    const residual = residuals(ops, rows, means)
    const squaredNorm = ops.reduce('Sum', ops.unary('Square', ops.binary('Mul', scales, residual)), 1)
    return {
      logits: ops.binary('Sub', constants, ops.binary('Mul', half, squaredNorm)),
      addSums: (responsibilities, { weight, sum, squares }) => {
        const weighted = ops.binary('Mul', responsibilities, residual)
        const sums = ops.download(ops.reduce('Sum', weighted, 2))
        addColumns(sum, sums, columns)
        addWeights(weight, sums, columns)
        // Weighted before they are squared: where a square overflows the weight is 0.
        addColumns(squares, ops.download(ops.reduce('Sum', ops.binary('Mul', weighted, residual), 2)), columns)
      },
    }
  }
}
