import { isList, noNumber, toNumber, type UnreadableData, type Vector } from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'

/** A column of cells as Apache Arrow has them: `get` gives a cell, or `null` where it is missing. */
export interface ColumnVector<V> {
  readonly length: number
  readonly get: (index: number) => V | null
}

/** A column of numbers: a list, a typed array or a vector. */
export type NumberColumn = ArrayLike<number | bigint | null> | ColumnVector<number | bigint>

/** Typed arrays whose entries are numbers. */
type NumberArray =
  | Float64Array
  | Float32Array
  | Int32Array
  | Uint32Array
  | Int16Array
  | Uint16Array
  | Int8Array
  | Uint8Array
  | Uint8ClampedArray

/** The cells of one column: numbers, which are finite, or NaN where a cell is missing. They may be those that were given. */
export interface Cells {
  readonly values: NumberArray
  /** How many numbers next to each other are one cell. */
  readonly size: number
  /** Whether a cell is missing. */
  readonly hasGaps: boolean
}

/** Observations that have been read. All numbers are finite; whether a family can give them has not been looked at. */
export interface Observations<X> {
  /** N. */
  readonly rows: number
  /** Of numbers one column, of vectors and of records one column of blocks, and of tables their columns; none of anything else. */
  readonly columns: ReadonlyArray<Cells>
  /** One observation by itself, which may be a copy. */
  readonly at: (n: number) => X
}

/** What is wrong with one observation, or with a part of it. */
export type Wrong = Pick<UnreadableData, 'row' | 'column' | 'expected' | 'received'>

/** What the cells of a column have to be. */
export interface Expected {
  readonly expected: string
  /** Whether a cell may be `null`, or NaN in a typed array. */
  readonly missing: boolean
}

const isTyped = (value: unknown): value is ArrayLike<unknown> =>
  ArrayBuffer.isView(value) && !(value instanceof DataView)

/** Numbers of Apache Arrow by the numbers of its types: whole ones, and those with fractions. Half floats are held as others. */
const [INT, FLOAT] = [2, 3]

interface Arrow extends ColumnVector<unknown> {
  readonly nullCount?: unknown
  readonly type?: { readonly typeId?: unknown }
  readonly toArray?: () => unknown
}

/** The memory of a vector that has one, where that holds its numbers as they are. */
const memoryOf = ({ length, nullCount, type, toArray }: Arrow, vector: object): ArrayLike<unknown> | undefined => {
  if (nullCount !== 0 || typeof toArray !== 'function' || (type?.typeId !== INT && type?.typeId !== FLOAT))
    return undefined
  const memory = toArray.call(vector)
  const holds = type.typeId === INT || memory instanceof Float64Array || memory instanceof Float32Array
  return holds && isTyped(memory) && memory.length === length ? memory : undefined
}

/** A vector is in memory as typed arrays are, where NaN is missing. */
const orNull = (cell: unknown): unknown => (Number.isNaN(cell) ? null : cell)

/** The cells of a column in order; `undefined` where it is no column. Typed arrays are not copied. */
export const cellsIn = (column: unknown): ArrayLike<unknown> | undefined => {
  if (Array.isArray(column) || isTyped(column)) return column
  if (typeof column !== 'object' || column === null) return undefined
  const vector = column as Arrow
  const { length, get, toArray } = vector
  if (typeof get === 'function' && Number.isSafeInteger(length) && length >= 0)
    return memoryOf(vector, column) ?? Array.from({ length }, (_, i) => orNull(get.call(column, i)))
  if (typeof toArray === 'function') {
    const cells = toArray.call(column)
    return isList(cells) ? cells : undefined
  }
  if (isList(column)) return column
  return Symbol.iterator in column ? Array.from(column as Iterable<unknown>) : undefined
}

/** A cell that is no finite number, in words. */
export const wrongCell = (cell: unknown, { expected, missing }: Expected): Wrong =>
  cell === undefined && missing
    ? { expected: `${expected}, or null where it is missing`, received: 'nothing' }
    : noNumber(cell, missing ? `${expected} or null` : expected)

/** A cell that is not a finite number as it is: NaN where it is missing; `undefined` where it is nothing that a cell may be. */
export const otherCell = (cell: unknown, missing: boolean): number | undefined => {
  if (cell === null) return missing ? Number.NaN : undefined
  return typeof cell === 'bigint' ? toNumber(cell) : undefined
}

/** Cells that are read one after the other: small whole numbers take a byte each, until there is another cell. */
export interface CellsInOrder {
  values: Uint8Array | Float64Array
  hasGaps: boolean
}

/** Whether a cell is one of the whole numbers that a byte holds with all their bits, of which -0 is none. */
export const isByte = (cell: unknown): cell is number =>
  typeof cell === 'number' && (cell & 255) === cell && (cell !== 0 || 1 / cell > 0)

/** Writes a number, or NaN where a cell is missing. */
export const writeNumber = (cells: CellsInOrder, at: number, number: number): void => {
  if (cells.values instanceof Uint8Array && !isByte(number)) cells.values = new Float64Array(cells.values)
  cells.values[at] = number
  if (Number.isNaN(number)) cells.hasGaps = true
}

const ofTyped = (values: NumberArray, expected: Expected): E.Either<Wrong, Cells> => {
  let hasGaps = false
  if (values instanceof Float64Array || values instanceof Float32Array)
    for (let row = 0; row < values.length; row++) {
      const value = values[row]!
      if (value - value === 0) continue
      if (!(expected.missing && Number.isNaN(value))) return E.left({ row, ...wrongCell(value, expected) })
      hasGaps = true
    }
  return E.right({ values, size: 1, hasGaps })
}

/** Reads cells as long as they are bytes; gives how many these are. */
const readBytes = (cells: ArrayLike<unknown>, values: Uint8Array): number => {
  let row = 0
  for (const { length } = cells; row < length; row++) {
    const cell = cells[row]
    if (!isByte(cell)) break
    values[row] = cell
  }
  return row
}

/** Reads the cells of one column. Errors: the first that is no finite number, nor missing where it may be. */
export const readCells = (cells: ArrayLike<unknown>, expected: Expected): E.Either<Wrong, Cells> => {
  const { length } = cells
  if (isTyped(cells) && (length === 0 || typeof cells[0] === 'number')) return ofTyped(cells as NumberArray, expected)
  const bytes = new Uint8Array(length)
  const first = readBytes(cells, bytes)
  if (first === length) return E.right({ values: bytes, size: 1, hasGaps: false })
  const values = new Float64Array(length)
  values.set(bytes.subarray(0, first))
  let hasGaps = false
  for (let row = first; row < length; row++) {
    const cell = cells[row]
    if (Number.isFinite(cell)) values[row] = cell as number
    else {
      const value = otherCell(cell, expected.missing)
      if (value === undefined) return E.left({ row, ...wrongCell(cell, expected) })
      if (cell === null) hasGaps = true
      values[row] = value
    }
  }
  return E.right({ values, size: 1, hasGaps })
}

/** The numbers of all cells in float64, which may be those that were given. */
export const float64 = ({ values }: Cells): Float64Array =>
  values instanceof Float64Array ? values : new Float64Array(values)

/** The numbers of a cell: of a block a copy. `null` where it is missing. */
export const cellAt = ({ values, size }: Cells, n: number): number | Vector | null => {
  const value = values[n * size]!
  if (Number.isNaN(value)) return null
  return size === 1 ? value : Float64Array.from(values.subarray(n * size, (n + 1) * size))
}
