// Rows that are sparse, for components: a program without such rows has none of this.
import type { LoadedRows } from '@conjugate/executors'
import { sparseRows as residentSparseRows, sparseClusters, sparseRowsAt } from '@conjugate/executors/sparse'
import type { Matrix, Vector } from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { FitError } from '../../errors.js'
import type { ComponentTypes } from '../../model/component-model.js'
import type { CompressedRows, SparseRows } from '../../observations/data.js'
import type { DesignMatrix, MixtureParts } from '../mixture.js'
import type { StartPoints } from '../start.js'
import { readSparse } from './read.js'

/** Sparse rows where they are computed, and what else components ask of rows. */
export interface LoadedSparse<T extends ComponentTypes> {
  readonly design: DesignMatrix<T>
  readonly rows: LoadedRows
  readonly fingerprint: () => ReadonlyArray<ArrayBufferView>
  readonly points: (indices: Int32Array | undefined) => StartPoints
}

/** How sparse rows are loaded. */
export type LoadSparse<T extends ComponentTypes> = (
  parts: MixtureParts<T>,
  given: CompressedRows,
  rowWeights: Float64Array | undefined,
) => E.Either<FitError, LoadedSparse<T>>

/** The size of rows that nobody has all numbers of. */
const sizeOnly = (rows: number, columns: number): Matrix => ({
  rows,
  columns,
  get data(): never {
    throw new Error('sparse rows are no matrix')
  },
})

/** Loads sparse rows for components of a mixture. Errors: those of reading them; weights that are none. */
const loadSparse = <T extends ComponentTypes>(
  parts: MixtureParts<T>,
  given: CompressedRows,
  rowWeights: Float64Array | undefined,
): E.Either<FitError, LoadedSparse<T>> =>
  pipe(
    readSparse(given, parts.family, rowWeights),
    E.bindTo('read'),
    E.bindW('rows', ({ read }) => residentSparseRows(read, rowWeights)),
    // Rows that are none tell what does not depend on rows.
    E.bindW('none', () => parts.designMatrix({ rows: 0, columns: given.columns, data: [] } as unknown as T['data'])),
    E.map(({ read, rows, none }): LoadedSparse<T> => {
      const { sizes, ...matrix } = read
      const features = matrix.columns - 1
      return {
        design: { ...none, rows: sizeOnly(matrix.rows, matrix.columns), features, sizes },
        rows: { ...rows, ranOn: () => 'sparse rows in JavaScript (float64)' },
        fingerprint: () => [matrix.indptr, matrix.indices, matrix.values],
        points: indices => {
          const some = indices ? sparseRowsAt(matrix, indices) : matrix
          const at = (i: number): Vector => {
            const row = new Float64Array(matrix.columns)
            for (let j = some.indptr[i]!; j < some.indptr[i + 1]!; j++) row[some.indices[j]!] = some.values[j]!
            return row
          }
          const keyOf = (i: number): string => {
            const [first, end] = [some.indptr[i]!, some.indptr[i + 1]!]
            return `${some.indices.subarray(first, end).join()} ${some.values.subarray(first, end).join()}`
          }
          return { at, keyOf, clusters: options => TE.right(sparseClusters(some, { ...options, features })) }
        },
      }
    }),
  )

/**
 * Rows of which few numbers are not 0, such as counts of words, for all that takes rows: as compressed sparse rows, which are read
 * when they are used. They are for components whose statistic of a row is the row, such as multinomials.
 *
 * @example
 * fit(multinomialMixture({ components: 2, concentration: 2, categories: 5 }), sparseRows({ columns: 5, indptr, indices, values }))
 */
export const sparseRows = (rows: CompressedRows): SparseRows => ({
  _tag: 'SparseRows',
  rows,
  load: loadSparse as SparseRows['load'],
})
