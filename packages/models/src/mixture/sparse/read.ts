import type { CellFamily } from '@conjugate/distributions'
import type { SparseMatrix } from '@conjugate/executors/sparse'
import { describeValue, isList, noNumber, reading, toNumber, type UnreadableData, unreadable } from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import type { FitError } from '../../errors.js'
import type { CompressedRows } from '../../observations/data.js'
import { isOwnStatistic } from '../forms/own-statistic.js'
import type { ColumnSizes } from '../sizes.js'

const FORM = 'compressed sparse rows { indptr, indices, values, columns }'

/** Why components cannot have sparse rows, and which can. */
export const NOT_THE_ROW: string =
  'the statistic of a row is not the row, as it is of multinomials, independent Poissons and independent Bernoullis ' +
  '(dirichletCountsPrior, gammaPoissonPriorOf, betaBernoulliPriorOf)'

/** Of components whose statistic of a row is another. */
export const refused: E.Either<UnreadableData, never> = unreadable({
  expected: `rows with all of their numbers: ${NOT_THE_ROW}`,
  received: 'sparse rows',
})

type Wrong = E.Either<FitError, never>

/** Where rows begin. Errors: other than whole numbers that begin at 0, do not descend and end at the number of values. */
const startsOf = (indptr: ArrayLike<unknown>, count: number): E.Either<FitError, Float64Array> => {
  const starts = new Float64Array(indptr.length)
  const wrong = (row: number, expected: string): Wrong =>
    unreadable({ what: 'indptr', row, expected, received: describeValue(indptr[row]) })
  for (let n = 0; n < starts.length; n++) {
    const start = toNumber(indptr[n]) ?? Number.NaN
    const least = n === 0 ? 0 : starts[n - 1]!
    // Written so that NaN fails it too.
    if (!(Number.isSafeInteger(start) && start >= least && start <= count && (n > 0 || start === 0)))
      return wrong(n, n === 0 ? '0' : `a whole number from ${least} to ${count}, the number of values`)
    starts[n] = start
  }
  if (starts.length === 0) return unreadable({ what: 'indptr', expected: 'N + 1 places for N rows', received: 'none' })
  return starts.at(-1) === count ? E.right(starts) : wrong(starts.length - 1, `${count}, the number of values`)
}

const wrongColumn = (given: unknown, column: number, row: number, columns: number, before: number): Wrong =>
  Number.isInteger(column) && column >= 0 && column < columns
    ? unreadable({
        what: 'indices',
        row,
        expected: 'columns that ascend within a row, each once',
        received: `${column} after ${before}`,
      })
    : unreadable({
        what: 'indices',
        row,
        expected: `a whole number from 0 to ${columns - 1}`,
        received: describeValue(given),
      })

/** Sparse rows that have been read. */
export interface ReadSparse extends SparseMatrix {
  /** The sizes of the columns, over rows that count. */
  readonly sizes: ColumnSizes
  /** Of a column of a table: 1 for each row that has no cell. */
  readonly missing: Uint8Array | undefined
}

/** How large the columns of sparse rows are, over the rows that count. */
export const sizesIn = (
  { rows, columns, indptr, indices, values }: SparseMatrix,
  rowWeights: ArrayLike<number> | undefined,
): ColumnSizes => {
  const [total, greatest, least] = [new Float64Array(columns), new Float64Array(columns), new Float64Array(columns)]
  for (let n = 0; n < rows; n++) {
    const weight = rowWeights === undefined ? 1 : rowWeights[n]!
    if (!(weight > 0)) continue
    for (let i = indptr[n]!, end = indptr[n + 1]!; i < end; i++) {
      const column = indices[i]!
      const value = values[i]!
      total[column]! += weight * Math.abs(value)
      if (value > greatest[column]!) greatest[column] = value
      else if (value < least[column]!) least[column] = value
    }
  }
  return {
    total,
    greatest: greatest.map((most, c) => Math.max(most, -least[c]!)),
    signed: Uint8Array.from(greatest, (most, c) => (most > 0 && least[c]! < 0 ? 1 : 0)),
  }
}

