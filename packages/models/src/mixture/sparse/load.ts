// Rows that are sparse, for components: a program without such rows has none of this.
import { countedRows, type Executor, type LoadedRows, masked, selectExecutor } from '@conjugate/executors'
import { besideSparse, sparseRows as residentSparseRows } from '@conjugate/executors/sparse'
import { type Matrix, rowsAt } from '@conjugate/linalg'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { FitError } from '../../errors.js'
import type { ComponentTypes } from '../../model/component-model.js'
import { type CompressedRows, isSparse, type SparseRows } from '../../observations/data.js'
import type { Row } from '../../observations/tables.js'
import { type Centring, type DesignMatrix, loadOptionsOf, type MixtureParts } from '../mixture.js'
import type { StartPoints } from '../start.js'
import { pointsOf } from './points.js'
import { readSparse, refused } from './read.js'
import { readSparseTable } from './table.js'
import { rowsToldApart, tableToldApart } from './told-apart.js'

/** Sparse rows where they are computed, and what else components ask of rows. */
export interface LoadedSparse<T extends ComponentTypes> {
  readonly design: DesignMatrix<T>
  readonly rows: LoadedRows
  readonly fingerprint: () => ReadonlyArray<ArrayBufferView>
  readonly points: (indices: Int32Array | undefined) => StartPoints
  /** Of the executor's numbers, if any are there, as in `Resident`. */
  readonly spacing: number
}

/** How sparse rows are loaded, or a table with columns of them. */
export type LoadSparse<T extends ComponentTypes> = (
  parts: MixtureParts<T>,
  data: unknown,
  centring: Centring<T['component']>,
  executor?: Executor,
) => TE.TaskEither<FitError, LoadedSparse<T>>

/** The size of rows that nobody has all numbers of. */
const sizeOnly = (rows: number, columns: number): Matrix => ({
  rows,
  columns,
  get data(): never {
    throw new Error('sparse rows are no matrix')
  },
})

/** Loads rows that are sparse as a whole. Errors: those of reading them; weights that are none. */
const loadRows = <T extends ComponentTypes>(
  parts: MixtureParts<T>,
  given: CompressedRows,
  { rowWeights }: Centring<T['component']>,
  executor: Executor | undefined,
): TE.TaskEither<FitError, LoadedSparse<T>> =>
  pipe(
    TE.fromEither(readSparse(given, parts.family, rowWeights)),
    TE.bindTo('read'),
    // Rows that are none tell what does not depend on rows.
    TE.bindW('none', () =>
      TE.fromEither(parts.designMatrix({ rows: 0, columns: given.columns, data: [] } as unknown as T['data'])),
    ),
    TE.bindW('rows', ({ read }) => residentSparseRows(read, optionsOf(rowWeights, executor))),
    TE.map(({ read: { sizes, rows: length, columns }, rows, none }): LoadedSparse<T> => {
      const features = columns - 1
      return {
        design: { ...none, rows: sizeOnly(length, columns), features, sizes },
        rows,
        fingerprint: () => [rows.matrix.indptr, rows.matrix.indices, rows.matrix.values],
        points: places => pointsOf(rowsToldApart(rows.matrix, parts.family?.compared), places, executor?.backend),
        spacing: 0,
      }
    }),
  )

const optionsOf = (rowWeights: Centring<never>['rowWeights'], executor: Executor | undefined) => ({
  rowWeights: rowWeights && Float64Array.from(rowWeights),
  ...(executor && { backend: executor.backend }),
})

/** Loads a table of which columns are sparse. Errors: those of reading it; weights that are none. */
const loadTable = <T extends ComponentTypes>(
  parts: MixtureParts<T>,
  source: Row,
  centring: Centring<T['component']>,
  executor: Executor,
): TE.TaskEither<FitError, LoadedSparse<T>> => {
  const { rowWeights } = centring
  return pipe(
    TE.fromEither(readSparseTable(parts, source, centring)),
    TE.bindTo('read'),
    TE.bindW('sparse', ({ read: { linear } }) => residentSparseRows(linear, optionsOf(rowWeights, executor))),
    TE.bindW('rows', ({ read: { factors, design }, sparse }) =>
      factors === undefined
        ? TE.right<FitError, LoadedRows>(sparse)
        : pipe(
            masked(executor).load(factors, {
              ...loadOptionsOf({ ...design, factors: design.factors!.slice(0, -1) }),
              ...(rowWeights && { rowWeights }),
            }),
            TE.map(dense => ({
              ...besideSparse({ dense, sparse, rowWeights }),
              ranOn: () => `${dense.ranOn?.() ?? executor.description}, ${sparse.ranOn!()}`,
            })),
          ),
    ),
    TE.map(({ read: { design, factors, linear, places, others }, rows, sparse }): LoadedSparse<T> => {
      const counted = countedRows(rowWeights)
      const comparable = others && (others.comparable?.() ?? { rows: others.rows, features: others.features! })
      return {
        design: { ...design, rows: sizeOnly(linear.rows, design.rows.columns) },
        rows,
        fingerprint: () => [
          Float64Array.from((factors && counted ? rowsAt(factors, counted) : factors)?.data ?? []),
          sparse.matrix.indptr,
          sparse.matrix.indices,
          sparse.matrix.values,
        ],
        points: at => pointsOf(tableToldApart(linear.rows, comparable, places, rowWeights), at, executor.backend),
        spacing: factors ? (executor.relativeRounding ?? 0) : 0,
      }
    }),
  )
}

const load: LoadSparse<ComponentTypes> = (parts, data, centring, executor) => {
  if (isSparse(data)) return loadRows(parts, data.rows, centring, executor)
  return pipe(
    executor ? TE.right<FitError, Executor>(executor) : selectExecutor('auto', 1),
    TE.chainW(found => loadTable(parts, data as Row, centring, found)),
  )
}

/**
 * Rows of which few numbers are not 0, such as counts of words, for all that takes rows: as compressed sparse rows, which are read
 * when they are used. They are for components whose statistic of a row is the row, such as multinomials (`multinomialMixture`), independent
 * Poissons (`gammaPoissonPriorOf`) and independent Bernoullis (`betaBernoulliPriorOf`), and for columns of tables that are of such rows, where
 * `missing` are the rows that have no cell.
 *
 * @example
 * fit(multinomialMixture({ components: 2, concentration: 2, categories: 5 }), sparseRows({ columns: 5, indptr, indices, values }))
 */
export const sparseRows = (rows: CompressedRows): SparseRows => ({
  _tag: 'SparseRows',
  rows,
  load: load as SparseRows['load'],
  refused,
})
