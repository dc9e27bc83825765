import type { CellSupport, Support } from '@conjugate/distributions'
import {
  copyNumbers,
  describeValue,
  isList,
  isWrapped,
  type Matrix,
  matrix,
  reading,
  unreadable,
} from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import type { FitError } from '../errors.js'
import { readByteRows } from './byte-rows.js'
import {
  type Cells,
  type CellsInOrder,
  cellAt,
  cellsIn,
  type Expected,
  isByte,
  type Observations,
  otherCell,
  readCells,
  type Wrong,
  writeNumber,
  wrongCell,
} from './cells.js'

type Table = Extract<Support, { readonly _tag: 'Table' }>

/** A row by itself: its cells by the names of their columns, `null` where one is missing. */
export type Row = Readonly<Record<string, unknown>>

/** Names for a message, of which there may be thousands. */
const listed = (names: ReadonlyArray<string>): string =>
  names.length > 8 ? `${names.slice(0, 8).join(', ')}, ... ${names.length - 8} more` : names.join(', ')

const exampleOf = (columns: Table['columns'], cellOf: (cell: string) => string = cell => cell): string => {
  const names = Object.keys(columns)
  const example = ({ block }: CellSupport): string =>
    block === undefined ? '0' : `[${block > 2 ? '0, 0, ...' : new Array(block).fill(0).join(', ')}]`
  const cells = names.slice(0, 3).map(name => `${name}: ${cellOf(example(columns[name]!))}`)
  return `an object such as { ${cells.join(', ')}${names.length > 3 ? ', ...' : ''} }`
}

const formOf = ({ columns }: Table): string =>
  `a list of rows, each ${exampleOf(columns)}, or ${exampleOf(columns, cell => `[${cell}, ${cell}]`)} of columns`

/** What every object inherits, such as `constructor`, is no cell; what rows of a class have is one. */
const cellOf = (cells: Row, name: string): unknown =>
  name in Object.prototype && !Object.hasOwn(cells, name) ? undefined : cells[name]

/** What has been read of a table. */
type Found = Pick<Observations<never>, 'rows' | 'columns'>

/** A column that is none of these. */
export const unknownColumn = (columns: ReadonlyArray<{ readonly name: string }>, found: Row): Wrong | undefined => {
  const names = columns.map(({ name }) => name)
  for (const column in found)
    if (!names.includes(column))
      return { column, expected: `no other columns than ${listed(names)}`, received: describeValue(found[column]) }
  return undefined
}

/** What a column of a table has to be. */
interface Column extends Expected {
  readonly name: string
  /** How many numbers a cell is a list of, where it is not one number. */
  readonly block: number | undefined
}

/** A column and where the cells of rows are written. */
interface Target extends Column, CellsInOrder {}

/** Without a spread, which makes objects that are read at half the speed. */
const targetOf = (
  { name, block, expected, missing }: Column,
  rows: number,
  bytes: Uint8Array = new Uint8Array(0),
): Target => ({
  name,
  block,
  expected,
  missing,
  values: block === undefined ? (bytes.length === rows ? bytes : new Uint8Array(rows)) : new Float64Array(rows * block),
  hasGaps: false,
})

const cellsOfTarget = ({ values, hasGaps, block = 1 }: Target): Cells => ({ values, hasGaps, size: block })

const wordsOf = ({ expected, missing }: Expected): string => (missing ? `${expected} or null` : expected)

/** Writes a block of numbers. Errors: it is no list of so many, or an entry is no finite number. */
const writeBlock = (cell: unknown, size: number, target: Target, n: number): Wrong | undefined => {
  const { missing } = target
  const values = target.values as Float64Array
  const at = n * size
  if (cell === null && missing) {
    values.fill(Number.NaN, at, at + size)
    target.hasGaps = true
    return undefined
  }
  const [numbers, expected] = [cellsIn(cell), wordsOf(target)]
  if (numbers === undefined) return { expected, received: describeValue(cell) }
  if (numbers.length !== size) return { expected, received: `${numbers.length} numbers` }
  let other = copyNumbers(numbers, values, at)
  for (let i = 0; other < 0 && i < size; i++) if (!Number.isFinite(values[at + i])) other = i
  return other < 0 ? undefined : { expected, received: `${describeValue(numbers[other])} at place ${other}` }
}

const writeCell = (cell: unknown, target: Target, n: number): Wrong | undefined => {
  if (target.block !== undefined) return writeBlock(cell, target.block, target, n)
  const number = Number.isFinite(cell) ? (cell as number) : otherCell(cell, target.missing)
  if (number === undefined) return wrongCell(cell, target)
  writeNumber(target, n, number)
  return undefined
}

/** Why there is no cell, or no column, of a name. */
const nothing = (expected: Expected, what: string, found: object): Pick<Wrong, 'expected' | 'received'> => ({
  ...wrongCell(undefined, expected),
  received: `nothing (the ${what} has ${listed(Object.keys(found)) || 'no columns'})`,
})

/** A row whose cells are looked up one by one, as those of a class may be inherited. */
const readRow = (targets: ReadonlyArray<Target>, row: Row, n: number): Wrong | undefined => {
  for (const target of targets) {
    const cell = cellOf(row, target.name)
    const wrong = cell === undefined ? nothing(target, 'row', row) : writeCell(cell, target, n)
    if (wrong) return { column: target.name, ...wrong }
  }
  return unknownColumn(targets, row)
}

