import type { QuadraticDensities } from '../contract/executor.js'
import type { Kind } from './kind.js'
import { blockRows, lanes } from './layout.js'
import { logitOf } from './logit.js'

const logits: Kind<QuadraticDensities>['logits'] = (
  { packed, start, count, scratch: residual },
  { columns, mean, whitening, logConstant },
  component,
  target,
) => {
  const constant = logConstant[component]!
  const targetAt = component * blockRows
  const meanAt = component * columns
  const whiteningAt = meanAt * columns
  for (let row = 0; row < count; row += lanes) {
    const from = (start + row) * columns
    let norm0 = 0
    let norm1 = 0
    let norm2 = 0
    let norm3 = 0
    for (let i = 0; i < columns; i++) {
      const m = mean[meanAt + i]!
      const to = i * lanes
      residual[to] = packed[from + to]! - m
      residual[to + 1] = packed[from + to + 1]! - m
      residual[to + 2] = packed[from + to + 2]! - m
      residual[to + 3] = packed[from + to + 3]! - m
      const rowOfWhitening = whiteningAt + i * columns
      let y0 = 0
      let y1 = 0
      let y2 = 0
      let y3 = 0
      for (let j = 0, r = 0; j <= i; j++, r += lanes) {
        const w = whitening[rowOfWhitening + j]!
        y0 += w * residual[r]!
        y1 += w * residual[r + 1]!
        y2 += w * residual[r + 2]!
        y3 += w * residual[r + 3]!
      }
      norm0 += y0 * y0
      norm1 += y1 * y1
      norm2 += y2 * y2
      norm3 += y3 * y3
    }
    const at = targetAt + row
    target[at] = logitOf(constant, norm0)
    target[at + 1] = logitOf(constant, norm1)
    target[at + 2] = logitOf(constant, norm2)
    target[at + 3] = logitOf(constant, norm3)
  }
}

/** Adds the lower triangles of the outer products only. */
const accumulate: Kind<QuadraticDensities>['accumulate'] = (
  { packed, start, count, scratch: residual },
  { columns, mean },
  component,
  weights,
  { weight, sum, outer },
) => {
  const meanAt = component * columns
  const outerAt = meanAt * columns
  const weightsAt = component * blockRows
  let total = 0
  for (let row = 0; row < count; row += lanes) {
    const from = (start + row) * columns
    const at = weightsAt + row
    const q0 = weights[at]!
    const q1 = weights[at + 1]!
    const q2 = weights[at + 2]!
    const q3 = weights[at + 3]!
    total += q0 + q1 + q2 + q3
    for (let i = 0; i < columns; i++) {
      const m = mean[meanAt + i]!
      const to = i * lanes
      const x0 = packed[from + to]! - m
      const x1 = packed[from + to + 1]! - m
      const x2 = packed[from + to + 2]! - m
      const x3 = packed[from + to + 3]! - m
      residual[to] = x0
      residual[to + 1] = x1
      residual[to + 2] = x2
      residual[to + 3] = x3
      const s0 = q0 * x0
      const s1 = q1 * x1
      const s2 = q2 * x2
      const s3 = q3 * x3
      sum[meanAt + i]! += s0 + s1 + s2 + s3
      const rowOfOuter = outerAt + i * columns
      for (let j = 0, r = 0; j <= i; j++, r += lanes)
        outer[rowOfOuter + j]! +=
          s0 * residual[r]! + s1 * residual[r + 1]! + s2 * residual[r + 2]! + s3 * residual[r + 3]!
    }
  }
  weight[component]! += total
}

/** Copies the lower triangles of the outer products to the upper ones. */
const finish: Kind<QuadraticDensities>['finish'] = ({ outer }, { components, columns }) => {
  for (let k = 0; k < components; k++) {
    const at = k * columns * columns
    for (let i = 0; i < columns; i++)
      for (let j = 0; j < i; j++) outer[at + j * columns + i] = outer[at + i * columns + j]!
  }
}

export const quadratic: Kind<QuadraticDensities> = { logits, accumulate, finish }
