import { describeValue, isList, type UnreadableData } from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import { cellsIn } from './cells.js'
import { isSparse } from './data.js'
import { stackedSparse } from './stacked-sparse.js'

type Columns = Readonly<Record<string, unknown>>

/** Tables one below the other, and how many rows each has. */
interface Stacked {
  readonly columns: Columns
  readonly lengths: ReadonlyArray<number>
}

/** Whether data is an object of columns, and neither a list of rows nor a matrix. */
export const isInColumns = (data: unknown): data is Columns =>
  typeof data === 'object' &&
  data !== null &&
  !isList(data) &&
  !(Symbol.iterator in data) &&
  !('data' in data && typeof (data as Columns)['rows'] === 'number')

export interface Blocks {
  readonly columns: number
  readonly data: ArrayLike<unknown>
}

/** Whether it is a matrix, as a column of blocks may be. */
export const isBlocks = (column: unknown): column is Blocks =>
  typeof column === 'object' && column !== null && 'data' in column && 'columns' in column && isList(column.data)

/** Lists end to end: in a typed array where all are of one kind, and else with `null` for what is missing in one of them. */
const endToEnd = (lists: ReadonlyArray<ArrayLike<unknown>>): ArrayLike<unknown> => {
  const Kind = lists[0]!.constructor as Float64ArrayConstructor
  const length = lists.reduce((sum, list) => sum + list.length, 0)
  const isOneKind = ArrayBuffer.isView(lists[0]) && lists.every(list => list.constructor === Kind)
  const all: { [n: number]: unknown } & ArrayLike<unknown> = isOneKind ? new Kind(length) : new Array<unknown>(length)
  let to = 0
  for (const list of lists) {
    const isTyped = ArrayBuffer.isView(list)
    for (let n = 0; n < list.length; n++, to++)
      all[to] = !isOneKind && isTyped && Number.isNaN(list[n]) ? null : list[n]
  }
  return all
}

/** The rows of a matrix as cells, `null` where one is missing. */
const cellsOf = ({ columns, data }: Blocks): ReadonlyArray<unknown> =>
  Array.from({ length: data.length / columns }, (_, n) => {
    const block = Array.from({ length: columns }, (_i, i) => data[n * columns + i])
    return block.every(Number.isNaN) ? null : block
  })

/** One below the other; `undefined` where only some are sparse rows, or have another number of columns. */
const stackedColumn = (columns: ReadonlyArray<unknown>): unknown => {
  if (columns.some(isSparse)) return stackedSparse(columns)?.rows
  if (!columns.every(isBlocks))
    return endToEnd(columns.map(column => (isBlocks(column) ? cellsOf(column) : (cellsIn(column) ?? []))))
  const data = endToEnd(columns.map(column => column.data))
  const width = columns[0]!.columns
  return { rows: data.length / width, columns: width, data }
}

/** How many cells a column has, or rows a list or matrix; `undefined` where it is none. */
export const lengthOf = (column: unknown): number | undefined => {
  if (isSparse(column)) return isList(column.rows.indptr) ? column.rows.indptr.length - 1 : undefined
  return isBlocks(column) ? column.data.length / column.columns : cellsIn(column)?.length
}

/**
 * Puts tables that are given in columns one below the other; the cells are for components to read. Errors: what is not in
 * columns, or in others than the first; columns of different lengths. `name` says what each table is.
 */
export const stackedColumns = (
  tables: ReadonlyArray<unknown>,
  name: string,
): E.Either<Omit<UnreadableData, '_tag'>, Stacked> => {
  const lengths: number[] = []
  const names = isInColumns(tables[0]) ? Object.keys(tables[0]) : []
  for (const [i, table] of tables.entries()) {
    const what = `${name} ${i}`
    if (!isInColumns(table))
      return E.left({ what, expected: `columns, as ${name} 0 has`, received: describeValue(table) })
    const own = Object.keys(table)
    if (own.length !== names.length || !names.every(column => Object.hasOwn(table, column)))
      return E.left({ what, expected: `the columns of ${name} 0: ${names.join(', ')}`, received: own.join(', ') })
    const rows = lengthOf(table[names[0] ?? '']) ?? 0
    for (const column of names) {
      const found = lengthOf(table[column])
      if (found === undefined)
        return E.left({ what, column, expected: 'a column', received: describeValue(table[column]) })
      if (found !== rows)
        return E.left({
          what,
          column,
          expected: `${rows} cells, as many as column ${names[0]} has`,
          received: `${found}`,
        })
    }
    lengths.push(rows)
  }
  const columns: Record<string, unknown> = {}
  for (const column of names) {
    const stacked = stackedColumn(tables.map(table => (table as Columns)[column]))
    if (stacked === undefined)
      return E.left({
        what: name,
        column,
        expected: `sparse rows of as many columns in every ${name}, or in none`,
        received: 'others',
      })
    columns[column] = stacked
  }
  return E.right({ columns, lengths })
}