/** Writes the cells of a row in the order that they have there; whether those are all that there are, and numbers or missing. */
const writeRow = (
  targets: ReadonlyArray<Target>,
  places: ReadonlyMap<string, number>,
  row: Row,
  n: number,
): boolean => {
  let seen = 0
  for (const name in row) {
    let target = targets[seen]
    if (target === undefined || target.name !== name) target = targets[places.get(name) ?? -1]
    if (target === undefined) return false
    const cell = row[name]
    // Most cells of most tables, without a call.
    if (target.block === undefined && isByte(cell)) target.values[n] = cell
    else if (writeCell(cell, target, n) !== undefined) return false
    seen++
  }
  return seen === targets.length
}

const isOfBytes = ({ values }: Target): boolean => values instanceof Uint8Array

const ofRows = (columns: ReadonlyArray<Column>, example: string, rows: ArrayLike<unknown>): E.Either<Wrong, Found> => {
  const { length } = rows
  const names = columns.map(({ name }) => name)
  const bytes = new Uint8Array(columns.every(({ block }) => block === undefined) ? columns.length * length : 0)
  const targets = columns.map((column, i) => targetOf(column, length, bytes.subarray(i * length, (i + 1) * length)))
  const places = new Map(names.map((name, i) => [name, i]))
  // A list could have a column of this name.
  let areBytes = bytes.length > 0 && names[0] !== '0'
  for (let n = 0; n < length; n++) {
    if (areBytes) n = readByteRows(rows, names, bytes, n)
    if (n === length) break
    const row = rows[n]
    if (typeof row !== 'object' || row === null || Array.isArray(row) || ArrayBuffer.isView(row))
      return E.left({ row: n, expected: example, received: describeValue(row) })
    if (!writeRow(targets, places, row as Row, n)) {
      const wrong = readRow(targets, row as Row, n)
      if (wrong) return E.left({ row: n, ...wrong })
    }
    areBytes &&= targets.every(isOfBytes)
  }
  return E.right({ rows: length, columns: targets.map(cellsOfTarget) })
}

/** The rows of a matrix as the blocks of a column. Errors: others than of so many numbers; one that is missing in part. */
const ofMatrix = (source: Matrix, size: number, expected: Expected): E.Either<Wrong, Cells> => {
  const found = matrix(source)
  const words = { expected: wordsOf(expected), received: describeValue(source) }
  if (E.isLeft(found)) return E.left(found.left._tag === 'RaggedRows' ? words : found.left)
  const { columns, data: values } = found.right
  if (columns !== size) return E.left({ ...words, received: `rows of ${columns} numbers` })
  let hasGaps = false
  for (let row = 0; row < found.right.rows; row++) {
    const block = values.subarray(row * size, (row + 1) * size)
    const other = block.findIndex(v => !Number.isFinite(v))
    if (other < 0) continue
    if (!(expected.missing && block.every(Number.isNaN)))
      return E.left({ ...words, row, received: `${block[other]} at place ${other}` })
    hasGaps = true
  }
  return E.right({ values, size, hasGaps })
}

/** The cells of a column that is given as a whole. */
const ofColumn = (source: unknown, column: Column): E.Either<Wrong, Cells> => {
  const { block } = column
  if (block !== undefined && typeof source === 'object' && source !== null && 'data' in source && 'columns' in source)
    return ofMatrix(source as Matrix, block, column)
  const cells = cellsIn(source)
  if (cells === undefined)
    return E.left({ expected: `a column, each cell ${wordsOf(column)}`, received: describeValue(source) })
  if (block === undefined) return readCells(cells, column)
  const target = targetOf(column, cells.length)
  for (let n = 0; n < cells.length; n++) {
    const wrong = writeBlock(cells[n], block, target, n)
    if (wrong) return E.left({ row: n, ...wrong })
  }
  return E.right(cellsOfTarget(target))
}

const ofColumns = (columns: ReadonlyArray<Column>, source: Row): E.Either<Wrong, Found> => {
  const all: Cells[] = []
  for (const column of columns) {
    const given = cellOf(source, column.name)
    const cells = given === undefined ? E.left(nothing(column, 'data', source)) : ofColumn(given, column)
    if (E.isLeft(cells)) return E.left({ column: column.name, ...cells.left })
    all.push(cells.right)
  }
  const wrong = unknownColumn(columns, source)
  if (wrong) return E.left(wrong)
  const lengths = all.map(({ values, size }) => values.length / size)
  const rows = lengths[0] ?? 0
  const other = lengths.findIndex(length => length !== rows)
  return other < 0
    ? E.right({ rows, columns: all })
    : E.left({
        column: columns[other]!.name,
        expected: `${rows} cells, as many as column ${columns[0]!.name} has`,
        received: `${lengths[other]}`,
      })
}

/**
 * Reads a table: rows that are objects, or an object of columns, which are not copied where they are typed arrays. Errors: a cell
 * that is no number, and where it is; a column that is absent or unknown, or has another length than the first.
 */
export const readTable = (table: Table, source: unknown): E.Either<FitError, Observations<Row>> =>
  reading<FitError, Observations<Row>>(undefined, formOf(table), () => {
    const columns = Object.entries(table.columns).map(([name, { expected, block }]) => ({
      name,
      block,
      expected,
      missing: table.missing,
    }))
    const isObject = typeof source === 'object' && source !== null && !ArrayBuffer.isView(source) && !isWrapped(source)
    if (!isObject) return unreadable({ expected: formOf(table), received: describeValue(source) })
    const rows = isList(source) || Symbol.iterator in source ? cellsIn(source) : undefined
    const found = rows ? ofRows(columns, exampleOf(table.columns), rows) : ofColumns(columns, source as Row)
    if (E.isLeft(found)) return unreadable(found.left)
    const at = (n: number): Row =>
      Object.fromEntries(columns.map(({ name }, i) => [name, cellAt(found.right.columns[i]!, n)]))
    return E.right({ ...found.right, at })
  })
