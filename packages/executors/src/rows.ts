import type { Matrix } from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import { firstMismatch, mismatch } from './errors.js'
import type { ExecutorError, LoadOptions } from './executor.js'

/** Rows that passed every check, in an array of their own: nothing the caller writes later can change them. */
export interface PreparedRows {
  readonly rows: number
  readonly columns: number
  /** N x D, row-major: the rows less the origin. */
  readonly values: Float64Array
  /** N, or `undefined` where every row counts once. */
  readonly rowWeights: Float64Array | undefined
}

/** Checks N x D rows (N may be 0, D may not) and their weights, and subtracts the origin in float64. */
export const prepareRows = (rows: Matrix, options: LoadOptions = {}): E.Either<ExecutorError, PreparedRows> => {
  const { rows: count, columns, data } = rows
  const { origin, rowWeights } = options
  if (!Number.isSafeInteger(columns) || columns < 1) return E.left(mismatch('columns', 1, columns))
  const wrongShape = firstMismatch([
    ['data', count * columns, data.length],
    ['origin', columns, origin?.length ?? columns],
    ['rowWeights', count, rowWeights?.length ?? count],
  ])
  if (wrongShape) return E.left(wrongShape)

  const values = new Float64Array(data)
  const shift = origin ? new Float64Array(origin) : new Float64Array(columns)
  for (let row = 0, i = 0; row < count; row++)
    for (let column = 0; column < columns; column++, i++) {
      const value = values[i]!
      const centred = value - shift[column]!
      // A finite value can still leave the range here, or meet an origin that is not finite.
      if (!Number.isFinite(centred))
        return E.left({ _tag: 'NonFiniteData', row, column, value: Number.isFinite(value) ? centred : value })
      values[i] = centred
    }

  const weights = rowWeights && new Float64Array(rowWeights)
  // Written so that NaN fails it too.
  const invalid = weights ? weights.findIndex(weight => !(weight >= 0 && weight < Number.POSITIVE_INFINITY)) : -1
  if (weights && invalid >= 0) return E.left({ _tag: 'InvalidRowWeight', row: invalid, value: weights[invalid]! })
  return E.right({ rows: count, columns, values, rowWeights: weights })
}
