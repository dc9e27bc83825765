import type { OffsetDensities } from '../contract/executor.js'
import type { Kind } from './kind.js'
import { blockRows, lanes } from './layout.js'

const logits: Kind<OffsetDensities>['logits'] = (
  { packed, start, count },
  { columns, logConstant },
  component,
  target,
) => {
  const constant = logConstant[component]!
  for (let row = 0, at = component * blockRows; row < count; row += lanes) {
    const from = (start + row) * columns + component * lanes
    for (let lane = 0; lane < lanes; lane++) target[at++] = constant + packed[from + lane]!
  }
}

const accumulate: Kind<OffsetDensities>['accumulate'] = ({ count }, _densities, component, weights, { weight }) => {
  let total = 0
  for (let row = 0, at = component * blockRows; row < count; row++, at++) total += weights[at]!
  weight[component]! += total
}

export const offset: Kind<OffsetDensities> = { logits, accumulate, finish: () => {} }
