import { invalidOption } from '@conjugate/em'
import { describeValue, isList, isWrapped, noNumber, reading, toNumber, unreadable } from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import type { PlotError } from '../errors.js'

/** A list of cells: of numbers and null for a cell that is missing, or a typed array, in which NaN is one. */
export type Cells = ArrayLike<number | bigint | null>

/**
 * Observations: rows of numbers, a matrix `{ rows, columns, data }`, rows that are objects of numbers, an object of columns (lists, or vectors of Arrow), or the numbers of
 * the one column there is. null, and NaN in a typed array, is a cell that is missing.
 */
export type PlotData =
  | Cells
  | ReadonlyArray<Cells>
  | { readonly rows: number; readonly columns: number; readonly data: Cells }
  | ReadonlyArray<Readonly<Record<string, number | bigint | null>>>
  | Readonly<Record<string, Cells>>

/** Observations as columns, of which those are read that are drawn. */
export interface Table {
  readonly what: string
  readonly names: ReadonlyArray<number | string>
  readonly rows: number
  /** A cell and the list that it is in. */
  readonly cell: (row: number, column: number) => readonly [cell: unknown, holder: unknown]
}

const EXPECTED = 'rows of numbers, a matrix, an object of columns or a list of numbers'

/** Numbers beyond these cannot be told apart from their neighbours in a drawing. */
export const LARGEST = 1e300

const indices = (length: number): ReadonlyArray<number> => Array.from({ length }, (_, i) => i)

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !isList(value)

const ofMatrix = (
  what: string,
  { rows, columns, data }: Readonly<Record<string, unknown>>,
): E.Either<PlotError, Table> =>
  Number.isSafeInteger(rows) &&
  Number.isSafeInteger(columns) &&
  isList(data) &&
  data.length === Number(rows) * Number(columns)
    ? E.right({
        what,
        names: indices(columns as number),
        rows: rows as number,
        cell: (row, column) => [data[row * (columns as number) + column], data],
      })
    : unreadable({
        what,
        expected: `a matrix whose data are rows x columns numbers`,
        received: describeValue({ rows, columns, data }),
      })

/** A vector of Arrow, which knows what is missing, as a list. */
const unpacked = (column: unknown): unknown => {
  if (Array.isArray(column) || ArrayBuffer.isView(column) || !isList(column)) return column
  const { get } = column as { readonly get?: unknown }
  return typeof get === 'function' ? Array.from({ length: column.length }, (_, n) => get.call(column, n)) : column
}

const ofColumns = (what: string, columns: Readonly<Record<string, unknown>>): E.Either<PlotError, Table> => {
  const names = Object.keys(columns)
  const lists: ArrayLike<unknown>[] = []
  for (const name of names) {
    const column = unpacked(columns[name])
    if (!isList(column))
      return unreadable({ what, column: name, expected: 'a list of numbers', received: describeValue(column) })
    const length = lists[0]?.length ?? column.length
    if (column.length !== length)
      return unreadable({
        what,
        column: name,
        expected: `${length} cells as in column ${names[0]}`,
        received: `${column.length} of them`,
      })
    lists.push(column)
  }
  return names.length === 0
    ? unreadable({ what, expected: EXPECTED, received: describeValue(columns) })
    : E.right({ what, names, rows: lists[0]!.length, cell: (row, column) => [lists[column]![row], lists[column]] })
}

const ofRows = (what: string, rows: ArrayLike<unknown>): E.Either<PlotError, Table> => {
  const first = rows[0]
  if (isList(first)) {
    for (let n = 0; n < rows.length; n++) {
      const row = rows[n]
      if (!isList(row) || row.length !== first.length)
        return unreadable({
          what,
          row: n,
          expected: `${first.length} numbers as in row 0`,
          received: describeValue(row),
        })
    }
    const lists = rows as ArrayLike<ArrayLike<unknown>>
    return E.right({
      what,
      names: indices(first.length),
      rows: rows.length,
      cell: (n, column) => [lists[n]![column], lists[n]],
    })
  }
  if (isRecord(first)) {
    for (let n = 0; n < rows.length; n++)
      if (!isRecord(rows[n]))
        return unreadable({ what, row: n, expected: 'an object as row 0 is', received: describeValue(rows[n]) })
    const [names, records] = [Object.keys(first), rows as ArrayLike<Readonly<Record<string, unknown>>>]
    return E.right({ what, names, rows: rows.length, cell: (n, column) => [records[n]![names[column]!], records[n]] })
  }
  return E.right({ what, names: [0], rows: rows.length, cell: n => [rows[n], rows] })
}

/** Observations of any kind as a table. Errors: what is none; rows or columns of other lengths; no rows. */
export const readTable = (what: string, data: unknown): E.Either<PlotError, Table> =>
  reading<PlotError, Table>(what, EXPECTED, () => {
    if (isList(data))
      return data.length === 0
        ? unreadable({ what, expected: 'at least one row', received: 'an empty list' })
        : ofRows(what, data)
    if (!isRecord(data) || isWrapped(data))
      return unreadable({ what, expected: EXPECTED, received: describeValue(data) })
    const table = 'rows' in data && 'columns' in data && 'data' in data ? ofMatrix(what, data) : ofColumns(what, data)
    return E.isRight(table) && table.right.rows === 0
      ? unreadable({ what, expected: 'at least one row', received: 'none' })
      : table
  })

const isMissing = (cell: unknown, holder: unknown): boolean =>
  cell === null || (typeof cell === 'number' && Number.isNaN(cell) && ArrayBuffer.isView(holder))

/** A column as numbers, with NaN for cells that are missing. Errors: a cell that is no finite number, or too large to draw. */
export const readColumn = ({ what, names, rows, cell }: Table, column: number): E.Either<PlotError, Float64Array> =>
  reading<PlotError, Float64Array>(what, EXPECTED, () => {
    const numbers = new Float64Array(rows)
    for (let row = 0; row < rows; row++) {
      const [value, holder] = cell(row, column)
      if (isMissing(value, holder)) numbers[row] = Number.NaN
      else {
        const number = toNumber(value)
        if (number === undefined || !Number.isFinite(number) || Math.abs(number) > LARGEST)
          return unreadable({
            what,
            row,
            ...(names.length > 1 && { column: names[column]! }),
            ...noNumber(
              value,
              Number.isFinite(number)
                ? 'a number of at most 1e300 in size'
                : 'a finite number, or null where it is missing',
            ),
          })
        numbers[row] = number
      }
    }
    return E.right(numbers)
  })

/** The places of columns that are chosen by number or by name; all of them where there are as many as are drawn. */
export const chosen = (
  { names, what }: Table,
  columns: ReadonlyArray<number | string> | undefined,
  count: number,
): E.Either<PlotError, ReadonlyArray<number>> => {
  if (columns === undefined && names.length === count) return E.right(indices(count))
  const words = count === 1 ? 'one' : 'two'
  const some = names.length > 6 ? [...names.slice(0, 6), '...'] : names
  const expected = `${words} of the columns ${some.join(', ')} of ${what}`
  if (columns === undefined)
    return names.length < count
      ? unreadable({ what, expected: `at least ${count} columns`, received: `${names.length} of them` })
      : invalidOption('columns', expected, 'missing')
  const places = columns.map(name => names.indexOf(name))
  const wrong = places.indexOf(-1)
  if (wrong >= 0) return invalidOption(`columns[${wrong}]`, expected, describeValue(columns[wrong]))
  return columns.length === count ? E.right(places) : invalidOption('columns', expected, `${columns.length} of them`)
}
