import type { DiagonalDensities } from '../contract/executor.js'
import { type FactorKind, logitsOfNorms, residuals } from './kind.js'
import { addColumns, addWeights } from './statistics.js'
import { widen } from './widen.js'

export const diagonal: FactorKind<DiagonalDensities> = (outer, { components, columns, mean, scale, logConstant }) => {
  const shape = [components, columns + 1, 1]
  const means = outer.upload(widen(mean, columns), shape)
  const scales = outer.upload(widen(scale, columns), shape)
  const logits = logitsOfNorms(outer, logConstant)
  return (ops, rows) => {
    const residual = residuals(ops, rows, means)
    return {
      logits: logits(ops, ops.binary('Mul', scales, residual)),
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
