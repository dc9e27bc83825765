import type { Random } from '@conjugate/distributions'
import { inWords, type Matrix, row, type Vector } from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import type { FitError } from '../errors.js'
import type { ComponentTypes, Started } from '../model/component-model.js'
import { checkLabels } from '../model/evidence.js'
import type { RowStart } from '../model/row-start.js'
import { kMeans } from './k-means.js'
import type { DesignMatrix, MixtureParts } from './mixture.js'
import { completed, distanceIn, inRange, nearest } from './nearest.js'
import { countedRows, rowsAt } from './parts.js'
import { reachesBoundary, softened } from './soft-groups.js'

const key = (v: Vector): string => Array.from(v).join()

const invalid = (option: string, expected: string, received: unknown): E.Either<FitError, never> =>
  E.left({ _tag: 'InvalidOption', option, expected, received: inWords(received) })

/** Draws until the values differ; rare values are found by a walk from a random row, so that it always ends. */
const drawDistinct = (count: number, rows: Matrix, random: Random): E.Either<FitError, ReadonlyArray<number>> => {
  const found = new Map<string, number>()
  const take = (n: number): void => {
    const value = key(row(n)(rows))
    if (!found.has(value)) found.set(value, n)
  }
  for (let attempt = 0; attempt < 20 * count && found.size < count; attempt++) take(random.integer(rows.rows))
  const first = random.integer(rows.rows)
  for (let i = 0; i < rows.rows && found.size < count; i++) take((first + i) % rows.rows)
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
  readonly rows: Matrix
  readonly weights: Vector | undefined
  readonly numberOf: (i: number) => number
  readonly placeOf: (n: number) => number
}

const countedOf = (rows: Matrix, rowWeights: Vector | undefined): Counted => {
  const indices = countedRows(rowWeights)
  return indices
    ? {
        rows: rowsAt(rows, indices),
        weights: Float64Array.from(indices, n => rowWeights![n]!),
        numberOf: i => indices[i]!,
        placeOf: n => indices.indexOf(n),
      }
    : { rows, weights: rowWeights, numberOf: i => i, placeOf: n => n }
}

/** Components to start from, of observations that have been encoded, in the coordinates of the observations. */
export const startedOf =
  <T extends ComponentTypes>(
    start: RowStart,
    { rows: all, features = all.columns, componentAt, gather, isBare }: DesignMatrix<T>,
    random: Random,
    rowWeights?: Vector,
  ) =>
  ({
    count,
    noise,
    steps,
  }: Pick<MixtureParts<T>, 'count' | 'noise' | 'steps'>): E.Either<FitError, Started<T['component']>> => {
    type P = T['component']
    const rows = completed(all, rowWeights)

    const fromResponsibilities = (q: (n: number, k: number) => number): E.Either<FitError, Required<Started<P>>> => {
      const weighted = (n: number, k: number): number => (rowWeights?.[n] ?? 1) * q(n, k)
      const counts = new Float64Array(noise === undefined ? count : count + 1)
      for (let n = 0; n < rows.rows; n++) for (let k = 0; k < count; k++) counts[k]! += weighted(n, k)
      return pipe(
        steps.maximize(gather(count, weighted)),
        E.map(components => ({ components, counts })),
      )
    }

    const fromLabels = (labels: ArrayLike<number>) => fromResponsibilities((n, k) => (labels[n] === k ? 1 : 0))

    /** Responsibilities of the rows that count, from groups that no user has vouched for. */
    const fromClusters = ({ numberOf }: Counted, clusters: Int32Array) => {
      const labels = new Int32Array(rows.rows).fill(-1)
      for (let i = 0; i < clusters.length; i++) labels[numberOf(i)] = clusters[i]!
      const hard = isBare ? undefined : fromLabels(labels)
      return hard && E.isRight(hard) && !reachesBoundary(steps.densities(hard.right.components))
        ? hard
        : fromResponsibilities(softened(labels, count, rowWeights))
    }

    /** Components about some of the rows that count, by their places among those; rows say nothing of how many there are. */
    const aboutRows = (counted: Counted, places: ReadonlyArray<number>): E.Either<FitError, Started<P>> => {
      if (componentAt) return E.right({ components: places.map(i => componentAt(row(i)(counted.rows))) })
      const near = inRange(counted.rows)
      const centres = places.map(i => row(i)(near))
      const clusters = nearest(near.rows, centres, distanceIn(near, features, counted.weights))
      return pipe(
        fromClusters(counted, clusters),
        E.map(({ components }) => ({ components })),
      )
    }

    switch (start._tag) {
      case 'rows':
        return pipe(
          givenRows(start.indices, count, rows.rows, rowWeights),
          E.chain(indices => {
            const counted = countedOf(rows, rowWeights)
            return aboutRows(counted, indices.map(counted.placeOf))
          }),
        )
      case 'labels':
        return pipe(
          checkLabels(start.labels, rows.rows, count),
          E.chain(labels => fromLabels(labels)),
        )
      case 'responsibilities': {
        const { responsibilities: q } = start
        return q.rows === rows.rows && q.columns === count
          ? fromResponsibilities((n, k) => q.data[n * count + k]!)
          : invalid('starting responsibilities', `${rows.rows} x ${count} of them`, `${q.rows} x ${q.columns}`)
      }
    }
    const counted = countedOf(rows, rowWeights)
    if (counted.rows.rows === 0) return E.left({ _tag: 'NoRows', ...(rows.rows > 0 && { ofWeightZero: rows.rows }) })
    switch (start._tag) {
      case 'random-rows':
        return aboutRows(
          counted,
          Array.from({ length: count }, () => random.integer(counted.rows.rows)),
        )
      case 'distinct-rows':
        return pipe(
          drawDistinct(count, counted.rows, random),
          E.chain(places => aboutRows(counted, places)),
        )
      case 'k-means': {
        const { seeds, clusters } = kMeans(counted.rows, count, features, random, counted.weights)
        return seeds === count
          ? fromClusters(counted, clusters)
          : E.left({ _tag: 'TooFewDistinctRows', distinct: seeds, components: count })
      }
    }
  }
