import type { QuadraticDensities } from '../executor.js'
import { blockRows, lanes } from './layout.js'

/**
 * Writes log w_k p_k(x) of `count` rows from row `start` on (both multiples of four) for one component into its row
 * of `logits`, K x 256. `residual` has room for D x 4.
 */
export const quadraticLogits = (
  packed: Float64Array,
  start: number,
  count: number,
  { columns, mean, whitening, logConstant }: QuadraticDensities,
  component: number,
  residual: Float64Array,
  logits: Float64Array,
): void => {
  const constant = logConstant[component]!
  const logitsAt = component * blockRows
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
    const at = logitsAt + row
    logits[at] = constant - norm0 / 2
    logits[at + 1] = constant - norm1 / 2
    logits[at + 2] = constant - norm2 / 2
    logits[at + 3] = constant - norm3 / 2
  }
}
