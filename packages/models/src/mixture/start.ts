import type { Random } from '@conjugate/distributions'
import { invalidOption } from '@conjugate/em'
import {
  type ClusterableRows,
  type ClusterOptions,
  clustersOn,
  countedRows,
  type Executor,
  type ExecutorError,
} from '@conjugate/executors'
import { inWords, type Matrix, rowsAt, type Vector } from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { FitError } from '../errors.js'
import type { ComponentTypes, Started } from '../model/component-model.js'
import { checkLabels } from '../model/evidence.js'
import type { RowStart } from '../model/row-start.js'
import type { Comparable } from './comparable.js'
import { type DesignMatrix, type MixtureParts, statesOf } from './mixture.js'
import { reachesBoundary, softened } from './soft-groups.js'
import { type StartRows, startSums } from './start-sums.js'
import { rowOf } from './written-rows.js'

const key = (v: Vector): string => Array.from(v).join()

const invalid = (option: string, expected: string, received: unknown): E.Either<FitError, never> =>
  invalidOption(option, expected, inWords(received))

/** Rows that count, as a start tells them apart. */
export interface StartPoints {
  /** The numbers of a row. */
  readonly at: (i: number) => Vector
  /** A text that equal rows have in common. */
  readonly keyOf: (i: number) => string
  readonly clusters: (options: ClusterOptions) => TE.TaskEither<ExecutorError, ClusterableRows>
}

/** Draws until the values differ; rare values are found by a walk from a random row, so that it always ends. */
const drawDistinct = (
  count: number,
  rows: number,
  { keyOf }: StartPoints,
  random: Random,
): E.Either<FitError, ReadonlyArray<number>> => {
  const found = new Map<string, number>()
  const take = (n: number): void => {
    const value = keyOf(n)
    if (!found.has(value)) found.set(value, n)
  }
  for (let attempt = 0; attempt < 20 * count && found.size < count; attempt++) take(random.integer(rows))
  const first = random.integer(rows)
  for (let i = 0; i < rows && found.size < count; i++) take((first + i) % rows)
  return found.size < count
    ? E.left({ _tag: 'TooFewDistinctRows', distinct: found.size, components: count })
    : E.right([...found.values()])
}

const givenRows = (
  indices: ReadonlyArray<number>,
  count: number,
  rows: number,
  rowWeights: Vector | undefined,
): E.Either<FitError, ReadonlyArray<number>> => {
  const wrong = (received: unknown, which = '') =>
    invalid('indices of the starting means', `${count} row numbers from 0 to ${rows - 1}${which}`, received)
  if (indices.length !== count) return wrong(`${indices.length} numbers`)
  const outside = indices.find(i => !(Number.isSafeInteger(i) && i >= 0 && i < rows))
  if (outside !== undefined) return wrong(outside)
  const masked = indices.find(i => rowWeights?.[i] === 0)
  return masked === undefined ? E.right(indices) : wrong(`${masked}, which has a weight of 0`, ' of positive weight')
}

/** The rows that count, with their weights and their numbers among all. */
interface Counted {
  readonly rows: number
  readonly indices: Int32Array | undefined
  readonly weights: Vector | undefined
  readonly numberOf: (i: number) => number
  readonly placeOf: (n: number) => number
}

const countedOf = (rows: number, rowWeights: Vector | undefined): Counted => {
  const indices = countedRows(rowWeights)
  return indices
    ? {
        rows: indices.length,
        indices,
        weights: Float64Array.from(indices, n => rowWeights![n]!),
        numberOf: i => indices[i]!,
        placeOf: n => indices.indexOf(n),
      }
    : { rows, indices, weights: rowWeights, numberOf: i => i, placeOf: n => n }
}

/** Components and their rows, where an executor computes. */
export interface Startable<T extends ComponentTypes> extends StartRows {
  readonly parts: Pick<MixtureParts<T>, 'count' | 'noise'>
  readonly design: DesignMatrix<T>
  readonly rowWeights: Vector | undefined
  /** Some of the rows, or all, where they are no matrix. */
  readonly points?: ((indices: Int32Array | undefined) => StartPoints) | undefined
}

/**
 * The cells of rows, with the mean of a column in place of what is missing, so that it takes a row neither near to another nor far
 * from it.
 */
export const completed = (rows: Matrix, rowWeights?: Vector): Matrix => {
  const { columns } = rows
  let isWhole = true
  for (let i = 0; i < rows.data.length && isWhole; i++) isWhole = !Number.isNaN(rows.data[i])
  if (isWhole) return rows
  const data = new Float64Array(rows.data)
  for (let column = 0; column < columns; column++) {
    let [weight, mean] = [0, 0]
    for (let n = 0, i = column; n < rows.rows; n++, i += columns) {
      const w = rowWeights?.[n] ?? 1
      if (!(w > 0) || Number.isNaN(data[i])) continue
      weight += w
      mean += (w / weight) * (data[i]! - mean)
    }
    for (let i = column; i < data.length; i += columns) if (Number.isNaN(data[i])) data[i] = mean
  }
  return { rows: rows.rows, columns, data }
}

/** Some of the rows of a matrix. */
const pointsIn = (
  { rows: all, features, ownUnits = features }: Comparable,
  indices: Int32Array | undefined,
  executor: Executor,
): StartPoints => {
  const rows = indices ? rowsAt(all, indices) : all
  const at = (i: number): Vector => rowOf(rows, i)
  return {
    at,
    keyOf: i => key(at(i)),
    clusters: options => clustersOn(executor)(rows, { ...options, features, ownUnits }),
  }
}

