import { DistinctRows } from './distinct-rows.js'

/** Rows of equal values gathered into one, which counts as often as they occur. */
export interface Groups {
  /** U x D, row-major, in the order of their first occurrence. */
  readonly values: Float64Array
  /** U: how often each occurs, or the sum of its row weights. */
  readonly weights: Float64Array
  /** N: the group of each row. */
  readonly groupOf: Int32Array
}

/** Groups N x D rows by the bits of every column: 0 and -0 differ, which costs a group and no accuracy. */
export const group = (values: Float64Array, columns: number, rowWeights: Float64Array | undefined): Groups => {
  const rows = values.length / columns
  const words = new Int32Array(values.buffer, values.byteOffset, 2 * values.length)
  const width = 2 * columns
  const distinct = new DistinctRows(width)
  const groupOf = new Int32Array(rows)
  for (let row = 0; row < rows; row++) groupOf[row] = distinct.groupOf(words, row * width)
  const weights = new Float64Array(distinct.count)
  for (let row = 0; row < rows; row++) weights[groupOf[row]!]! += rowWeights ? rowWeights[row]! : 1
  return { values: new Float64Array(distinct.words.slice(0, distinct.count * width).buffer), weights, groupOf }
}

/** Rows looked at, evenly spread, to tell whether grouping could pay. */
const SAMPLE = 2048

/**
 * Whether so many rows of a sample are equal that all rows may well have few distinct values. If values are alike in
 * frequency and U in number, pairs of a sample are equal at a rate of 1 / U, and N rows hold U (1 - exp(-N / U)) of them.
 */
export const mayPay = (rows: number, columns: number, data: ArrayLike<number>): boolean => {
  if (rows < 2) return false
  const count = Math.min(rows, SAMPLE)
  const sample = new Float64Array(count * columns)
  for (let i = 0; i < count; i++) {
    const from = Math.floor((i * rows) / count) * columns
    for (let column = 0; column < columns; column++) sample[i * columns + column] = data[from + column]!
  }
  const { weights } = group(sample, columns, undefined)
  const equalPairs = weights.reduce((sum, w) => sum + (w * (w - 1)) / 2, 0)
  if (equalPairs === 0) return false
  const distinct = (count * (count - 1)) / 2 / equalPairs
  return pays(distinct * -Math.expm1(-rows / distinct), rows)
}

/** Whether the weights and the expansion of results cost less than the rows that are saved. */
export const pays = (distinct: number, rows: number): boolean => distinct <= 0.7 * rows
