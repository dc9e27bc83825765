import type { FitError } from '../errors.js'

/** Data of which the gaps have been taken out. */
export interface Observed {
  /** What is left, in its order, as it was given. */
  readonly data: unknown
  /** The number of each observation among all rows; `undefined` where there is no gap. */
  readonly places: Int32Array | undefined
  /** N, gaps included; `undefined` where that is not known before the data is read. */
  readonly rows: number | undefined
}

const isNothing = (cell: unknown): boolean => cell === null || (typeof cell === 'number' && Number.isNaN(cell))

/** A row is a gap where there is none, or where every cell of a list of numbers is missing; a table's row never is. */
const isGap = (row: unknown): boolean => {
  if (isNothing(row)) return true
  if (!Array.isArray(row) && !(ArrayBuffer.isView(row) && !(row instanceof DataView))) return false
  const cells = row as ArrayLike<unknown>
  for (let i = 0; i < cells.length; i++) if (!isNothing(cells[i])) return false
  return cells.length > 0
}

const placesOf = (rows: number, isGapAt: (n: number) => boolean): Int32Array | undefined => {
  const places = new Int32Array(rows)
  let count = 0
  for (let n = 0; n < rows; n++) if (!isGapAt(n)) places[count++] = n
  return count === rows ? undefined : places.slice(0, count)
}

interface Rows {
  readonly rows: number
  readonly columns: number
  readonly data: ArrayLike<number>
}

const isRows = (data: unknown): data is Rows =>
  typeof data === 'object' && data !== null && 'data' in data && 'columns' in data && 'rows' in data

const withoutGapsInMatrix = (matrix: Rows): Observed => {
  const { rows, columns, data } = matrix
  if (!(Number.isSafeInteger(rows) && rows >= 0 && Number.isSafeInteger(columns) && columns >= 1))
    return { data: matrix, places: undefined, rows: undefined }
  const places = placesOf(rows, n => {
    for (let i = 0; i < columns; i++) if (!isNothing(data[n * columns + i])) return false
    return true
  })
  if (places === undefined) return { data: matrix, places, rows }
  const left = new Float64Array(places.length * columns)
  for (let i = 0, at = 0; i < places.length; i++)
    for (let c = 0; c < columns; c++, at++) left[at] = data[places[i]! * columns + c]!
  return { data: { rows: places.length, columns, data: left }, places, rows }
}

/**
 * Takes gaps out of data: a row that is `null`, or all of whose numbers are `null` or NaN. What is left is for the components
 * to read, and to refuse.
 */
export const withoutGaps = (data: unknown): Observed => {
  if (isRows(data)) return withoutGapsInMatrix(data)
  const isIterable = typeof data === 'object' && data !== null && Symbol.iterator in data
  if (!isIterable) return { data, places: undefined, rows: undefined }
  const list =
    Array.isArray(data) || ArrayBuffer.isView(data) ? (data as ArrayLike<unknown>) : [...(data as Iterable<unknown>)]
  const rows = list.length
  const places = placesOf(rows, n => isGap(list[n]))
  return places === undefined ? { data: list, places, rows } : { data: Array.from(places, n => list[n]), places, rows }
}

/** Errors tell rows by their numbers among all, gaps included. */
export const amongAll =
  ({ places }: Observed) =>
  (error: FitError): FitError =>
    places && 'row' in error && typeof error.row === 'number'
      ? { ...error, row: places[error.row] ?? error.row }
      : error
