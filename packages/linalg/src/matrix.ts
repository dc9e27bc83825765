import * as E from 'fp-ts/lib/Either.js'
import { describeValue } from './describe-value.js'
import {
  copyNumbers,
  isList,
  type Numbers,
  noNumber,
  reading,
  toNumber,
  type UnreadableData,
  unreadable,
} from './numbers.js'

/** Numbers in order, not to be written to: a `Float64Array` wherever the library makes one. */
export type Vector = ArrayLike<number> & Iterable<number>

/** A dense row-major matrix of float64, not to be written to. */
export interface Matrix {
  readonly rows: number
  readonly columns: number
  /** Element (i, j) is at `i * columns + j`. */
  readonly data: Vector
}

/** One that has just been made. */
export interface OwnMatrix extends Matrix {
  readonly data: Float64Array
}

/** One whose numbers have been read: in float64, and possibly those that were given, so not to be written to. */
export interface ReadMatrix extends Matrix {
  readonly data: Float64Array
}

/** A matrix as a person writes it: rows of numbers, or a {@link Matrix}. */
export type MatrixLike = Matrix | ReadonlyArray<ArrayLike<number>>

/** Rows of data as a person has them: those of a matrix, also of BigInts, or the numbers of the one column there is. */
export type RowsLike =
  | MatrixLike
  | (Omit<Matrix, 'data'> & { readonly data: Numbers })
  | ReadonlyArray<Numbers>
  | Numbers

/** A row that has another number of columns than the first one. */
export interface RaggedRows {
  readonly _tag: 'RaggedRows'
  readonly row: number
  readonly expected: number
  readonly received: number
}

/** What a matrix is not: its rows have different lengths, or it holds what is no number. */
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

/** Of the parts of a matrix. Errors: sizes or numbers that are none, or not as many. */
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
 * A matrix of rows of numbers, which are copied; one of float64 that is a {@link Matrix} already is taken as it is. Zero rows
 * make it 0 x 0. Where it is known to have one column, a list of numbers is that column. BigInts count as numbers below 2^53.
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

/** The rows of a matrix as nested arrays, for printing and JSON. */
export const toRows = (m: Matrix): number[][] =>
  Array.from({ length: m.rows }, (_, i) => Array.from({ length: m.columns }, (_, j) => m.data[i * m.columns + j]!))

/** The matrix of rows of numbers that have the same length; {@link matrix} checks that they do. */
export const fromRows = (rows: ReadonlyArray<ReadonlyArray<number>>): Matrix => ({
  rows: rows.length,
  columns: rows[0]?.length ?? 0,
  data: Float64Array.from(rows.flat()),
})

/** Numbers f(0), ..., f(length - 1). A loop, since `Float64Array.from` takes many times as long for the few of a mixture. */
export const tabulate = (length: number, f: (i: number) => number): Float64Array => {
  const numbers = new Float64Array(length)
  for (let i = 0; i < length; i++) numbers[i] = f(i)
  return numbers
}

/** Row `i` of a matrix, copied. */
export const row =
  (i: number) =>
  (m: Matrix): Float64Array =>
    tabulate(m.columns, j => m.data[i * m.columns + j]!)

/** Makes a square matrix from a function of (row, column). */
export const square = (dimension: number, element: (i: number, j: number) => number): Matrix => {
  const data = new Float64Array(dimension * dimension)
  for (let i = 0, n = 0; i < dimension; i++) for (let j = 0; j < dimension; j++, n++) data[n] = element(i, j)
  return { rows: dimension, columns: dimension, data }
}

// What every M-step uses is written as loops: calls of a function for each entry would take most of the time.

/** The D x D identity. */
export const identity = (dimension: number): Matrix => square(dimension, (i, j) => (i === j ? 1 : 0))

/** The diagonal of a square matrix. */
export const diagonal = (m: Matrix): Float64Array => tabulate(m.rows, i => m.data[i * m.columns + i]!)

/** `factor` times a matrix. */
export const scale =
  (factor: number) =>
  ({ rows, columns, data }: Matrix): Matrix => {
    const scaled = new Float64Array(data.length)
    for (let i = 0; i < scaled.length; i++) scaled[i] = factor * data[i]!
    return { rows, columns, data: scaled }
  }

