import type { CellSupport, Support } from '@conjugate/distributions'
import {
  copyNumbers,
  describeValue,
  isList,
  type Matrix,
  matrix,
  noNumber,
  type RowsLike,
  reading,
  readNumbers,
  row,
  toNumber,
  type UnreadableData,
  unreadable,
  type Vector,
} from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import type { FitError } from './errors.js'

/** Rows (N x D) as a matrix. Errors: another number of columns; what is no number. Whether all are finite is not looked at. */
export const readRows = (source: RowsLike, columns: number): E.Either<FitError, Matrix> => {
  const rows = matrix(source, columns)
  if (E.isLeft(rows)) return rows
  // An empty list does not tell the number of columns.
  if (rows.right.rows === 0 && rows.right.columns === 0) return E.right({ ...rows.right, columns })
  return rows.right.columns === columns
    ? rows
    : E.left({ _tag: 'ColumnMismatch', expected: columns, received: rows.right.columns })
}

/** What the weights of all rows may sum to: log-likelihoods and sums of so many rows are within float64. */
const MOST_WEIGHT = 1e250

/** A copy of the weights of rows. Errors: what is no number; more weight than float64 has room for in sums over the rows. */
export const readRowWeights = (rowWeights: unknown): E.Either<UnreadableData, Float64Array | undefined> => {
  const read = rowWeights === undefined ? E.right(undefined) : readNumbers(rowWeights, 'rowWeights')
  if (E.isLeft(read) || read.right === undefined) return read
  let sum = 0
  for (let row = 0; row < read.right.length; row++) {
    const weight = read.right[row]!
    // One that is none is told by who reads it.
    if (weight < Number.POSITIVE_INFINITY) sum += weight
  }
  return sum <= MOST_WEIGHT
    ? read
    : unreadable({
        what: 'rowWeights',
        expected: `weights whose sum is at most ${MOST_WEIGHT}`,
        received: `a sum of ${sum}`,
      })
}

/** Finds the first value that is not finite, which is the error. */
export const checkFinite = (rows: Matrix): E.Either<FitError, Matrix> => {
  const { columns, data } = rows
  for (let i = 0; i < data.length; i++)
    if (!Number.isFinite(data[i]))
      return E.left({ _tag: 'NonFiniteData', row: Math.floor(i / columns), column: i % columns, value: data[i]! })
  return E.right(rows)
}

type Table = Extract<Support, { readonly _tag: 'Table' }>

/** What is wrong with one observation, or with a part of it. */
type Wrong = Pick<UnreadableData, 'column' | 'expected' | 'received'>

/** A value in its form, or nothing where it is that already. */
type Reader = (value: unknown) => E.Either<Wrong, unknown> | undefined

/** A number that is given as something else. */
const readNumber = (value: unknown, expected: string): E.Either<Wrong, number> => {
  const number = typeof value === 'bigint' ? toNumber(value) : undefined
  return number === undefined ? E.left(noNumber(value, expected)) : E.right(number)
}

/** A copy of a list of finite numbers. Errors: what is no list of so many; the first entry that is none, as a column. */
const readList = (list: unknown, expected: string, size?: number): E.Either<Wrong, Float64Array> => {
  if (!isList(list)) return E.left({ expected, received: describeValue(list) })
  if (size !== undefined && list.length !== size) return E.left({ expected, received: `${list.length} numbers` })
  const numbers = new Float64Array(list.length)
  const other = copyNumbers(list, numbers, 0)
  const column = other < 0 ? numbers.findIndex(v => !Number.isFinite(v)) : other
  return column < 0 ? E.right(numbers) : E.left({ column, ...noNumber(list[column]) })
}

/** Names for a message, of which there may be thousands. */
const listed = (names: ReadonlyArray<string>): string =>
  names.length > 8 ? `${names.slice(0, 8).join(', ')}, ... ${names.length - 8} more` : names.join(', ')

const exampleOf = (columns: Table['columns']): string => {
  const names = Object.keys(columns)
  const cellOf = ({ block }: CellSupport): string =>
    block === undefined ? '0' : `[${block > 2 ? '0, 0, ...' : new Array(block).fill(0).join(', ')}]`
  const cells = names.slice(0, 3).map(name => `${name}: ${cellOf(columns[name]!)}`)
  return `an object such as { ${cells.join(', ')}${names.length > 3 ? ', ...' : ''} }`
}

/** What every object inherits, such as `constructor`, is no cell; what rows of a class have is one. */
const cellOf = (cells: Readonly<Record<string, unknown>>, name: string): unknown =>
  name in Object.prototype && !Object.hasOwn(cells, name) ? undefined : cells[name]

