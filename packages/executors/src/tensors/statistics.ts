import type { QuadraticDensities, QuadraticStatistics } from '../contract/executor.js'

/** Adds K x E x E products of rows that have a one at their end: [outer, sum; sum', weight] of each component. */
export const addProducts = (
  { weight, sum, outer }: QuadraticStatistics,
  { components, columns }: QuadraticDensities,
  products: Float64Array,
): void => {
  const width = columns + 1
  for (let k = 0; k < components; k++) {
    const at = k * width * width
    for (let i = 0; i < columns; i++)
      for (let j = 0; j < columns; j++) {
        // The lower triangle for both, since the two may be rounded differently.
        const product = products[at + Math.max(i, j) * width + Math.min(i, j)]!
        outer[(k * columns + i) * columns + j]! += product
      }
    for (let j = 0; j < columns; j++) sum[k * columns + j]! += products[at + columns * width + j]!
    weight[k]! += products[at + columns * width + columns]!
  }
}

/** Adds the first D of each E = D + 1 sums to K x D. */
export const addColumns = (target: Float64Array, sums: Float64Array, columns: number): void => {
  for (let i = 0; i < target.length; i++) target[i]! += sums[i + Math.floor(i / columns)]!
}

/** Adds the last of each E = D + 1 sums, that of the ones, to K weights. */
export const addWeights = (weight: Float64Array, sums: Float64Array, columns: number): void => {
  for (let k = 0; k < weight.length; k++) weight[k]! += sums[k * (columns + 1) + columns]!
}
