import type { QuadraticDensities } from '../contract/executor.js'
import { type FactorKind, residuals } from './kind.js'
import { addProducts } from './statistics.js'
import { widen } from './widen.js'

export const quadratic: FactorKind<QuadraticDensities> = (outer, densities) => {
  const { components, columns } = densities
  const mean = outer.upload(widen(densities.mean, columns), [components, columns + 1, 1])
  const whitening = outer.upload(widen(densities.whitening, columns), [components, columns, columns + 1])
  const logConstant = outer.upload(densities.logConstant.slice(), [components, 1, 1])
  const half = outer.upload(Float64Array.of(0.5), [])
  return (ops, rows) => {
    const residual = residuals(ops, rows, mean)
    const whitened = ops.matMul(whitening, residual, false)
    const squaredNorm = ops.reduce('Sum', ops.unary('Square', whitened), 1)
    return {
      logits: ops.binary('Sub', logConstant, ops.binary('Mul', half, squaredNorm)),
      addSums: (responsibilities, statistics) => {
        const products = ops.matMul(ops.binary('Mul', responsibilities, residual), residual, true)
        addProducts(statistics, densities, ops.download(products))
      },
    }
  }
}
