import type { OffsetDensities } from '../contract/executor.js'
import type { FactorKind } from './kind.js'

export const offset: FactorKind<OffsetDensities> = (outer, { components, logConstant }) => {
  const constants = outer.upload(logConstant.slice(), [components, 1, 1])
  return (ops, { values }) => ({
    logits: ops.binary('AddV2', constants, values),
    addSums: (responsibilities, { weight }) => {
      const sums = ops.download(ops.reduce('Sum', responsibilities, 2))
      for (let k = 0; k < components; k++) weight[k]! += sums[k]!
    },
  })
}
