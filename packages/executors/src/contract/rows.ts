import { describeValue, type Matrix, reading, readMatrix, readNumbers, type Vector } from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { firstMismatch, mismatch } from './errors.js'
import type { ExecutorError, ExpectationOptions, FactorShape, LoadOptions } from './executor.js'
import { largestOf } from './overflow.js'
import type { WrittenRows } from './written-rows.js'

/** Rows that passed every check. They may still be the caller's own: to be read at once. */
export interface CheckedRows {
  readonly rows: number
  readonly columns: number
  /** N x D, row-major; of rows that are written where they are needed it is made where it is asked for. */
  readonly data: Float64Array
  /** See {@link WrittenRows}. */
  readonly write?: WrittenRows['write']
  /** See {@link WrittenRows}. */
  readonly equal?: WrittenRows['equal']
  /** D numbers, to be subtracted from every row in float64 before anything is rounded or squared. */
  readonly origin: Float64Array
  /** N, or `undefined` where every row counts once. */
  readonly rowWeights: Float64Array | undefined
  /** The factors of the columns from the first on, for products of densities. */
  readonly factors: ReadonlyArray<FactorShape> | undefined
}

/** Checked rows in an array of their own: nothing the caller writes later can change them. */
export interface PreparedRows extends Omit<CheckedRows, 'data' | 'write' | 'equal' | 'origin'> {
  /** N x D, row-major: the rows less the origin. */
  readonly values: Float64Array
  /** The greatest size of these values. */
  readonly largest: number
}

const isWritten = (rows: Matrix): rows is WrittenRows => 'write' in rows && typeof rows.write === 'function'

/** Copies some of the rows, end to end. */
export const copyRows = (
  rows: Pick<CheckedRows, 'columns' | 'data' | 'write'>,
  start: number,
  end: number,
  target: Float64Array,
): void => {
  const { columns } = rows
  if (rows.write) rows.write(start, end, target, columns)
  else target.set(rows.data.subarray(start * columns, end * columns))
}

const wrongIndex = (row: number, column: number, value: number, levels: number): ExecutorError => ({
  _tag: 'UnreadableData',
  what: 'rows',
  row,
  column,
  expected: `a whole number from 0 to ${levels - 1}, or NaN`,
  received: describeValue(value),
})

const isMissing = (data: Float64Array, first: number, end: number): boolean => {
  for (let i = first; i < end; i++) if (!Number.isNaN(data[i])) return false
  return true
}

const isIndex = (value: number, levels: number): boolean =>
  Number.isNaN(value) || (Number.isInteger(value) && value >= 0 && value < levels)

type Values = Pick<CheckedRows, 'rows' | 'columns' | 'data' | 'origin' | 'factors'>

/** Of each column how many levels it has, 0 where it is no index, and then 1 where a cell may be missing. */
export const kindsOf = ({ columns, factors = [] }: Pick<Values, 'columns' | 'factors'>): Float64Array => {
  const kinds = new Float64Array(2 * columns)
  let at = 0
  for (const { _tag, columns: width, levels = 0 } of factors)
    for (const end = at + 2 * width; at < end; at += 2) {
      kinds[at] = levels
      kinds[at + 1] = _tag === 'Indexed' || _tag === 'Diagonal' ? 1 : 0
    }
  return kinds
}

/** Whether all values can be taken, as it is known without a look at what is beside them: in one loop, since there are many. */
const areTaken = (values: Values): boolean => {
  const { columns, data, origin } = values
  const kinds = kindsOf(values)
  if (!origin.every(Number.isFinite)) return false
  for (let i = 0; i < data.length; )
    for (let column = 0; column < columns; column++, i++) {
      const value = data[i]! - origin[column]!
      if (value - value === 0) {
        const most = kinds[2 * column]!
        if (most > 0 && !(value >= 0 && value < most && Math.floor(value) === value)) return false
      } else if (!(kinds[2 * column + 1] === 1 && Number.isNaN(data[i]))) return false
    }
  return true
}

/**
 * A value that is not finite, or is not when it is less the origin: it can leave the range, or meet another such. Missing
 * cells may be in diagonal factors, and be all those of a row in a quadratic one; offsets may be -Infinity.
 * Indices are whole numbers of their levels or missing.
 */
export const firstNonFinite = (checked: Values): ExecutorError | undefined => {
  if (areTaken(checked)) return undefined
  const { rows, columns, data, origin, factors } = checked
  const parts = factors ?? [{ _tag: 'Linear', columns }]
  for (let row = 0; row < rows; row++) {
    let column = 0
    for (const { _tag, columns: width, levels } of parts) {
      const [first, end] = [column, column + width]
      const at = row * columns
      column = end
      if (_tag === 'Quadratic' && isMissing(data, at + first, at + end)) continue
      for (let c = first; c < end; c++) {
        const value = data[at + c]!
        const centred = value - origin[c]!
        if (_tag === 'Indexed') {
          if (isIndex(centred, levels!) && !Number.isNaN(origin[c])) continue
          return wrongIndex(row, c, centred, levels!)
        }
        const allowed =
          Number.isFinite(centred) ||
          (_tag === 'Diagonal' && Number.isNaN(value)) ||
          // Less an origin that is no number it would be NaN.
          (_tag === 'Offset' && value === Number.NEGATIVE_INFINITY && centred === value)
        if (!allowed) return { _tag: 'NonFiniteData', row, column: c, value: Number.isFinite(value) ? centred : value }
      }
    }
  }
  return undefined
}

