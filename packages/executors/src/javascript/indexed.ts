import type { IndexedDensities } from '../contract/executor.js'
import type { Kind } from './kind.js'
import { blockRows } from './layout.js'

const logits: Kind<IndexedDensities>['logits'] = (
  { packed, start, count },
  { levels, natural, logConstant },
  component,
  target,
) => {
  const constant = logConstant[component]!
  for (let row = 0, at = component * blockRows; row < count; row++, at++) {
    const index = packed[start + row]!
    target[at] = Number.isNaN(index) ? constant : constant + natural[component * levels + index]!
  }
}

const accumulate: Kind<IndexedDensities>['accumulate'] = (
  { packed, start, count },
  { levels },
  component,
  weights,
  { weight, sum },
) => {
  let total = 0
  for (let row = 0, at = component * blockRows; row < count; row++, at++) {
    const q = weights[at]!
    const index = packed[start + row]!
    total += q
    if (!Number.isNaN(index)) sum[component * levels + index]! += q
  }
  weight[component]! += total
}

export const indexed: Kind<IndexedDensities> = { logits, accumulate, finish: () => {} }
