import type { IndexedDensities } from '../contract/executor.js'
import type { FactorKind } from './kind.js'
import { addColumns, addWeights } from './statistics.js'
import { widen } from './widen.js'

/**
 * Half of a logarithm, of which the product with 0 is 0: -Infinity is the double of the least number. Both are exact, since
 * one column of 1 at most takes part.
 */
const half = (v: number): number => (v === Number.NEGATIVE_INFINITY ? -Number.MAX_VALUE : v / 2)

export const indexed: FactorKind<IndexedDensities> = (outer, { components, levels, natural, logConstant }) => {
  const halves = outer.upload(widen(natural.map(half), levels), [components, 1, levels + 1])
  const constants = outer.upload(logConstant.slice(), [components, 1, 1])
  return (ops, { values }) => {
    const product = ops.matMul(halves, values, false)
    return {
      logits: ops.binary('AddV2', constants, ops.binary('AddV2', product, product)),
      addSums: (responsibilities, { weight, sum }) => {
        const sums = ops.download(ops.matMul(responsibilities, values, true))
        addColumns(sum, sums, levels)
        addWeights(weight, sums, levels)
      },
    }
  }
}
