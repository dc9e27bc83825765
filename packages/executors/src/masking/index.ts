import { type Matrix, rowsAt, type Vector } from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { Executor, ExecutorError, LoadedRows, LoadOptions } from '../contract/executor.js'
import { picked, saidByParts } from '../contract/parts.js'
import { type Loaded, loadEach } from '../contract/with-loaded.js'

/** Rows all of which count, or none. */
interface Part {
  readonly counts: boolean
  /** Their numbers among all rows. */
  readonly indices: Int32Array
}

interface LoadedPart extends Part, Loaded {
  readonly rows: LoadedRows
}

/** The numbers of the rows of positive weight; `undefined` where all have one. */
export const countedRows = (rowWeights: Vector | undefined): Int32Array | undefined => {
  if (rowWeights === undefined) return undefined
  let count = 0
  for (let n = 0; n < rowWeights.length; n++) if (rowWeights[n] !== 0) count++
  if (count === rowWeights.length) return undefined
  const indices = new Int32Array(count)
  for (let n = 0, i = 0; n < rowWeights.length; n++) if (rowWeights[n] !== 0) indices[i++] = n
  return indices
}

/** The numbers of the rows of weight 0. */
const uncountedRows = (rowWeights: Vector, counted: Int32Array): Int32Array => {
  const indices = new Int32Array(rowWeights.length - counted.length)
  for (let n = 0, i = 0; n < rowWeights.length; n++) if (rowWeights[n] === 0) indices[i++] = n
  return indices
}

/** Weights that are not all 1. */
const weightsAt = (rowWeights: Vector, indices: Int32Array): Pick<LoadOptions, 'rowWeights'> => {
  const weights = picked(rowWeights, indices)
  return weights.some(w => w !== 1) ? { rowWeights: weights } : {}
}

/**
 * An executor for rows of which some weigh 0. They are nowhere in the sums, whatever they hold, so that these have the bits
 * that they would have without them; what is said of each row is said of those too.
 */
export const masked = (executor: Executor): Executor => {
  const load = (rows: Matrix, { rowWeights, ...options }: LoadOptions = {}): ReturnType<Executor['load']> => {
    const counted = countedRows(rowWeights)
    // Lengths that do not fit are the executor's to tell.
    if (rowWeights === undefined || counted === undefined || rowWeights.length !== rows.rows)
      return executor.load(rows, { ...options, ...(rowWeights && { rowWeights }) })
    const loadPart = (part: Part): TE.TaskEither<ExecutorError, LoadedPart> =>
      pipe(
        executor.load(rowsAt(rows, part.indices), {
          ...options,
          ...(part.counts && weightsAt(rowWeights, part.indices)),
        }),
        TE.mapLeft(e => ('row' in e && e.row !== undefined ? { ...e, row: part.indices[e.row] ?? e.row } : e)),
        TE.map((loaded): LoadedPart => ({ ...part, rows: loaded, dispose: loaded.dispose })),
      )
    return pipe(
      [
        { counts: true, indices: counted },
        { counts: false, indices: uncountedRows(rowWeights, counted) },
      ],
      loadEach(loadPart),
      TE.map(([some, others]) => joined(some!, others!)),
    )
  }
  return { ...executor, load }
}

/** Every row from its own part, all sums from that of the rows that count. */
const joined = (some: LoadedPart, others: LoadedPart): LoadedRows => ({
  ...some.rows,
  ...saidByParts([some, others], densities => () => E.right(densities)),
  rows: some.indices.length + others.indices.length,
  // Weights that come with a pass are of all rows.
  expectation: (densities, { rowWeights } = {}) =>
    some.rows.expectation(densities, rowWeights && { rowWeights: picked(rowWeights, some.indices) }),
  distinctRows: some.rows.distinctRows ?? some.rows.rows,
  weightedStatistics: (densities, given) => some.rows.weightedStatistics(densities, rowsAt(given, some.indices)),
})
