import type { LinearDensities } from '../contract/executor.js'
import type { Kind } from './kind.js'
import { blockRows, lanes } from './layout.js'

const logits: Kind<LinearDensities>['logits'] = (
  { packed, start, count },
  { columns, natural, logConstant },
  component,
  target,
) => {
  const constant = logConstant[component]!
  const naturalAt = component * columns
  for (let row = 0; row < count; row += lanes) {
    let from = (start + row) * columns
    let product0 = 0
    let product1 = 0
    let product2 = 0
    let product3 = 0
    for (let i = naturalAt; i < naturalAt + columns; i++, from += lanes) {
      const eta = natural[i]!
      product0 += eta * packed[from]!
      product1 += eta * packed[from + 1]!
      product2 += eta * packed[from + 2]!
      product3 += eta * packed[from + 3]!
    }
    const at = component * blockRows + row
    target[at] = constant + product0
    target[at + 1] = constant + product1
    target[at + 2] = constant + product2
    target[at + 3] = constant + product3
  }
}

const accumulate: Kind<LinearDensities>['accumulate'] = (
  { packed, start, count },
  { columns },
  component,
  weights,
  { weight, sum },
) => {
  const sumAt = component * columns
  let total = 0
  for (let row = 0; row < count; row += lanes) {
    let from = (start + row) * columns
    const at = component * blockRows + row
    const q0 = weights[at]!
    const q1 = weights[at + 1]!
    const q2 = weights[at + 2]!
    const q3 = weights[at + 3]!
    total += q0 + q1 + q2 + q3
    for (let i = sumAt; i < sumAt + columns; i++, from += lanes)
      sum[i]! += q0 * packed[from]! + q1 * packed[from + 1]! + q2 * packed[from + 2]! + q3 * packed[from + 3]!
  }
  weight[component]! += total
}

export const linear: Kind<LinearDensities> = { logits, accumulate, finish: () => {} }
