import type { Numbers } from './numbers.js'

/** Numbers in order, not to be written to: a `Float64Array` wherever the library makes one. */
export type Vector = ArrayLike<number> & Iterable<number>

/** A dense row-major matrix of float64, not to be written to. */
export interface Matrix {
  readonly rows: number
  readonly columns: number
  /** Element (i, j) is at `i * columns + j`. */
  readonly data: Vector
}

/** A matrix that has just been made, so that whoever has it may write to it. */
export interface OwnMatrix extends Matrix {
  readonly data: Float64Array
}

/** A matrix whose numbers have been read: in float64, and possibly those that were given, so not to be written to. */
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

/** Gives the rows of a matrix (N x D) as N arrays of D numbers, for printing and JSON. */
export const toRows = (m: Matrix): number[][] =>
  Array.from({ length: m.rows }, (_, i) => Array.from({ length: m.columns }, (_, j) => m.data[i * m.columns + j]!))

/**
 * Makes a matrix (N x D) of N rows of D numbers each; {@link matrix} checks that they have the same length, and this does not.
 */
export const fromRows = (rows: ReadonlyArray<ReadonlyArray<number>>): Matrix => ({
  rows: rows.length,
  columns: rows[0]?.length ?? 0,
  data: Float64Array.from(rows.flat()),
})

/** Makes a matrix (N x D) of D columns of N numbers each, which are copied; that they have the same length is not checked. */
export const fromColumns = (columns: ReadonlyArray<Vector>): OwnMatrix => {
  const width = columns.length
  const rows = columns[0]?.length ?? 0
  const data = new Float64Array(rows * width)
  for (const [i, column] of columns.entries()) for (let n = 0, at = i; n < rows; n++, at += width) data[at] = column[n]!
  return { rows, columns: width, data }
}

/**
 * Makes the numbers f(0), ..., f(length - 1). It is a loop, since `Float64Array.from` takes many times as long for the few
 * numbers of a mixture.
 */
export const tabulate = (length: number, f: (i: number) => number): Float64Array => {
  const numbers = new Float64Array(length)
  for (let i = 0; i < length; i++) numbers[i] = f(i)
  return numbers
}

/** Copies row `i` of a matrix (N x D), which is D numbers. */
export const row =
  (i: number) =>
  (m: Matrix): Float64Array =>
    tabulate(m.columns, j => m.data[i * m.columns + j]!)

/** Some of the rows, in the order of their indices, as a matrix of its own. */
export const rowsAt = ({ columns, data }: Matrix, indices: ArrayLike<number>): OwnMatrix => {
  const part = new Float64Array(indices.length * columns)
  for (let i = 0, to = 0; i < indices.length; i++)
    for (let from = indices[i]! * columns, end = from + columns; from < end; from++, to++) part[to] = data[from]!
  return { rows: indices.length, columns, data: part }
}

/** Makes a square matrix (D x D) from a function of the row and the column, which count from 0. */
export const square = (dimension: number, element: (i: number, j: number) => number): Matrix => {
  const data = new Float64Array(dimension * dimension)
  for (let i = 0, n = 0; i < dimension; i++) for (let j = 0; j < dimension; j++, n++) data[n] = element(i, j)
  return { rows: dimension, columns: dimension, data }
}

/** Makes the identity matrix (D x D). */
export const identity = (dimension: number): Matrix => square(dimension, (i, j) => (i === j ? 1 : 0))

/** Gives the D numbers on the diagonal of a square matrix (D x D). */
export const diagonal = (m: Matrix): Float64Array => tabulate(m.rows, i => m.data[i * m.columns + i]!)
