import { isList, type Matrix, type MatrixError, type RowsLike, type Vector } from '@conjugate/linalg'
import type * as E from 'fp-ts/lib/Either.js'
import { rowsIn } from '../../mixture/from-data.js'

/** A cell, or `null` where it is missing; NaN is as well. */
type Cell = number | null

/** Rows of numbers of which some may be missing: cells, or whole rows. */
export type IncompleteRows = RowsLike | ReadonlyArray<Cell> | ReadonlyArray<ReadonlyArray<Cell> | Vector | null>

const orNaN = (cell: unknown): unknown => (cell === null ? Number.NaN : cell)

/** Whether any cell is `null`, for which a list of numbers has no room. */
const hasNulls = (row: unknown): row is ReadonlyArray<unknown> => Array.isArray(row) && row.includes(null)

/** Rows with NaN for what is missing. */
const withoutNulls = (source: unknown): unknown => {
  if (!Array.isArray(source)) return source
  const first: unknown = source.find(row => row !== null)
  if (!isList(first)) return hasNulls(source) ? source.map(orNaN) : source
  const nothing = new Array<number>(first.length).fill(Number.NaN)
  return source.some(row => row === null || hasNulls(row))
    ? source.map(row => (row === null ? nothing : hasNulls(row) ? row.map(orNaN) : row))
    : source
}

/** Rows as a matrix in which missing cells are NaN. Errors: what is no matrix of numbers. */
export const readIncomplete = (source: unknown): E.Either<MatrixError, Matrix> => rowsIn(withoutNulls(source))

/** Whether any cell is missing. A loop of its own, since there are many. */
export const isIncomplete = ({ data }: Matrix): boolean => {
  for (let i = 0; i < data.length; i++) if (Number.isNaN(data[i])) return true
  return false
}
