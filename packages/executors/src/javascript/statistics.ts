import type { QuadraticDensities, QuadraticStatistics } from '../executor.js'
import { blockRows, lanes } from './layout.js'

export const zeroStatistics = (components: number, columns: number): QuadraticStatistics => ({
  weight: new Float64Array(components),
  sum: new Float64Array(components * columns),
  outer: new Float64Array(components * columns * columns),
})

/**
 * Adds the sums of `count` rows from row `start` on (both multiples of four) about the mean of one component,
 * weighted by its row of `weights`, K x 256. Of the outer products it adds the lower triangle only. `residual` has
 * room for D x 4.
 */
export const accumulate = (
  packed: Float64Array,
  start: number,
  count: number,
  { columns, mean }: QuadraticDensities,
  component: number,
  weights: Float64Array,
  residual: Float64Array,
  { weight, sum, outer }: QuadraticStatistics,
): void => {
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

const moveInto = (total: Float64Array, partial: Float64Array): void => {
  for (let i = 0; i < total.length; i++) total[i]! += partial[i]!
  partial.fill(0)
}

/** Adds a partial sum to a total and leaves the partial sum zero. */
export const moveStatistics = (total: QuadraticStatistics, partial: QuadraticStatistics): void => {
  moveInto(total.weight, partial.weight)
  moveInto(total.sum, partial.sum)
  moveInto(total.outer, partial.outer)
}

/** Copies the lower triangles of the outer products to the upper ones. */
export const symmetrize = ({ outer }: QuadraticStatistics, components: number, columns: number): void => {
  for (let k = 0; k < components; k++) {
    const at = k * columns * columns
    for (let i = 0; i < columns; i++)
      for (let j = 0; j < i; j++) outer[at + j * columns + i] = outer[at + i * columns + j]!
  }
}
