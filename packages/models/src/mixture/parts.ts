import {
  type Densities,
  type Executor,
  type Loaded,
  type LoadedRows,
  type LoadOptions,
  loadEach,
  type MixtureExpectation,
  type StatisticsOf,
} from '@conjugate/executors'
import type { Matrix, Vector } from '@conjugate/linalg'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { Labels } from './labels.js'
import { combineSums } from './sums.js'

/** Rows of one label, or of none (-1), all of which count, or none. */
interface Part {
  readonly label: number
  readonly counts: boolean
  /** Their numbers among all rows. */
  readonly indices: Int32Array
}

interface LoadedPart extends Part, Loaded {
  readonly rows: LoadedRows
}

/** The parts that hold rows, those of no label first, and of those that count; at least one that counts. */
const partsOf = (rows: number, labels: Labels | undefined, rowWeights: Vector | undefined): ReadonlyArray<Part> => {
  const key = (n: number): number => 2 * ((labels?.[n] ?? -1) + 1) + (rowWeights?.[n] === 0 ? 1 : 0)
  const sizes = new Map<number, number>([[0, 0]])
  for (let n = 0; n < rows; n++) sizes.set(key(n), (sizes.get(key(n)) ?? 0) + 1)
  const parts = new Map(
    [...sizes]
      .sort(([a], [b]) => a - b)
      .map(([k, size]) => {
        const part: Part = { label: Math.floor(k / 2) - 1, counts: k % 2 === 0, indices: new Int32Array(size) }
        return [k, { part, filled: 0 }]
      }),
  )
  for (let n = 0; n < rows; n++) {
    const own = parts.get(key(n))!
    own.part.indices[own.filled++] = n
  }
  const all = [...parts.values()].map(({ part }) => part)
  return all.filter(p => p.indices.length > 0 || !all.some(q => q.counts && q.indices.length > 0))
}

/** Nothing but the component of the label is possible. */
const only = <D extends Densities>(label: number, densities: D): D =>
  label < 0
    ? densities
    : { ...densities, logConstant: densities.logConstant.map((c, k) => (k === label ? c : Number.NEGATIVE_INFINITY)) }

/** Sums of all parts: they are about the same means. */
const joinSums = <D extends Densities>(parts: ReadonlyArray<StatisticsOf<D>>): StatisticsOf<D> =>
  combineSums(parts, ([first, ...others]) => {
    const sum = first!.slice()
    for (const other of others) for (let i = 0; i < sum.length; i++) sum[i]! += other[i]!
    return sum
  })

const join = <D extends Densities>(parts: ReadonlyArray<MixtureExpectation<D>>): MixtureExpectation<D> => ({
  statistics: joinSums(parts.map(({ statistics }) => statistics)),
  logLikelihood: parts.reduce((total, part) => total + part.logLikelihood, 0),
  rounding: parts.reduce((total, part) => total + (part.rounding ?? 0), 0),
})

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

/** Weights that are not all 1. */
const weightsAt = (rowWeights: Vector | undefined, indices: Int32Array): Pick<LoadOptions, 'rowWeights'> => {
  const weights = rowWeights && picked(rowWeights, indices)
  return weights?.some(w => w !== 1) ? { rowWeights: weights } : {}
}

/**
 * An executor for rows in parts. Where the component of a row is known, no other is possible, and its log-likelihood is that
 * of the row and its label together. Rows of weight 0 are nowhere in the sums, whatever they hold, so that these have the
 * bits that they would have without them; what is said of each row is said of those too.
 */
export const inParts = (executor: Executor, labels?: Labels): Executor => {
  const load = (rows: Matrix, { rowWeights, ...options }: LoadOptions = {}): ReturnType<Executor['load']> => {
    const isWhole = labels === undefined && countedRows(rowWeights) === undefined
    // Lengths that do not fit are the executor's to tell.
    if (isWhole || (rowWeights && rowWeights.length !== rows.rows))
      return executor.load(rows, { ...options, ...(rowWeights && { rowWeights }) })
    const loadPart = (part: Part) =>
      pipe(
        executor.load(rowsAt(rows, part.indices), {
          ...options,
          ...(part.counts && weightsAt(rowWeights, part.indices)),
        }),
        TE.mapLeft(e =>
          e._tag === 'NonFiniteData' || e._tag === 'InvalidRowWeight' ? { ...e, row: part.indices[e.row] ?? e.row } : e,
        ),
        TE.map((loaded): LoadedPart => ({ ...part, rows: loaded, dispose: loaded.dispose })),
      )
    return pipe(
      partsOf(rows.rows, labels, rowWeights),
      loadEach(loadPart),
      TE.map(parts => (parts.length === 1 && parts[0]!.label < 0 && parts[0]!.counts ? parts[0]!.rows : joined(parts))),
    )
  }
  return { ...executor, load }
}

const joined = (parts: ReadonlyArray<LoadedPart>): LoadedRows => {
  const rows = parts.reduce((sum, part) => sum + part.indices.length, 0)
  const counted = parts.filter(part => part.counts)
  const largest = counted.reduce((a, b) => (b.indices.length > a.indices.length ? b : a))
  const inOrder = <A, B extends { [n: number]: number }>(
    all: B,
    width: number,
    ask: (part: LoadedPart) => TE.TaskEither<A, ArrayLike<number>>,
  ) =>
    pipe(
      parts,
      TE.traverseSeqArray(part =>
        pipe(
          ask(part),
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
    components: number,
    ask: (part: LoadedPart) => TE.TaskEither<A, Matrix>,
  ): TE.TaskEither<A, Matrix> =>
    pipe(
      inOrder(new Float64Array(rows * components), components, part =>
        pipe(
          ask(part),
          TE.map(m => m.data),
        ),
      ),
      TE.map(data => ({ rows, columns: components, data })),
    )
  return {
    rows,
    columns: parts[0]!.rows.columns,
    ...(largest.rows.ranOn && { ranOn: largest.rows.ranOn }),
    distinctRows: counted.reduce((sum, part) => sum + (part.rows.distinctRows ?? part.rows.rows), 0),
    expectation: (densities, { rowWeights } = {}) =>
      pipe(
        rowWeights === undefined ? counted : parts,
        TE.traverseSeqArray(part =>
          part.rows.expectation(
            only(part.label, densities),
            rowWeights && { rowWeights: picked(rowWeights, part.indices) },
          ),
        ),
        // One part has the sums of its own, to the bit.
        TE.map(sums => (sums.length === 1 ? sums[0]! : join(sums))),
      ),
    responsibilities: densities =>
      matrixInOrder(densities.components, part => part.rows.responsibilities(only(part.label, densities))),
    logDensities: densities =>
      matrixInOrder(densities.components, part => part.rows.logDensities(only(part.label, densities))),
    weightedStatistics: (densities, given) =>
      pipe(
        counted,
        TE.traverseSeqArray(part => part.rows.weightedStatistics(densities, rowsAt(given, part.indices))),
        TE.map(joinSums),
      ),
    assignments: densities =>
      inOrder(new Int32Array(rows), 1, part => part.rows.assignments(only(part.label, densities))),
    logProb: densities => inOrder(new Float64Array(rows), 1, part => part.rows.logProb(only(part.label, densities))),
    dispose: () => {
      for (const part of parts) part.dispose()
    },
  }
}
