// Rows of which few numbers are not 0, beside any executor: the code is loaded where there are such rows.

import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { ClusterableRows, ClusterOptions } from './contract/clusters.js'
import type { BackendName, ExecutorError, LoadedRows } from './contract/executor.js'
import { largestOf } from './contract/overflow.js'
import { failureOf, residentRows } from './contract/resident-rows.js'
import { checkRowWeights } from './contract/rows.js'
import { clustersOf } from './sparse/clusters.js'
import { heldInJavaScript } from './sparse/javascript.js'
import { passes, type WeighedRows } from './sparse/passes.js'
import type { HeldRows, SparseMatrix } from './sparse/rows.js'
import { heldOnKernel } from './wasm/sparse.js'

export { besideSparse } from './sparse/beside.js'
export type { SparseMatrix } from './sparse/rows.js'

/** How sparse rows are held. */
export interface SparseOptions {
  /** One for each row. */
  readonly rowWeights?: Float64Array | undefined
  /** `javascript` keeps them from the WebAssembly kernel; any other has them on it. */
  readonly backend?: BackendName
}

/** Sparse rows that are held for computation. */
export interface LoadedSparseRows extends LoadedRows {
  /** The rows, as they are held: whoever keeps its lists for longer than a call keeps what may move. */
  readonly matrix: SparseMatrix
}

const heldOn = (matrix: SparseMatrix, backend: BackendName | undefined): TE.TaskEither<ExecutorError, HeldRows> =>
  backend === 'javascript'
    ? TE.right(heldInJavaScript(matrix))
    : pipe(
        heldOnKernel(matrix),
        // The same numbers without WebAssembly, or without a memory of its own.
        TE.orElse(() => TE.right(heldInJavaScript(matrix))),
      )

/**
 * Holds sparse rows in the calling thread, in float64, for linear densities: on a WebAssembly kernel or, with the same bits, in
 * plain JavaScript where there is none. Nobody may write to the rows later. Errors: another number of weights than of rows; one
 * that is no number, negative or not finite.
 */
export const sparseRows = (
  matrix: SparseMatrix,
  { rowWeights, backend }: SparseOptions = {},
): TE.TaskEither<ExecutorError, LoadedSparseRows> =>
  pipe(
    TE.fromEither(checkRowWeights(matrix.rows, rowWeights && { rowWeights })),
    TE.bindTo('weights'),
    TE.bindW('held', () => heldOn(matrix, backend)),
    TE.map(({ weights, held }): LoadedSparseRows => {
      const data: WeighedRows = { held, rowWeights: weights }
      return {
        ...residentRows({
          rows: matrix.rows,
          columns: matrix.columns,
          factors: undefined,
          largest: largestOf(matrix.values),
          data,
          passes,
          failed: failureOf('sparse rows'),
        }),
        ranOn: () => held.ranOn,
        matrix: held.matrix,
      }
    }),
  )

/** Sparse rows, or some of them by their places, that can be clustered, of which none is made dense: as many centres are. */
export const sparseClusters = (
  matrix: SparseMatrix,
  options: ClusterOptions & Pick<SparseOptions, 'backend'>,
  places?: Int32Array,
): TE.TaskEither<ExecutorError, ClusterableRows> =>
  pipe(
    heldOn(matrix, options.backend),
    TE.map(held => clustersOf(held, options, places)),
  )
