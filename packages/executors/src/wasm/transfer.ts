import type { CheckedRows } from '../rows.js'
import { fieldsOf, type Layout, PAIR_ROWS } from './layout.js'

export const numbers = (buffer: ArrayBuffer, address: number, length: number): Float64Array =>
  new Float64Array(buffer, address, length)

/** Stores N x D rows less their origin two at a time, column by column, and their weights if they have any. Fresh memory is zero. */
export const writeRows = (buffer: ArrayBuffer, layout: Layout, checked: CheckedRows): void => {
  const { rows, columns, data: source, origin, rowWeights } = checked
  const target = numbers(buffer, layout.data, layout.pairs * PAIR_ROWS * columns)
  for (let row = 0, from = 0; row < rows; row++) {
    const first = (row - (row % PAIR_ROWS)) * columns + (row % PAIR_ROWS)
    for (let column = 0; column < columns; column++, from++)
      target[first + column * PAIR_ROWS] = source[from]! - origin[column]!
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
