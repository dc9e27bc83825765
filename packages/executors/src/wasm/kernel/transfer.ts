import { type CheckedRows, copyRows, kindsOf } from '../../contract/rows.js'
import type { KernelExports } from './kernel.js'
import { type Layout, PAIR_ROWS, partsOf } from './layout.js'

/** A view of memory, which may be shared by threads. */
export const numbers = (buffer: ArrayBufferLike, address: number, length: number): Float64Array =>
  new Float64Array(buffer, address, length) as Float64Array

const NUMBER = 8

/** The size of the staging buffer, in numbers. */
const CHUNK = 65536

/** How many rows go through the staging buffer at a time: an even number. */
const chunkRowsOf = (columns: number): number => 2 * Math.max(1, Math.floor(CHUNK / columns / 2))

/** How many bytes the staging buffer, the origin and what columns are take, behind the rows and their weights. */
export const chunkBytes = (rows: number, columns: number): number =>
  (3 + Math.min(rows, chunkRowsOf(columns))) * columns * NUMBER

/**
 * Stores N x D rows less their origin two at a time, column by column, each factor by itself, and tells whether all are numbers
 * that can be taken. The kernel does it, since JavaScript would take ten times as long the first time. Padding is zeros.
 */
export const writeRows = (
  kernel: KernelExports,
  buffer: ArrayBufferLike,
  layout: Layout,
  checked: CheckedRows,
): boolean => {
  const { rows, columns, origin, factors } = checked
  const parts = factors ? partsOf(layout, factors) : [{ first: 0, columns, data: layout.data }]
  for (const part of parts) {
    const stored = numbers(buffer, part.data, layout.pairs * PAIR_ROWS * part.columns)
    stored.fill(0, Math.max(0, rows - (rows % PAIR_ROWS)) * part.columns)
  }
  const first = layout.densities
  const kinds = first + columns * NUMBER
  const source = kinds + 2 * columns * NUMBER
  numbers(buffer, first, columns).set(origin)
  numbers(buffer, kinds, 2 * columns).set(kindsOf({ columns, factors }))
  const length = chunkRowsOf(columns)
  const chunk = numbers(buffer, source, Math.min(rows, length) * columns)
  let areTaken = true
  for (let row = 0; row < rows; row += length) {
    const count = Math.min(length, rows - row)
    copyRows(checked, row, row + count, chunk)
    if (factors) areTaken = kernel.areTaken(source, count, columns, first, kinds) !== 0 && areTaken
    for (const part of parts) {
      const skipped = part.first * NUMBER
      const target = part.data + row * part.columns * NUMBER
      const [from, origins] = [source + skipped, first + skipped]
      const areFinite = kernel.arrangeRows(from, count, columns, part.columns, origins, target) !== 0
      if (!factors) areTaken = areFinite && areTaken
    }
  }
  return areTaken
}

/** Stores the weights of rows or, where they have none, ones for a full block and for the last one. Padding weighs 0. */
export const writeWeights = (
  buffer: ArrayBufferLike,
  layout: Layout,
  { rows, rowWeights }: Pick<CheckedRows, 'rows' | 'rowWeights'>,
): void => {
  if (rowWeights) {
    const weights = numbers(buffer, layout.weights, layout.pairs * PAIR_ROWS)
    weights.set(rowWeights)
    weights.fill(0, rows)
    return
  }
  const blockRows = layout.blockPairs * PAIR_ROWS
  const ones = numbers(buffer, layout.weights, 2 * blockRows)
  const rest = rows % blockRows
  ones.fill(1).fill(0, blockRows + (rest === 0 ? blockRows : rest))
}
