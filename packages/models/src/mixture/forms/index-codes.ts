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

/** How many columns are read at a time. */
const AT_ONCE = 4

/** How many rows are read in all columns before the next: as many as are near to a processor. */
const NEAR = 2 ** 12

/** The digit of a category, or of what is missing; -1 where there is none. */
const digitOf = (value: number, levels: number, ofGap: number): number => {
  const level = value | 0
  if (level === value && level >= 0 && level < levels) return level
  return Number.isNaN(value) ? ofGap : -1
}

/**
 * Puts the digits of four columns behind those that some rows have; gives the number of the first row that has none, or `end`. It
 * is no function of the columns, which would be compiled anew for each.
 */
const append = (columns: ReadonlyArray<Digits>, codes: Codes, start: number, end: number): number => {
  const { values: a, levels: ofA, radix: byA, gap: gapA } = columns[0]!
  const { values: b, levels: ofB, radix: byB, gap: gapB } = columns[1]!
  const { values: c, levels: ofC, radix: byC, gap: gapC } = columns[2]!
  const { values: d, levels: ofD, radix: byD, gap: gapD } = columns[3]!
  for (let n = start; n < end; n++) {
    const w = digitOf(a[n]!, ofA, gapA)
    const x = digitOf(b[n]!, ofB, gapB)
    const y = digitOf(c[n]!, ofC, gapC)
    const z = digitOf(d[n]!, ofD, gapD)
    if ((w | x | y | z) < 0) return n
    const before = Math.imul(Math.imul(codes[n]!, byA) + w, byB) + x
    codes[n] = Math.imul(Math.imul(before, byC) + y, byD) + z
  }
  return end
}

const codesFor = (levels: number, rows: number): Codes => {
  if (levels <= 2 ** 8) return new Uint8Array(rows)
  return levels <= 2 ** 16 ? new Uint16Array(rows) : new Uint32Array(rows)
}

/** Columns of categories as groups of so many as are read at a time: a column of one category adds nothing. */
const groupsOf = ({ places }: Index, cellsOf: (name: string) => Cells, rows: number) => {
  const columns = places.map(
    ({ name, levels, radix }): Digits => ({
      values: cellsOf(name).values,
      levels,
      radix,
      gap: radix > levels ? levels : -1,
    }),
  )
  const nothing = { values: new Uint8Array(columns.length % AT_ONCE === 0 ? 0 : rows), levels: 1, radix: 1, gap: -1 }
  while (columns.length % AT_ONCE !== 0) columns.push(nothing)
  return Array.from({ length: columns.length / AT_ONCE }, (_, g) => columns.slice(g * AT_ONCE, (g + 1) * AT_ONCE))
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
  const groups = indices.map(index => groupsOf(index, cellsOf, rows))
  let good = rows
  for (let start = 0; start < good; start += NEAR) {
    let end = Math.min(start + NEAR, good)
    for (const [i, own] of codes.entries()) for (const group of groups[i]!) end = append(group, own, start, end)
    if (end < Math.min(start + NEAR, good)) good = end
  }
  return { codes, good }
}

/** Writes numbers side by side with those of other columns. */
const put = (codes: Codes, start: number, end: number, target: Float64Array, at: number, width: number): void => {
  for (let n = start, to = at; n < end; n++, to += width) target[to] = codes[n]!
}

/** Rows of which the columns from `first` on are numbers of indices, and the others those of a matrix. */
export const rowsWithCodes = (rest: OwnMatrix, first: number, codes: ReadonlyArray<Codes>): WrittenRows => {
  const { rows, columns, data } = rest
  const behind = columns - first
  return writtenRows(rows, columns + codes.length, (start, end, target, width) => {
    if (columns > 0)
      for (let n = start, from = start * columns, to = 0; n < end; n++, to += width) {
        for (let c = 0; c < first; c++, from++) target[to + c] = data[from]!
        for (let c = first + codes.length, last = c + behind; c < last; c++, from++) target[to + c] = data[from]!
      }
    for (const [i, own] of codes.entries()) put(own, start, end, target, first + i, width)
  })
}