/** Components to start from, of observations that have been loaded, in the coordinates of the observations. */
export const startedOf = <T extends ComponentTypes>(
  start: RowStart,
  startable: Startable<T>,
  executor: Executor,
  random: Random,
): TE.TaskEither<FitError, Started<T['component']>> => {
  type P = T['component']
  const { parts, design, rowWeights } = startable
  const { rows, componentAt, isBare, steps, fromCentred } = design
  const count = parts.count
  const states = statesOf(parts)
  const weightOf = (n: number): number => rowWeights?.[n] ?? 1
  /** Rows that can be compared with each other, of which the first columns tell them apart. */
  const pointsOf = ({ indices }: Counted): StartPoints => {
    const own = startable.points?.(indices)
    if (own) return own
    const comparable: Comparable = design.comparable?.() ?? { rows, features: design.features ?? rows.columns }
    const all = comparable.hasNoGaps ? comparable.rows : completed(comparable.rows, rowWeights)
    return pointsIn({ ...comparable, rows: all }, indices, executor)
  }
  const clustersOf = (counted: Counted) => pointsOf(counted).clusters({ count, rowWeights: counted.weights })

  /** Components about the centre of the computation, and how many rows each state has. */
  const fromResponsibilities = (q: Float64Array): TE.TaskEither<FitError, Required<Started<P>>> =>
    pipe(
      startSums(startable, count, states, q),
      TE.chainEitherKW(({ densities, sums, counts }) =>
        pipe(
          steps.maximize(steps.statistics(densities, sums)),
          E.map(components => ({ components, counts })),
        ),
      ),
    )

  const fromLabels = (labels: ArrayLike<number>) => {
    const q = new Float64Array(rows.rows * states)
    for (let n = 0; n < rows.rows; n++)
      if (labels[n]! >= 0 && labels[n]! < count) q[n * states + labels[n]!] = weightOf(n)
    return fromResponsibilities(q)
  }

  const outwards = <A extends Started<P>>(started: A): A => ({
    ...started,
    components: started.components.map(fromCentred),
  })

  /** Responsibilities of the rows that count, from groups that no user has vouched for. */
  const fromClusters =
    ({ numberOf }: Counted, clusters: Int32Array): TE.TaskEither<FitError, Required<Started<P>>> =>
    async () => {
      const labels = new Int32Array(rows.rows).fill(-1)
      for (let i = 0; i < clusters.length; i++) labels[numberOf(i)] = clusters[i]!
      const hard = isBare ? undefined : await fromLabels(labels)()
      const found =
        hard && E.isRight(hard) && !reachesBoundary(steps.densities(hard.right.components))
          ? hard
          : await fromResponsibilities(softened(labels, count, states, weightOf))()
      return E.isLeft(found) ? found : E.right(outwards(found.right))
    }

  /** Components about some of the rows that count, by their places among those; rows say nothing of how many there are. */
  const aboutRows = (counted: Counted, places: ReadonlyArray<number>): TE.TaskEither<FitError, Started<P>> => {
    if (componentAt) {
      const { at } = pointsOf(counted)
      return TE.right({ components: places.map(i => componentAt(at(i))) })
    }
    return pipe(
      clustersOf(counted),
      TE.chainW(({ nearestTo }) => fromClusters(counted, nearestTo(places))),
      TE.map(({ components }) => ({ components })),
    )
  }

  switch (start._tag) {
    case 'rows':
      return pipe(
        TE.fromEither(givenRows(start.indices, count, rows.rows, rowWeights)),
        TE.chain(indices => {
          const counted = countedOf(rows.rows, rowWeights)
          return aboutRows(counted, indices.map(counted.placeOf))
        }),
      )
    case 'labels':
      return pipe(
        TE.fromEither(checkLabels(start.labels, rows.rows, count)),
        TE.chainW(fromLabels),
        TE.map(found => outwards(found)),
      )
    case 'responsibilities': {
      const { responsibilities: q } = start
      if (q.rows !== rows.rows || q.columns !== count)
        return TE.fromEither(
          invalid('starting responsibilities', `${rows.rows} x ${count} of them`, `${q.rows} x ${q.columns}`),
        )
      const weighted = new Float64Array(rows.rows * states)
      for (let n = 0; n < rows.rows; n++)
        for (let k = 0; k < count; k++) weighted[n * states + k] = weightOf(n) * q.data[n * count + k]!
      return pipe(
        fromResponsibilities(weighted),
        TE.map(found => outwards(found)),
      )
    }
  }
  const counted = countedOf(rows.rows, rowWeights)
  if (counted.rows === 0) return TE.left({ _tag: 'NoRows', ...(rows.rows > 0 && { ofWeightZero: rows.rows }) })
  switch (start._tag) {
    case 'random-rows':
      return aboutRows(
        counted,
        Array.from({ length: count }, () => random.integer(counted.rows)),
      )
    case 'distinct-rows':
      return pipe(
        TE.fromEither(drawDistinct(count, counted.rows, pointsOf(counted), random)),
        TE.chain(places => aboutRows(counted, places)),
      )
    case 'k-means':
      return pipe(
        clustersOf(counted),
        TE.chainW(({ kMeans }) => {
          const { seeds, clusters } = kMeans(random.integer(2 ** 53))
          return seeds.length === count
            ? fromClusters(counted, clusters)
            : TE.left<FitError>({ _tag: 'TooFewDistinctRows', distinct: seeds.length, components: count })
        }),
      )
  }
}