/** Which rows have no cell. Errors: others than numbers of empty rows that ascend; `may` says that none may lack one. */
const missingIn = (
  { missing }: CompressedRows,
  starts: Float64Array,
  may: boolean,
): E.Either<FitError, Uint8Array | undefined> => {
  if (missing === undefined) return E.right(undefined)
  const wrong = (expected: string, received: string, row?: number): Wrong =>
    unreadable({ what: 'missing', ...(row !== undefined && { row }), expected, received })
  if (!may) return wrong('nothing: only in a column of a table a cell may be missing', describeValue(missing))
  if (!isList(missing)) return wrong('a list of rows', describeValue(missing))
  const rows = starts.length - 1
  const found = new Uint8Array(rows)
  for (let i = 0, before = -1; i < missing.length; i++) {
    const row = toNumber(missing[i]) ?? Number.NaN
    if (!(Number.isInteger(row) && row > before && row < rows))
      return wrong(`rows from 0 to ${rows - 1} that ascend, each once`, describeValue(missing[i]))
    if (starts[row + 1]! > starts[row]!) return wrong('a row without values', 'one that has some', row)
    found[row] = 1
    before = row
  }
  return E.right(found)
}

/** A number of a list, NaN where it is none. */
const numberAt = (list: ArrayLike<unknown>, i: number): number => {
  const given = list[i]
  return typeof given === 'number' ? given : (toNumber(given) ?? Number.NaN)
}

const readLists = (
  given: CompressedRows,
  family: CellFamily,
  rowWeights: ArrayLike<number> | undefined,
  isCell: boolean,
): E.Either<FitError, ReadSparse> => {
  const { columns } = given
  if (!(Number.isSafeInteger(columns) && columns >= 1 && columns < 2 ** 31 - 1))
    return unreadable({ what: 'columns', expected: 'a whole number of at least 1', received: describeValue(columns) })
  for (const what of ['indptr', 'indices', 'values'] as const)
    if (!isList(given[what]))
      return unreadable({ what, expected: 'a list of numbers', received: describeValue(given[what]) })
  const { indices, values } = given
  const count = values.length
  if (indices.length !== count)
    return unreadable({
      what: 'indices',
      expected: `${count} of them, as many as values`,
      received: `${indices.length}`,
    })
  const starts = startsOf(given.indptr, count)
  if (E.isLeft(starts)) return starts
  const rows = starts.right.length - 1
  const width = columns + 1
  const matrix = {
    rows,
    columns: width,
    indptr: starts.right.map((start, n) => start + n),
    indices: new Int32Array(count + rows),
    values: new Float64Array(count + rows),
  }
  const missing = missingIn(given, starts.right, isCell)
  if (E.isLeft(missing)) return missing
  /** A row with its zeros, as the family takes it, where they are something to it. */
  const row = new Float64Array(family.logBaseOfEntries ? 0 : columns)
  for (let n = 0, to = 0; n < rows; n++, to++) {
    const [first, end] = [starts.right[n]!, starts.right[n + 1]!]
    const begin = to
    for (let i = first, before = -1; i < end; i++, to++) {
      const column = numberAt(indices, i)
      if (!(column > before && column < columns && Math.floor(column) === column))
        return wrongColumn(indices[i], column, n, columns, before)
      before = column
      const value = numberAt(values, i)
      if (!(value - value === 0)) return unreadable({ what: 'values', row: n, column, ...noNumber(values[i]) })
      if (!family.logBaseOfEntries) row[column] = value
      matrix.indices[to] = column
      matrix.values[to] = value
    }
    const log = family.logBaseOfEntries?.(matrix.values.subarray(begin, to)) ?? family.logBaseMeasure(row as never)
    if (!family.logBaseOfEntries) for (let i = begin; i < to; i++) row[matrix.indices[i]!] = 0
    // Written so that NaN fails it too.
    if (!(log > Number.NEGATIVE_INFINITY)) {
      const cells = Array.from({ length: Math.min(end - first, 5) }, (_, i) => [indices[first + i], values[first + i]])
      return E.left({
        _tag: 'ImpossibleObservation',
        row: n,
        value: describeValue(Object.fromEntries(cells)),
        expected:
          (family.support?._tag === 'Vector' ? family.support.expected : undefined) ??
          'a value that the distribution can give',
      })
    }
    matrix.indices[to] = columns
    matrix.values[to] = log
  }
  return E.right({ ...matrix, sizes: sizesIn(matrix, rowWeights), missing: missing.right })
}

/**
 * Reads sparse rows of a family whose statistics they are, and log h of each as one more column. Errors: lists of other lengths than
 * they have to be; a column that is out of range, or not after the one before it; a value that is no finite number; a row that the
 * family cannot give. Where the rows are a column of a table, a cell may be missing.
 */
export const readSparse = (
  given: CompressedRows,
  family: CellFamily | undefined,
  rowWeights: ArrayLike<number> | undefined,
  isCell = false,
): E.Either<FitError, ReadSparse> =>
  reading<FitError, ReadSparse>(undefined, FORM, () =>
    family?.support?._tag === 'Vector' && isOwnStatistic(family, given.columns)
      ? readLists(given, family, rowWeights, isCell)
      : refused,
  )
