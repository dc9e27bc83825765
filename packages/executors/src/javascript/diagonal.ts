import type { DiagonalDensities } from '../contract/executor.js'
import type { Kind } from './kind.js'
import { blockRows, lanes } from './layout.js'
import { logitOf } from './logit.js'

const logits: Kind<DiagonalDensities>['logits'] = (
  { packed, start, count },
  { columns, mean, scale, logConstant },
  component,
  target,
) => {
  const constant = logConstant[component]!
  const parametersAt = component * columns
  for (let row = 0; row < count; row += lanes) {
    let from = (start + row) * columns
    let norm0 = 0
    let norm1 = 0
    let norm2 = 0
    let norm3 = 0
    for (let i = parametersAt; i < parametersAt + columns; i++, from += lanes) {
      const m = mean[i]!
      const s = scale[i]!
      const y0 = s * (packed[from]! - m)
      const y1 = s * (packed[from + 1]! - m)
      const y2 = s * (packed[from + 2]! - m)
      const y3 = s * (packed[from + 3]! - m)
      norm0 += y0 * y0
      norm1 += y1 * y1
      norm2 += y2 * y2
      norm3 += y3 * y3
    }
    const at = component * blockRows + row
    target[at] = logitOf(constant, norm0)
    target[at + 1] = logitOf(constant, norm1)
    target[at + 2] = logitOf(constant, norm2)
    target[at + 3] = logitOf(constant, norm3)
  }
}

const accumulate: Kind<DiagonalDensities>['accumulate'] = (
  { packed, start, count },
  { columns, mean },
  component,
  weights,
  { weight, sum, squares },
) => {
  const parametersAt = component * columns
  let total = 0
  for (let row = 0; row < count; row += lanes) {
    let from = (start + row) * columns
    const at = component * blockRows + row
    const q0 = weights[at]!
    const q1 = weights[at + 1]!
    const q2 = weights[at + 2]!
    const q3 = weights[at + 3]!
    total += q0 + q1 + q2 + q3
    for (let i = parametersAt; i < parametersAt + columns; i++, from += lanes) {
      const m = mean[i]!
      const x0 = packed[from]! - m
      const x1 = packed[from + 1]! - m
      const x2 = packed[from + 2]! - m
      const x3 = packed[from + 3]! - m
      // Weighted before they are squared: where a square overflows the weight is 0.
      const s0 = q0 * x0
      const s1 = q1 * x1
      const s2 = q2 * x2
      const s3 = q3 * x3
      sum[i]! += s0 + s1 + s2 + s3
      squares[i]! += s0 * x0 + s1 * x1 + s2 * x2 + s3 * x3
    }
  }
  weight[component]! += total
}

export const diagonal: Kind<DiagonalDensities> = { logits, accumulate, finish: () => {} }