/** A cell that is not in its form yet. */
const readCell = (cell: unknown, expected: string, block: number | undefined): E.Either<Wrong, unknown> => {
  if (block === undefined) return readNumber(cell, expected)
  const list = readList(cell, expected, block)
  if (E.isRight(list) || list.left.column === undefined) return list
  const { column } = list.left
  return E.left({ expected, received: `${describeValue((cell as Vector)[column as number])} at place ${column}` })
}

const readRow = ({ columns, missing }: Table): Reader => {
  const names = Object.keys(columns)
  const known = new Set(names)
  const blocks = new Set(names.filter(name => columns[name]!.block !== undefined))
  return row => {
    if (typeof row !== 'object' || row === null || Array.isArray(row) || ArrayBuffer.isView(row))
      return E.left({ expected: exampleOf(columns), received: describeValue(row) })
    const cells = row as Readonly<Record<string, unknown>>
    let converted: Record<string, unknown> | undefined
    for (const column of names) {
      const cell = cellOf(cells, column)
      if (Number.isFinite(cell) ? !blocks.has(column) : missing && cell === null) continue
      const { expected, block } = columns[column]!
      if (cell === undefined)
        return E.left({
          column,
          expected: missing ? `${expected}, or null where it is missing` : expected,
          received: `nothing (the row has ${listed(Object.keys(row)) || 'no columns'})`,
        })
      const found = readCell(cell, missing ? `${expected} or null` : expected, block)
      if (E.isLeft(found)) return E.left({ column, ...found.left })
      converted ??= Object.fromEntries(names.map(name => [name, cellOf(cells, name)]))
      converted[column] = found.right
    }
    for (const column in row)
      if (!known.has(column)) {
        const expected = `no other columns than ${listed(names)}`
        return E.left({ column, expected, received: describeValue(cells[column]) })
      }
    return converted && E.right(converted)
  }
}

const readerOf = (support: Support | undefined): Reader => {
  switch (support?._tag) {
    case 'Number':
      return value => (Number.isFinite(value) ? undefined : readNumber(value, support.expected))
    case 'Vector':
      return value => readList(value, `${support.expected} such as [1, 0]`)
    case 'Table':
      return readRow(support)
    default:
      return () => undefined
  }
}

const formOf = (support: Support | undefined): string => {
  switch (support?._tag) {
    case 'Number':
      return 'a list of numbers such as [1, 2]'
    case 'Vector':
      return 'a list of rows such as [[1, 0], [0, 1]]'
    case 'Table':
      return `a list of rows, each ${exampleOf(support.columns)}`
    default:
      return 'a list of observations'
  }
}

/** What a family's observations are given as: a list, anything that can be iterated over, or a matrix where they are rows. */
const listOf = (source: unknown, support: Support | undefined): E.Either<FitError, ArrayLike<unknown>> => {
  if (isList(source)) return E.right(source)
  if (typeof source === 'object' && source !== null) {
    if (Symbol.iterator in source) return E.right(Array.from(source as Iterable<unknown>))
    if ('data' in source && support?._tag === 'Vector')
      return pipe(
        matrix(source as Matrix),
        E.map(rows => Array.from({ length: rows.rows }, (_, n) => row(n)(rows))),
      )
  }
  return unreadable({ expected: formOf(support), received: describeValue(source) })
}

/**
 * Observations in the form that a family supports, which are the given ones where those are numbers already. All numbers are
 * finite; whether the family can give them is not looked at. Errors: what is no number, a row that is none, a column that is
 * absent or unknown.
 */
export const readObservations = <X>(
  support: Support | undefined,
  source: Iterable<X>,
): E.Either<FitError, ReadonlyArray<X>> =>
  reading<FitError, ReadonlyArray<X>>(undefined, formOf(support), () => {
    const list = listOf(source, support)
    if (E.isLeft(list)) return list
    const read = readerOf(support)
    const given = Array.isArray(list.right) ? list.right : Array.from(list.right)
    let values = given
    for (let row = 0; row < given.length; row++) {
      const value = read(given[row])
      if (value === undefined) continue
      if (E.isLeft(value)) return unreadable({ row, ...value.left })
      if (values === list.right) values = Array.from(given)
      values[row] = value.right
    }
    return E.right(values as ReadonlyArray<X>)
  })

/** Of numbers that a family cannot give: which, and what it can. */
export const impossibleObservation = (support: Support | undefined, row: number, x: unknown): FitError => {
  const error = { _tag: 'ImpossibleObservation', row } as const
  const { columns = {}, missing = false } = support?._tag === 'Table' ? support : {}
  for (const [column, { expected, contains }] of Object.entries(columns)) {
    const cell = (x as Readonly<Record<string, unknown>>)[column] ?? null
    if (cell !== null && !contains(cell as never))
      return { ...error, column, value: describeValue(cell), expected: missing ? `${expected} or null` : expected }
  }
  const any = support === undefined || support._tag === 'Table'
  return {
    ...error,
    value: describeValue(x),
    expected: any ? 'a value that the distribution can give' : support.expected,
  }
}
