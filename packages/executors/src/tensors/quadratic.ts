import type { QuadraticDensities } from '../contract/executor.js'
import { type FactorKind, logitsOfNorms, residuals } from './kind.js'
import { addProducts } from './statistics.js'
import { widen } from './widen.js'

export const quadratic: FactorKind<QuadraticDensities> = (outer, densities) => {
  const { components, columns } = densities
  const mean = outer.upload(widen(densities.mean, columns), [components, columns + 1, 1])
  const whitening = outer.upload(widen(densities.whitening, columns), [components, columns, columns + 1])
  const logits = logitsOfNorms(outer, densities.logConstant)
  return (ops, rows) => {
    const residual = residuals(ops, rows, mean)
    return {
      logits: logits(ops, ops.matMul(whitening, residual, false)),
      addSums: (responsibilities, statistics) => {
        const products = ops.matMul(ops.binary('Mul', responsibilities, residual), residual, true)
        addProducts(statistics, densities, ops.download(products))
      },
    }
  }
}
