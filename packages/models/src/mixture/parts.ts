import {
  type Executor,
  type ExecutorError,
  type Loaded,
  type LoadedRows,
  type LoadOptions,
  loadEach,
} from '@conjugate/executors'
import type { Matrix, Vector } from '@conjugate/linalg'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'

/** Rows all of which count, or none. */
interface Part {
  readonly counts: boolean
  /** Their numbers among all rows. */
  readonly indices: Int32Array
}

interface LoadedPart extends Part, Loaded {
  readonly rows: LoadedRows
}

const picked = (values: Vector, indices: Int32Array, columns = 1): Float64Array => {
  const part = new Float64Array(indices.length * columns)
  for (let i = 0, to = 0; i < indices.length; i++)
    for (let from = indices[i]! * columns, end = from + columns; from < end; from++, to++) part[to] = values[from]!
  return part
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

/** Some of the rows. */
export const rowsAt = ({ columns, data }: Matrix, indices: Int32Array): Matrix => ({
  rows: indices.length,
  columns,
  data: picked(data, indices, columns),
})

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
export const inParts = (executor: Executor): Executor => {
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
const joined = (some: LoadedPart, others: LoadedPart): LoadedRows => {
  const rows = some.indices.length + others.indices.length
  const inOrder = <A, B extends { [n: number]: number }>(
    all: B,
    width: number,
    ask: (loaded: LoadedRows) => TE.TaskEither<A, ArrayLike<number>>,
  ): TE.TaskEither<A, B> =>
    pipe(
      [some, others],
      TE.traverseSeqArray(part =>
        pipe(
          ask(part.rows),
          TE.map(values => {
            for (let i = 0; i < part.indices.length; i++)
              for (let j = 0; j < width; j++) all[part.indices[i]! * width + j] = values[i * width + j]!
            return all
          }),
        ),
      ),
      TE.map(() => all),
    )
  const matrixInOrder = <A>(
    columns: number,
    ask: (loaded: LoadedRows) => TE.TaskEither<A, Matrix>,
  ): TE.TaskEither<A, Matrix> =>
    pipe(
      inOrder(new Float64Array(rows * columns), columns, loaded =>
        pipe(
          ask(loaded),
          TE.map(({ data }) => data),
        ),
      ),
      TE.map(data => ({ rows, columns, data })),
    )
  return {
    ...some.rows,
    rows,
    // Weights that come with a pass are of all rows.
    expectation: (densities, { rowWeights } = {}) =>
      some.rows.expectation(densities, rowWeights && { rowWeights: picked(rowWeights, some.indices) }),
    distinctRows: some.rows.distinctRows ?? some.rows.rows,
    responsibilities: densities => matrixInOrder(densities.components, loaded => loaded.responsibilities(densities)),
    logDensities: densities => matrixInOrder(densities.components, loaded => loaded.logDensities(densities)),
    weightedStatistics: (densities, given) => some.rows.weightedStatistics(densities, rowsAt(given, some.indices)),
    assignments: densities => inOrder(new Int32Array(rows), 1, loaded => loaded.assignments(densities)),
    logProb: densities => inOrder(new Float64Array(rows), 1, loaded => loaded.logProb(densities)),
    dispose: () => {
      some.dispose()
      others.dispose()
    },
  }
}
