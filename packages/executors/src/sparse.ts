// Rows of which few numbers are not 0, beside any executor: the code is loaded where there are such rows.

import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import type { ExecutorError, LoadedRows } from './contract/executor.js'
import { failureOf, residentRows } from './contract/resident-rows.js'
import { checkRowWeights } from './contract/rows.js'
import { passes, type WeighedRows } from './sparse/passes.js'
import type { SparseMatrix } from './sparse/rows.js'

export { sparseClusters } from './sparse/clusters.js'
export { type SparseMatrix, sparseRowsAt } from './sparse/rows.js'

/**
 * Holds sparse rows in the calling thread, in float64, for linear densities. The rows are held as they are: nobody may write to
 * them later. Errors: another number of weights than of rows; one that is no number, negative or not finite.
 */
export const sparseRows = (matrix: SparseMatrix, rowWeights?: Float64Array): E.Either<ExecutorError, LoadedRows> =>
  pipe(
    checkRowWeights(matrix.rows, rowWeights && { rowWeights }),
    E.map(weights => {
      let largest = 0
      for (let i = 0; i < matrix.values.length; i++) largest = Math.max(largest, Math.abs(matrix.values[i]!))
      const data: WeighedRows = { ...matrix, rowWeights: weights }
      return residentRows({
        rows: matrix.rows,
        columns: matrix.columns,
        factors: undefined,
        largest,
        data,
        passes,
        failed: failureOf('javascript'),
      })
    }),
  )
