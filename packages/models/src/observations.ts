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
  toNumber,
  type UnreadableData,
  unreadable,
  type Vector,
} from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
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

/** A copy of the weights of rows. */
export const readRowWeights = (rowWeights: unknown): E.Either<UnreadableData, Float64Array | undefined> =>
  rowWeights === undefined ? E.right(undefined) : readNumbers(rowWeights, 'rowWeights')

/** Finds the first value that is not finite, which is the error. */
export const checkFinite = (rows: Matrix): E.Either<FitError, Matrix> => {
  const { columns, data } = rows
  for (let i = 0; i < data.length; i++)
    if (!Number.isFinite(data[i]))
      return E.left({ _tag: 'NonFiniteData', row: Math.floor(i / columns), column: i % columns, value: data[i]! })
  return E.right(rows)
}

/** Names for a message, of which there may be thousands. */
const listed = (names: ReadonlyArray<string>): string =>
  names.length > 8 ? `${names.slice(0, 8).join(', ')}, ... ${names.length - 8} more` : names.join(', ')

type Read = E.Either<UnreadableData, ReadonlyArray<unknown>>

const readValues = (source: ArrayLike<unknown>, expected: string): Read => {
  const isOwn = !Array.isArray(source)
  let values = (isOwn ? Array.from(source) : source) as unknown[]
  for (let row = 0; row < values.length; row++) {
    const value = values[row]
    if (typeof value === 'number' && Number.isFinite(value)) continue
    const number = typeof value === 'bigint' ? toNumber(value) : undefined
    if (number === undefined) return unreadable({ row, ...noNumber(value, expected) })
    if (!isOwn && values === source) values = Array.from(source)
    values[row] = number
  }
  return E.right(values)
}

const firstNonFinite = (values: ArrayLike<number>): number => {
  for (let i = 0; i < values.length; i++) if (!Number.isFinite(values[i])) return i
  return -1
}

const readVectors = (source: ArrayLike<unknown>, expected: string): Read => {
  const vectors: Vector[] = []
  for (let row = 0; row < source.length; row++) {
    const vector = source[row]
    if (!isList(vector))
      return unreadable({ row, expected: `${expected} such as [1, 0]`, received: describeValue(vector) })
    const numbers = new Float64Array(vector.length)
    const other = copyNumbers(vector, numbers, 0)
    const column = other < 0 ? firstNonFinite(numbers) : other
    if (column >= 0) return unreadable({ row, column, ...noNumber(vector[column]) })
    vectors.push(numbers)
  }
  return E.right(vectors)
}

type Table = Extract<Support, { readonly _tag: 'Table' }>

const exampleOf = (columns: Table['columns']): string => {
  const names = Object.keys(columns)
  const cellOf = ({ block }: CellSupport): string =>
    block === undefined ? '0' : `[${block > 2 ? '0, 0, ...' : new Array(block).fill(0).join(', ')}]`
  const cells = names.slice(0, 3).map(name => `${name}: ${cellOf(columns[name]!)}`)
  return `an object such as { ${cells.join(', ')}${names.length > 3 ? ', ...' : ''} }`
}

/** A cell that is a list of numbers, as an array of them. Errors: what is no such list. */
const readBlock = (row: number, column: string, cell: unknown, size: number, expected: string) => {
  if (!isList(cell)) return unreadable({ row, column, expected, received: describeValue(cell) })
  if (cell.length !== size) return unreadable({ row, column, expected, received: `${cell.length} numbers` })
  const found = new Float64Array(size)
  const other = copyNumbers(cell, found, 0)
  const at = other < 0 ? firstNonFinite(found) : other
  return at < 0
    ? E.right(found)
    : unreadable({ row, column, expected, received: `${describeValue(cell[at])} at place ${at}` })
}

/** What every object inherits, such as `constructor`, is no cell; what rows of a class have is one. */
const cellOf = (cells: Readonly<Record<string, unknown>>, name: string): unknown =>
  name in Object.prototype && !Object.hasOwn(cells, name) ? undefined : cells[name]

