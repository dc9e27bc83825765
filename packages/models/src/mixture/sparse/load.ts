// Rows that are sparse, for components: a program without such rows has none of this.
import type { CellFamily } from '@conjugate/distributions'
import type { BackendName, LoadedRows } from '@conjugate/executors'
import { sparseRows as residentSparseRows, type SparseMatrix, sparseClusters } from '@conjugate/executors/sparse'
import type { Matrix, Vector } from '@conjugate/linalg'
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
  backend?: BackendName,
) => TE.TaskEither<FitError, LoadedSparse<T>>

/** The size of rows that nobody has all numbers of. */
const sizeOnly = (rows: number, columns: number): Matrix => ({
  rows,
  columns,
  get data(): never {
    throw new Error('sparse rows are no matrix')
  },
})

/** The same rows, but for the last number of each, which is log h, as numbers that tell them apart: see `compared` of families. */
const comparedMatrix = (matrix: SparseMatrix, compared: (entries: Vector) => Vector): SparseMatrix => {
  const { indptr } = matrix
  const values = matrix.values.slice()
  for (let n = 0; n < matrix.rows; n++) {
    const [first, last] = [indptr[n]!, indptr[n + 1]! - 1]
    values.set(compared(values.subarray(first, last)), first)
  }
  return { rows: matrix.rows, columns: matrix.columns, indptr, indices: matrix.indices, values }
}

/** Rows, of which those that count are at these places, as a start tells them apart by their first columns. */
const pointsOf = (
  matrix: SparseMatrix,
  features: number,
  places: Int32Array | undefined,
  compared: CellFamily['compared'],
  backend: BackendName | undefined,
): StartPoints => {
  const told = compared ? comparedMatrix(matrix, compared) : matrix
  const { indptr, indices, values, columns } = told
  const extentOf = (i: number): readonly [number, number] => {
    const place = places ? places[i]! : i
    return [indptr[place]!, indptr[place + 1]! - 1]
  }
  return {
    at: i => {
      const row = new Float64Array(columns)
      for (let [j, end] = extentOf(i); j < end; j++) row[indices[j]!] = values[j]!
      return row
    },
    keyOf: i => `${indices.subarray(...extentOf(i)).join()} ${values.subarray(...extentOf(i)).join()}`,
    clusters: options =>
      sparseClusters(
        told,
        { ...options, features, inOneUnit: compared !== undefined, ...(backend && { backend }) },
        places,
      ),
  }
}

/** Loads sparse rows for components of a mixture. Errors: those of reading them; weights that are none. */
const loadSparse = <T extends ComponentTypes>(
  parts: MixtureParts<T>,
  given: CompressedRows,
  rowWeights: Float64Array | undefined,
  backend?: BackendName,
): TE.TaskEither<FitError, LoadedSparse<T>> =>
  pipe(
    TE.fromEither(readSparse(given, parts.family, rowWeights)),
    TE.bindTo('read'),
    // Rows that are none tell what does not depend on rows.
    TE.bindW('none', () =>
      TE.fromEither(parts.designMatrix({ rows: 0, columns: given.columns, data: [] } as unknown as T['data'])),
    ),
    TE.bindW('rows', ({ read }) => residentSparseRows(read, { rowWeights, ...(backend && { backend }) })),
    TE.map(({ read: { sizes, rows: length, columns }, rows, none }): LoadedSparse<T> => {
      const features = columns - 1
      return {
        design: { ...none, rows: sizeOnly(length, columns), features, sizes },
        rows,
        fingerprint: () => [rows.matrix.indptr, rows.matrix.indices, rows.matrix.values],
        points: places => pointsOf(rows.matrix, features, places, parts.family?.compared, backend),
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
