import * as E from 'fp-ts/lib/Either.js'
import { describeValue } from './describe-value.js'
import type { Matrix, ReadMatrix, RowsLike } from './matrix.js'
import { copyNumbers, isList, noNumber, reading, toNumber, type UnreadableData, unreadable } from './numbers.js'

/** A row that has another number of columns than the first one. */
export interface RaggedRows {
  readonly _tag: 'RaggedRows'
  readonly row: number
  /** What it is known by, in a few words, where rows have keys. */
  readonly key?: string
  readonly expected: number
  readonly received: number
}

/** Tells why something is no matrix: its rows have different lengths, or it holds what is no number. */
export type MatrixError = RaggedRows | UnreadableData

/** `[1, 2]` for two columns. */
const exampleRow = (columns = 2, first = 1): string =>
  `[${Array.from({ length: Math.min(columns, 3) }, (_, i) => first + i).join(', ')}${columns > 3 ? ', ...' : ''}]`

const exampleRows = (columns?: number): string =>
  `rows of numbers such as [${exampleRow(columns)}, ${exampleRow(columns, 2)}]`

const rowOfNumbers = (columns: number | undefined): string =>
  columns === undefined
    ? 'a list of numbers such as [1]'
    : `a list of ${columns} number${columns === 1 ? '' : 's'} such as ${exampleRow(columns)}`

const isSize = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0

/**
 * Makes a matrix of its parts. Errors: sizes that are not whole or are negative; an entry that is no number; other than rows
 * times columns numbers.
 */
export const readMatrix = ({
  rows,
  columns,
  data,
}: {
  readonly rows?: unknown
  readonly columns?: unknown
  readonly data?: unknown
}): E.Either<UnreadableData, ReadMatrix> => {
  if (!isSize(rows))
    return unreadable({
      what: 'rows of the matrix',
      expected: 'a whole number of at least 0',
      received: describeValue(rows),
    })
  if (!isSize(columns))
    return unreadable({
      what: 'columns of the matrix',
      expected: 'a whole number of at least 0',
      received: describeValue(columns),
    })
  const what = 'data of the matrix'
  if (!isList(data)) return unreadable({ what, expected: 'a list of numbers', received: describeValue(data) })
  if (data.length !== rows * columns)
    return unreadable({
      what,
      expected: `${rows * columns}, for ${rows} rows of ${columns}`,
      received: `${data.length} numbers`,
    })
  if (data instanceof Float64Array) return E.right({ rows, columns, data: data as Float64Array })
  const numbers = new Float64Array(data.length)
  const wrong = copyNumbers(data, numbers, 0)
  return wrong < 0
    ? E.right({ rows, columns, data: numbers })
    : unreadable({ row: Math.floor(wrong / columns), column: wrong % columns, ...noNumber(data[wrong]) })
}

const ofColumn = (source: ArrayLike<unknown>): E.Either<UnreadableData, ReadMatrix> => {
  const data = new Float64Array(source.length)
  const wrong = copyNumbers(source, data, 0)
  return wrong < 0
    ? E.right({ rows: data.length, columns: 1, data })
    : unreadable({ row: wrong, column: 0, ...noNumber(source[wrong]) })
}

const ofRows = (source: ArrayLike<unknown>, known: number | undefined): E.Either<MatrixError, ReadMatrix> => {
  const { length } = source
  if (length === 0) return E.right({ rows: 0, columns: 0, data: new Float64Array(0) })
  const first = source[0]
  if (known === 1 && toNumber(first) !== undefined) return ofColumn(source)
  if (!isList(first)) return unreadable({ row: 0, expected: rowOfNumbers(known), received: describeValue(first) })
  const columns = first.length
  const data = new Float64Array(length * columns)
  for (let i = 0; i < length; i++) {
    const row = source[i]
    if (!isList(row)) return unreadable({ row: i, expected: rowOfNumbers(columns), received: describeValue(row) })
    if (row.length !== columns) return E.left({ _tag: 'RaggedRows', row: i, expected: columns, received: row.length })
    const wrong = copyNumbers(row, data, i * columns)
    if (wrong >= 0) return unreadable({ row: i, column: wrong, ...noNumber(row[wrong]) })
  }
  return E.right({ rows: length, columns, data })
}

/**
 * Makes a matrix (N x D) of rows of numbers, which are copied; one of float64 that is a {@link Matrix} already is taken as it
 * is. Zero rows make it 0 x 0. Where it is known to have one column, a list of numbers is that column. BigInts count as
 * numbers below 2^53.
 * Errors: rows of different lengths; what is neither rows nor a matrix; an entry that is no number, such as `null` or a text.
 */
export const matrix = (source: RowsLike, columns?: number): E.Either<MatrixError, ReadMatrix> => {
  const expected = exampleRows(columns)
  return reading<MatrixError, ReadMatrix>(undefined, expected, () => {
    if (isList(source)) return ofRows(source, columns)
    return typeof source === 'object' && source !== null && 'data' in source
      ? readMatrix(source)
      : unreadable({ expected, received: describeValue(source) })
  })
}
