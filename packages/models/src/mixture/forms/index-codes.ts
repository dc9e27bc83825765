import type { WrittenRows } from '@conjugate/executors'
import type { OwnMatrix } from '@conjugate/linalg'
import type { Cells } from '../../observations/cells.js'
import { writtenRows } from '../written-rows.js'
import type { Index } from './indices.js'

/** The numbers of an index, one for each row, as narrow as they may be. */
export type Codes = Uint8Array | Uint16Array | Uint32Array

/** A column of categories as it is read. */
interface Digits {
  readonly values: Cells['values']
  readonly levels: number
  readonly radix: number
  /** The digit of what is missing, -1 where nothing may be. */
  readonly gap: number
}

/** How many rows are read in all columns before the next: as many as are near to a processor. */
const NEAR = 2 ** 12

/** A column of one category, which adds nothing. */
const NOTHING: Digits = { values: new Uint8Array(NEAR), levels: 1, radix: 1, gap: -1 }

/** The digit of a category, or of what is missing; -1 where there is none. */
const digitOf = (value: number, levels: number, ofGap: number): number => {
  const level = value | 0
  if (level === value && level >= 0 && level < levels) return level
  return Number.isNaN(value) ? ofGap : -1
}

/** Writes the digits of some rows from the beginning on; gives the number of the first row that has none, or `end`. */
const writeDigits = ({ values, levels, gap }: Digits, start: number, end: number, target: Codes): number => {
  for (let n = start, to = 0; n < end; n++, to++) {
    const digit = digitOf(values[n]!, levels, gap)
    if (digit < 0) return n
    target[to] = digit
  }
  return end
}

/** Bytes that are digits where they are less than `levels`. */
interface ByteDigits {
  readonly bytes: Uint8Array
  readonly levels: number
  readonly radix: number
}

/**
 * Puts digits of two columns behind those of as many codes, as long as they are digits; gives how many were. Bytes alone, which takes
 * a third of the time; and no function of the columns, which would be compiled anew for each.
 */
const append = (one: ByteDigits, other: ByteDigits, codes: Uint8Array): number => {
  const { bytes: a, radix: byA } = one
  const { bytes: b, radix: byB } = other
  const mostA = one.levels - 1
  const mostB = other.levels - 1
  for (let n = 0; n < codes.length; n++) {
    const x = a[n]!
    const y = b[n]!
    if (((mostA - x) | (mostB - y)) < 0) return n
    codes[n] = Math.imul(Math.imul(codes[n]!, byA) + x, byB) + y
  }
  return codes.length
}

const codesFor = (levels: number, rows: number): Codes => {
  if (levels <= 2 ** 8) return new Uint8Array(rows)
  return levels <= 2 ** 16 ? new Uint16Array(rows) : new Uint32Array(rows)
}

const digitsOf = ({ places }: Index, cellsOf: (name: string) => Cells): ReadonlyArray<Digits> =>
  places.map(({ name, levels, radix }) => ({
    values: cellsOf(name).values,
    levels,
    radix,
    gap: radix > levels ? levels : -1,
  }))

/** Reads some rows of the columns of an index; gives the number of the first row that has none of its numbers, or `end`. */
const readIndex = (
  columns: ReadonlyArray<Digits>,
  codes: Codes,
  start: number,
  end: number,
  scratch: readonly [Uint8Array, Uint8Array],
): number => {
  // What has more than 256 numbers has one column.
  if (columns.length === 1 || !(codes instanceof Uint8Array))
    return writeDigits(columns[0]!, start, end, codes.subarray(start, end))
  let good = end
  const bytesOf = (column: Digits, place: 0 | 1): ByteDigits => {
    const { values, levels, radix } = column
    if (column === NOTHING) return { bytes: NOTHING.values as Uint8Array, levels, radix }
    if (values instanceof Uint8Array) return { bytes: values.subarray(start, good), levels, radix }
    good = writeDigits(column, start, good, scratch[place])
    return { bytes: scratch[place], levels: radix, radix }
  }
  for (let c = 0; c < columns.length; c += 2) {
    const one = bytesOf(columns[c]!, 0)
    const other = bytesOf(columns[c + 1] ?? NOTHING, 1)
    good = start + append(one, other, codes.subarray(start, good))
  }
  return good
}

/**
 * Reads columns of categories as the numbers of their indices. They are copies: what becomes of the columns later does not change
 * them. `good` is the number of the first row with a cell that is no category, or that of all rows.
 */
export const readCodes = (
  indices: ReadonlyArray<Index>,
  cellsOf: (name: string) => Cells,
  rows: number,
): { readonly codes: ReadonlyArray<Codes>; readonly good: number } => {
  const codes = indices.map(({ shape }) => codesFor(shape.levels, rows))
  const columns = indices.map(index => digitsOf(index, cellsOf))
  const scratch = [new Uint8Array(NEAR), new Uint8Array(NEAR)] as const
  let good = rows
  for (let start = 0; start < good; start += NEAR) {
    const all = Math.min(start + NEAR, good)
    let end = all
    for (let i = 0; i < codes.length; i++) end = readIndex(columns[i]!, codes[i]!, start, end, scratch)
    if (end < all) good = end
  }
  return { codes, good }
}

/** Writes numbers side by side with those of other columns. */
const put = (codes: Codes, start: number, end: number, target: Float64Array, at: number, width: number): void => {
  for (let n = start, to = at; n < end; n++, to += width) target[to] = codes[n]!
}

/** Writes the rows of a matrix with `room` columns between those before `first` and the others. */
const putBeside = (
  { columns, data }: OwnMatrix,
  first: number,
  room: number,
  start: number,
  end: number,
  target: Float64Array,
  width: number,
): void => {
  const behind = columns - first
  for (let n = start, from = start * columns, to = 0; n < end; n++, to += width) {
    for (let c = 0; c < first; c++, from++) target[to + c] = data[from]!
    for (let c = first + room, last = c + behind; c < last; c++, from++) target[to + c] = data[from]!
  }
}

/** Rows of which the columns from `first` on are numbers of indices, and the others those of a matrix. */
export const rowsWithCodes = (rest: OwnMatrix, first: number, codes: ReadonlyArray<Codes>): WrittenRows => {
  return writtenRows(rest.rows, rest.columns + codes.length, (start, end, target, width) => {
    if (rest.columns > 0) putBeside(rest, first, codes.length, start, end, target, width)
    for (let i = 0; i < codes.length; i++) put(codes[i]!, start, end, target, first + i, width)
  })
}
