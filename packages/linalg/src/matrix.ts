import * as E from 'fp-ts/lib/Either.js'

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

/** A matrix as a person writes it: rows of numbers, or a {@link Matrix}. */
export type MatrixLike = Matrix | ReadonlyArray<ArrayLike<number>>

export interface RaggedRows {
  readonly _tag: 'RaggedRows'
  readonly row: number
  readonly expected: number
  readonly received: number
}

const isMatrix = (m: MatrixLike): m is Matrix => 'data' in m

/** A matrix of rows of numbers, which are copied; a {@link Matrix} is taken as it is. Zero rows make it 0 x 0. */
export const matrix = (source: MatrixLike): E.Either<RaggedRows, Matrix> => {
  if (isMatrix(source)) {
    const expected = source.rows * source.columns
    const received = source.data.length
    return received === expected ? E.right(source) : E.left({ _tag: 'RaggedRows', row: 0, expected, received })
  }
  const columns = source[0]?.length ?? 0
  const data = new Float64Array(source.length * columns)
  for (const [i, row] of source.entries()) {
    if (row.length !== columns) return E.left({ _tag: 'RaggedRows', row: i, expected: columns, received: row.length })
    data.set(row, i * columns)
  }
  return E.right({ rows: source.length, columns, data })
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

/** A + `factor` x x', of a D x D matrix; A + B + `factor` x x' where there is a B. */
export const addOuter =
  (factor: number, x: Vector, b?: Matrix) =>
  ({ rows, columns, data }: Matrix): OwnMatrix => {
    const sum = new Float64Array(data.length)
    for (let i = 0, n = 0; i < rows; i++) {
      const scaled = factor * x[i]!
      for (let j = 0; j < columns; j++, n++) sum[n] = (b ? data[n]! + b.data[n]! : data[n]!) + scaled * x[j]!
    }
    return { rows, columns, data: sum }
  }

/** `factor` x x', a D x D matrix. */
export const outer =
  (factor: number) =>
  (x: Vector): Matrix => {
    const dimension = x.length
    const data = new Float64Array(dimension * dimension)
    for (let i = 0, n = 0; i < dimension; i++) {
      const scaled = factor * x[i]!
      for (let j = 0; j < dimension; j++, n++) data[n] = scaled * x[j]!
    }
    return { rows: dimension, columns: dimension, data }
  }

/** Sum of products: the inner product of vectors, and tr(A'B) of the data of two matrices. */
export const dot =
  (b: Vector) =>
  (a: Vector): number => {
    let sum = 0
    for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!
    return sum
  }

/** a - b. */
export const subtract =
  (b: Vector) =>
  (a: Vector): Float64Array => {
    const difference = new Float64Array(a.length)
    for (let i = 0; i < difference.length; i++) difference[i] = a[i]! - b[i]!
    return difference
  }

/** Matrix times vector. */
export const multiply =
  (x: Vector) =>
  (m: Matrix): Float64Array => {
    const result = new Float64Array(m.rows)
    for (let i = 0; i < m.rows; i++) {
      let sum = 0
      for (let j = 0; j < m.columns; j++) sum += m.data[i * m.columns + j]! * x[j]!
      result[i] = sum
    }
    return result
  }
