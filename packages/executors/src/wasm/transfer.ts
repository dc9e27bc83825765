import type { QuadraticDensities } from '../executor.js'
import type { PreparedRows } from '../rows.js'
import { fieldsOf, type Layout, PAIR_ROWS, statisticsOf } from './layout.js'

/** Rows of a whitening matrix that the kernel takes at a time. */
const TILE = 4

export const numbers = (buffer: ArrayBuffer, address: number, length: number): Float64Array =>
  new Float64Array(buffer, address, length)

/** Stores N x D rows two at a time, column by column, and their weights if they have any. Fresh memory is zero. */
export const writeRows = (buffer: ArrayBuffer, layout: Layout, prepared: PreparedRows): void => {
  const { rows, columns, values, rowWeights } = prepared
  const data = numbers(buffer, layout.data, layout.pairs * PAIR_ROWS * columns)
  for (let row = 0, from = 0; row < rows; row++) {
    const first = (row - (row % PAIR_ROWS)) * columns + (row % PAIR_ROWS)
    for (let column = 0; column < columns; column++, from++) data[first + column * PAIR_ROWS] = values[from]!
  }
  if (rowWeights) numbers(buffer, layout.weights, rows).set(rowWeights)
}

/** The table of addresses and, for rows without weights of their own, ones for a full block and for the last one. */
export const writeLayout = (buffer: ArrayBuffer, layout: Layout, rows: number): void => {
  new Uint32Array(buffer).set(fieldsOf(layout))
  if (layout.weighted) return
  const blockRows = layout.blockPairs * PAIR_ROWS
  const ones = numbers(buffer, layout.weights, 2 * blockRows)
  const rest = rows % blockRows
  ones.fill(1).fill(0, blockRows + (rest === 0 ? blockRows : rest))
}

/**
 * Packs constants, means and whitening matrices as the kernel reads them, the matrices in tiles of four rows: left of
 * the diagonal triangle column by column, then the triangle row by row. Scaled so that logits come out to base 2
 * without the factor 1/2.
 */
export const writeDensities = (buffer: ArrayBuffer, layout: Layout, densities: QuadraticDensities): void => {
  const { components, columns, mean, whitening, logConstant } = densities
  const target = numbers(buffer, layout.densities, components * statisticsOf(columns))
  const scale = Math.sqrt(Math.LOG2E / 2)
  let at = 0
  for (let k = 0; k < components; k++) {
    const matrix = whitening.subarray(k * columns * columns, (k + 1) * columns * columns)
    target[at++] = logConstant[k]! * Math.LOG2E
    for (let column = 0; column < columns; column++) target[at++] = mean[k * columns + column]!
    for (let i = 0; i < columns; i += TILE) {
      const end = Math.min(i + TILE, columns)
      for (let column = 0; column < i; column++)
        for (let row = i; row < end; row++) target[at++] = scale * matrix[row * columns + column]!
      for (let row = i; row < end; row++)
        for (let column = i; column <= row; column++) target[at++] = scale * matrix[row * columns + column]!
    }
  }
}
