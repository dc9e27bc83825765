import {
  type Matrix,
  matrix,
  type RowsLike,
  reading,
  readNumbers,
  type UnreadableData,
  unreadable,
} from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import type { FitError } from '../errors.js'
import { cellsIn } from './cells.js'

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
  // A vector of Arrow gives its numbers by a function.
  const read =
    rowWeights === undefined
      ? E.right(undefined)
      : reading('rowWeights', 'a list of numbers such as [1, 2]', () =>
          readNumbers(cellsIn(rowWeights) ?? rowWeights, 'rowWeights'),
        )
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