const firstInvalidWeight = (weights: Float64Array | undefined): ExecutorError | undefined => {
  // Written so that NaN fails it too.
  for (let row = 0; row < (weights?.length ?? 0); row++)
    if (!(weights![row]! >= 0 && weights![row]! < Number.POSITIVE_INFINITY))
      return { _tag: 'InvalidRowWeight', row, value: weights![row]! }
  return undefined
}

/** As float64, however many. Errors: a weight that is no number, negative or not finite. */
const readWeights = (rowWeights: Vector | undefined): E.Either<ExecutorError, Float64Array | undefined> => {
  if (rowWeights === undefined) return E.right(undefined)
  const weights = readNumbers(rowWeights, 'rowWeights')
  if (E.isLeft(weights)) return weights
  const wrong = firstInvalidWeight(weights.right)
  return wrong ? E.left(wrong) : weights
}

/**
 * The weights of an E-step as float64, if it has its own. Errors: another number of them than of rows; one that is no number,
 * negative or not finite.
 */
export const checkRowWeights = (
  rows: number,
  options: ExpectationOptions | undefined,
): E.Either<ExecutorError, Float64Array | undefined> => {
  if (options === undefined) return E.right(undefined)
  return reading<ExecutorError, Float64Array | undefined>('rowWeights', 'numbers', () => {
    const { rowWeights } = options
    const wrongShape = firstMismatch([['rowWeights', rows, rowWeights?.length ?? rows]])
    return wrongShape ? E.left(wrongShape) : readWeights(rowWeights)
  })
}

const isIndexed = ({ columns, levels }: FactorShape): boolean =>
  columns === 1 && Number.isSafeInteger(levels) && levels! >= 1

const readShapes = (
  rows: Matrix,
  { origin, rowWeights, factors }: LoadOptions,
): E.Either<ExecutorError, CheckedRows> => {
  const { columns } = rows
  if (!Number.isSafeInteger(columns) || columns < 1) return E.left(mismatch('columns', 1, columns))
  const wrongFactor = factors?.find(factor => !Number.isSafeInteger(factor.columns) || factor.columns < 1)
  if (wrongFactor) return E.left(mismatch('columns of a factor', 1, wrongFactor.columns))
  const wrongIndices = factors?.find(factor => factor._tag === 'Indexed' && !isIndexed(factor))
  if (wrongIndices) return E.left(mismatch('levels of an index of one column', 1, wrongIndices.levels))
  const wrongShape = firstMismatch([
    ['columns of all factors', columns, factors?.reduce((sum, factor) => sum + factor.columns, 0) ?? columns],
    ['data', rows.rows * columns, isWritten(rows) ? rows.rows * columns : rows.data.length],
    ['origin', columns, origin?.length ?? columns],
    ['rowWeights', rows.rows, rowWeights?.length ?? rows.rows],
  ])
  if (wrongShape) return E.left(wrongShape)
  const read = isWritten(rows) ? E.right(rows) : readMatrix(rows)
  if (E.isLeft(read)) return read
  const from = origin === undefined ? E.right(new Float64Array(columns)) : readNumbers(origin, 'origin')
  if (E.isLeft(from)) return from
  const weights = readWeights(rowWeights)
  if (E.isLeft(weights)) return weights
  return E.right({
    rows: rows.rows,
    columns,
    get data() {
      return read.right.data
    },
    ...(isWritten(rows) && { write: rows.write, ...(rows.equal && { equal: rows.equal }) }),
    origin: from.right,
    rowWeights: weights.right,
    factors: factors?.map(({ _tag, columns: width, levels }) => ({
      _tag,
      columns: width,
      ...(_tag === 'Indexed' && { levels: levels! }),
    })),
  })
}

/** Checks the shapes of N x D rows (N may be 0, D may not), their weights and origin, but not whether values are finite. */
export const checkShapes = (rows: Matrix, options: LoadOptions = {}): E.Either<ExecutorError, CheckedRows> =>
  reading<ExecutorError, CheckedRows>('rows', 'a matrix { rows, columns, data }', () => readShapes(rows, options))

/** Checks N x D rows (N may be 0, D may not) and their weights. */
export const checkRows = (rows: Matrix, options?: LoadOptions): E.Either<ExecutorError, CheckedRows> => {
  const checked = checkShapes(rows, options)
  if (E.isLeft(checked)) return checked
  const wrong = firstNonFinite(checked.right)
  return wrong ? E.left(wrong) : checked
}

/** Checks rows, and subtracts the origin from a copy of them. */
export const prepareRows = (rows: Matrix, options?: LoadOptions): E.Either<ExecutorError, PreparedRows> =>
  pipe(
    checkRows(rows, options),
    E.map(({ data, write: _, equal: _equal, origin, ...rest }) => {
      const values = new Float64Array(data)
      for (let i = 0; i < values.length; )
        for (let column = 0; column < rest.columns; column++, i++) values[i]! -= origin[column]!
      return { ...rest, values, largest: largestOf(values) }
    }),
  )