/** The same in place, of a matrix that nobody else has yet. */
export const scaleOwn =
  (factor: number) =>
  (m: OwnMatrix): OwnMatrix => {
    for (let i = 0; i < m.data.length; i++) m.data[i]! *= factor
    return m
  }

/** Sum of two matrices of the same shape. */
export const add =
  (b: Matrix) =>
  ({ rows, columns, data }: Matrix): Matrix => {
    const sum = new Float64Array(data.length)
    for (let i = 0; i < sum.length; i++) sum[i] = data[i]! + b.data[i]!
    return { rows, columns, data: sum }
  }

/** A + `factor` x x', of a D x D matrix; A + B + `factor` x x' where there is a B. What is symmetric stays so to the bit. */
export const addOuter =
  (factor: number, x: Vector, b?: Matrix) =>
  ({ rows, columns, data }: Matrix): OwnMatrix => {
    const sum = new Float64Array(data.length)
    for (let i = 0; i < rows; i++) {
      const scaled = factor * x[i]!
      const overflows = !Number.isFinite(scaled)
      for (let j = 0; j <= i; j++) {
        const [lower, upper] = [i * columns + j, j * columns + i]
        const more = overflows ? product(factor, x[i]!, x[j]!) : scaled * x[j]!
        sum[lower] = (b ? data[lower]! + b.data[lower]! : data[lower]!) + more
        sum[upper] = (b ? data[upper]! + b.data[upper]! : data[upper]!) + more
      }
    }
    return { rows, columns, data: sum }
  }

/** a b c, of which the greatest and the smallest are multiplied first, so that only what is beyond float64 overflows. */
const product = (a: number, b: number, c: number): number => {
  const [smallest, middle, greatest] = [a, b, c].sort((x, y) => Math.abs(x) - Math.abs(y)) as [number, number, number]
  return greatest * smallest * middle
}

/** `factor` x x', a D x D matrix. */
export const outer =
  (factor: number) =>
  (x: Vector): Matrix => {
    const dimension = x.length
    const data = new Float64Array(dimension * dimension)
    for (let i = 0, n = 0; i < dimension; i++) {
      const scaled = factor * x[i]!
      const overflows = !Number.isFinite(scaled)
      for (let j = 0; j < dimension; j++, n++) data[n] = overflows ? product(factor, x[i]!, x[j]!) : scaled * x[j]!
    }
    return { rows: dimension, columns: dimension, data }
  }

/** Scales of which one keeps a sum of products of finite numbers within float64. */
const SCALES = [2 ** -300, 2 ** -600]

/** The sum of products of terms beyond float64, by both factors times a power of two. */
const scaledDot = (length: number, a: (i: number) => number, b: (i: number) => number): number => {
  let sum = 0
  for (const scale of SCALES) {
    sum = 0
    for (let i = 0; i < length; i++) sum += scale * a(i) * (scale * b(i))
    if (Number.isFinite(sum)) return sum / scale / scale
  }
  return sum
}

/**
 * Sum of products: the inner product of vectors, and tr(A'B) of the data of two matrices. Where terms of finite numbers are
 * beyond float64 the sum is right all the same, or an infinity of its sign.
 */
export const dot =
  (b: Vector) =>
  (a: Vector): number => {
    let sum = 0
    for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!
    return Number.isFinite(sum)
      ? sum
      : scaledDot(
          a.length,
          i => a[i]!,
          i => b[i]!,
        )
  }

/** a - b. */
export const subtract =
  (b: Vector) =>
  (a: Vector): Float64Array => {
    const difference = new Float64Array(a.length)
    for (let i = 0; i < difference.length; i++) difference[i] = a[i]! - b[i]!
    return difference
  }

/** Matrix times vector, each number as by {@link dot}. */
export const multiply =
  (x: Vector) =>
  (m: Matrix): Float64Array => {
    const result = new Float64Array(m.rows)
    for (let i = 0; i < m.rows; i++) {
      let sum = 0
      for (let j = 0; j < m.columns; j++) sum += m.data[i * m.columns + j]! * x[j]!
      result[i] = Number.isFinite(sum)
        ? sum
        : scaledDot(
            m.columns,
            j => m.data[i * m.columns + j]!,
            j => x[j]!,
          )
    }
    return result
  }