const readCells = (source: ArrayLike<unknown>, { columns, missing }: Table): Read => {
  const names = Object.keys(columns)
  const known = new Set(names)
  const blocks = new Set(names.filter(name => columns[name]!.block !== undefined))
  const copyOf = (cells: Readonly<Record<string, unknown>>): Record<string, unknown> =>
    Object.fromEntries(names.map(name => [name, cellOf(cells, name)]))
  const rows: unknown[] = []
  for (let n = 0; n < source.length; n++) {
    const row = source[n]
    if (typeof row !== 'object' || row === null || Array.isArray(row) || ArrayBuffer.isView(row))
      return unreadable({ row: n, expected: exampleOf(columns), received: describeValue(row) })
    const cells = row as Readonly<Record<string, unknown>>
    let converted: Record<string, unknown> | undefined
    for (const name of names) {
      const cell = cellOf(cells, name)
      if (typeof cell === 'number' ? Number.isFinite(cell) && !blocks.has(name) : missing && cell === null) continue
      const { expected, block } = columns[name]!
      if (block !== undefined && cell !== undefined) {
        const found = readBlock(n, name, cell, block, missing ? `${expected} or null` : expected)
        if (E.isLeft(found)) return found
        converted ??= copyOf(cells)
        converted[name] = found.right
        continue
      }
      if (cell === undefined)
        return unreadable({
          row: n,
          column: name,
          expected: missing ? `${expected}, or null where it is missing` : expected,
          received: `nothing (the row has ${listed(Object.keys(row)) || 'no columns'})`,
        })
      const number = typeof cell === 'bigint' ? toNumber(cell) : undefined
      if (number === undefined)
        return unreadable({ row: n, column: name, ...noNumber(cell, missing ? `${expected} or null` : expected) })
      converted ??= copyOf(cells)
      converted[name] = number
    }
    for (const name in row)
      if (!known.has(name))
        return unreadable({
          row: n,
          column: name,
          expected: `no other columns than ${listed(names)}`,
          received: describeValue(cells[name]),
        })
    rows.push(converted ?? row)
  }
  return E.right(rows)
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
    if ('data' in source && support?._tag === 'Vector') {
      const rows = matrix(source as Matrix)
      if (E.isLeft(rows)) return rows
      const { columns, data } = rows.right
      return E.right(
        Array.from({ length: rows.right.rows }, (_, n) =>
          Float64Array.from({ length: columns }, (_c, i) => data[n * columns + i]!),
        ),
      )
    }
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
    switch (support?._tag) {
      case 'Number':
        return readValues(list.right, support.expected) as E.Either<UnreadableData, ReadonlyArray<X>>
      case 'Vector':
        return readVectors(list.right, support.expected) as E.Either<UnreadableData, ReadonlyArray<X>>
      case 'Table':
        return readCells(list.right, support) as E.Either<UnreadableData, ReadonlyArray<X>>
      default:
        return E.right(Array.from(list.right as ArrayLike<X>))
    }
  })

/** Of numbers that a family cannot give: which, and what it can. */
export const impossibleObservation = (support: Support | undefined, row: number, x: unknown): FitError => {
  const impossible = (value: unknown, expected: string, column?: string): FitError => ({
    _tag: 'ImpossibleObservation',
    row,
    ...(column !== undefined && { column }),
    value: describeValue(value),
    expected,
  })
  if (support?._tag === 'Table')
    for (const [column, { expected, contains }] of Object.entries(support.columns)) {
      const cell = (x as Readonly<Record<string, unknown>>)[column] ?? null
      if (cell !== null && !contains(cell as never))
        return impossible(cell, support.missing ? `${expected} or null` : expected, column)
    }
  return impossible(
    x,
    support === undefined || support._tag === 'Table' ? 'a value that the distribution can give' : support.expected,
  )
}
