import type { CheckedRows } from '../rows.js'
import { type Layout, PAIR_ROWS } from './layout.js'

/** A view of memory, which may be shared by threads. */
export const numbers = (buffer: ArrayBufferLike, address: number, length: number): Float64Array =>
  new Float64Array(buffer, address, length) as Float64Array

/**
 * Stores N x D rows less their origin two at a time, column by column, and their weights if they have any; where they have
 * none, ones for a full block and for the last one. Padding is zeros of weight zero.
 */
export const writeRows = (buffer: ArrayBufferLike, layout: Layout, checked: CheckedRows): void => {
  const { rows, columns, data: source, origin, rowWeights } = checked
  const padded = layout.pairs * PAIR_ROWS
  const target = numbers(buffer, layout.data, padded * columns)
  target.fill(0, Math.max(0, rows - (rows % PAIR_ROWS)) * columns)
  for (let row = 0, from = 0; row < rows; row++) {
    const first = (row - (row % PAIR_ROWS)) * columns + (row % PAIR_ROWS)
    for (let column = 0; column < columns; column++, from++)
      target[first + column * PAIR_ROWS] = source[from]! - origin[column]!
  }
  if (rowWeights) {
    const weights = numbers(buffer, layout.weights, padded)
    weights.set(rowWeights)
    weights.fill(0, rows)
  } else {
    const blockRows = layout.blockPairs * PAIR_ROWS
    const ones = numbers(buffer, layout.weights, 2 * blockRows)
    const rest = rows % blockRows
    ones.fill(1).fill(0, blockRows + (rest === 0 ? blockRows : rest))
  }
}
