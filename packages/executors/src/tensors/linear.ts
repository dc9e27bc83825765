import type { LinearDensities } from '../contract/executor.js'
import type { FactorKind } from './kind.js'
import { addColumns, addWeights } from './statistics.js'
import { widen } from './widen.js'

export const linear: FactorKind<LinearDensities> = (outer, { components, columns, natural, logConstant }) => {
  const naturals = outer.upload(widen(natural, columns), [components, 1, columns + 1])
  const constants = outer.upload(logConstant.slice(), [components, 1, 1])
  return (ops, { values }) => ({
    logits: ops.binary('AddV2', constants, ops.matMul(naturals, values, false)),
    addSums: (responsibilities, { weight, sum }) => {
      const sums = ops.download(ops.matMul(responsibilities, values, true))
      addColumns(sum, sums, columns)
      addWeights(weight, sums, columns)
    },
  })
}
