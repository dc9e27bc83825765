import type { WrittenRows } from '@conjugate/executors'
import type { Matrix, Vector } from '@conjugate/linalg'
import { writtenRows } from './written-rows.js'

/** Rows that are as far from each other as observations differ. */
export interface Comparable {
  readonly rows: Matrix | WrittenRows
  /** How many columns, from the first on, tell observations apart. */
  readonly features: number
  /** How many of these, from the first on, have units of their own; all by default. The others have one in common. */
  readonly ownUnits?: number
  /** Whether it is known that no cell is missing, which is NaN. */
  readonly hasNoGaps?: boolean
}

/** How many rows are written at a time. */
const AT_A_TIME = 2 ** 12

/** Rows by the one number that tells their first `size` numbers apart; NaN where there is none. */
export const toldApart = (rows: Matrix | WrittenRows, size: number, number: (cells: Vector) => number): Comparable => {
  const { columns } = rows
  const write: WrittenRows['write'] = (begin, end, target, width) => {
    const isWritten = 'write' in rows
    const [cells, some] = [new Float64Array(size), new Float64Array(isWritten ? AT_A_TIME * columns : 0)]
    for (let start = begin, to = 0; start < end; start += AT_A_TIME) {
      const stop = Math.min(end, start + AT_A_TIME)
      if (isWritten) rows.write(start, stop, some, columns)
      const data = isWritten ? some : rows.data
      for (let n = start, from = isWritten ? 0 : start * columns; n < stop; n++, from += columns, to += width) {
        for (let c = 0; c < size; c++) cells[c] = data[from + c]!
        target[to] = number(cells)
      }
    }
  }
  return { rows: writtenRows(rows.rows, 1, write), features: 1 }
}

/** Rows whose columns from `first` on have a unit in common, as numbers that tell them apart: see `compared` of families. */
export const comparedRows = (
  { rows, columns, data }: Matrix,
  features: number,
  compared: (entries: Vector) => Vector,
  first = 0,
): Comparable & { readonly rows: { readonly data: Float64Array } } => {
  const found = new Float64Array(rows * features)
  const [entries, places] = [new Float64Array(features), new Int32Array(features)]
  for (let n = 0; n < rows; n++) {
    let count = 0
    for (let c = 0; c < features; c++) {
      const entry = data[n * columns + first + c]!
      if (entry === 0) continue
      entries[count] = entry
      places[count++] = n * features + c
    }
    const numbers = compared(entries.subarray(0, count))
    for (let i = 0; i < count; i++) found[places[i]!] = numbers[i]!
  }
  return { rows: { rows, columns: features, data: found }, features, ownUnits: 0 }
}
