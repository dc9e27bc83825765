import type { Random } from '@conjugate/distributions'
import { checkArgument } from '@conjugate/em'
import type { Densities } from '@conjugate/executors'
import { inWords, type Matrix, row, type Vector } from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { tried } from '../checks/functions.js'
import { checkMixture } from '../checks/model.js'
import { startOf } from '../checks/start.js'
import { dual, type Given } from '../door/dual.js'
import type { FitError } from '../errors.js'
import type { Started } from '../model/component-model.js'
import { checkLabels } from '../model/evidence.js'
import type { RowStart } from '../model/row-start.js'
import type { Start } from '../model/start.js'
import { forRows } from './from-data.js'
import { kMeans } from './k-means.js'
import { componentCount, type Encoded, type Mixture, type MixtureParameters } from './mixture.js'
import { completed, distanceIn, inRange, nearest } from './nearest.js'
import { countedRows, rowsAt } from './parts.js'
import { reachesBoundary, softened } from './soft-groups.js'
import type { AMixture, AnyMixture, ComponentOf, SourceOf, WeightsOf } from './types.js'

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

type Sides<P, S, D extends Densities> = Pick<Mixture<never, unknown, P, S, D, never>, 'weights' | 'steps' | 'noise'>

/** Components to start from, of observations that have been encoded, in the coordinates of the observations. */
export const startedOf =
  <P, S, D extends Densities>(
    start: RowStart,
    { rows: all, features = all.columns, around, gather, isBare }: Encoded<P, S, D>,
    random: Random,
    rowWeights?: Vector,
  ) =>
  (mixture: Sides<P, S, D>): E.Either<FitError, Started<P>> => {
    const rows = completed(all, rowWeights)
    const count = componentCount(mixture)

    const fromResponsibilities = (q: (n: number, k: number) => number): E.Either<FitError, Required<Started<P>>> => {
      const weighted = (n: number, k: number): number => (rowWeights?.[n] ?? 1) * q(n, k)
      const counts = new Float64Array(mixture.weights.count)
      for (let n = 0; n < rows.rows; n++) for (let k = 0; k < count; k++) counts[k]! += weighted(n, k)
      return pipe(
        mixture.steps.maximize(gather(count, weighted)),
        E.map(components => ({ components, counts })),
      )
    }

    const fromLabels = (labels: ArrayLike<number>) => fromResponsibilities((n, k) => (labels[n] === k ? 1 : 0))

    /** Responsibilities of the rows that count, from groups that no user has vouched for. */
    const fromClusters = ({ numberOf }: Counted, clusters: Int32Array) => {
      const labels = new Int32Array(rows.rows).fill(-1)
      for (let i = 0; i < clusters.length; i++) labels[numberOf(i)] = clusters[i]!
      const hard = isBare ? undefined : fromLabels(labels)
      return hard && E.isRight(hard) && !reachesBoundary(mixture.steps.densities(hard.right.components))
        ? hard
        : fromResponsibilities(softened(labels, count, rowWeights))
    }

    /** Components about some of the rows that count, by their places among those; rows say nothing of how many there are. */
    const aboutRows = (counted: Counted, places: ReadonlyArray<number>): E.Either<FitError, Started<P>> => {
      if (around) return E.right({ components: places.map(i => around(row(i)(counted.rows))) })
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

/** The parameters that a mixture starts from, of observations that have been encoded. */
const initialOf =
  <P, S, D extends Densities, W>(
    start: Start<MixtureParameters<P, W>> | MixtureParameters<P, W>,
    encoded: Encoded<P, S, D>,
    random: Random,
  ) =>
  (
    mixture: Pick<Mixture<never, unknown, P, S, D, W>, 'weights' | 'steps' | 'noise'>,
  ): E.Either<FitError, MixtureParameters<P, W>> =>
    !('_tag' in start) || start._tag === 'parameters'
      ? E.right('_tag' in start ? start.parameters : start)
      : pipe(
          startedOf<P, S, D>(start, encoded, random)(mixture as unknown as Sides<P, S, D>),
          E.bindTo('found'),
          E.bindW('weights', ({ found: { counts } }) =>
            counts ? mixture.weights.maximize(counts) : E.right(mixture.weights.initial),
          ),
          E.map(({ found: { components }, weights }) => ({ weights, components })),
        )

/** Where a mixture may start. */
type StartOf<M> =
  | Start<MixtureParameters<ComponentOf<M>, WeightsOf<M>>>
  | MixtureParameters<ComponentOf<M>, WeightsOf<M>>

/**
 * The parameters that EM starts from. Errors: there are no observations to draw from, or fewer different ones than components;
 * an index or a label is out of range; an M-step has no mode.
 */
export const initialParameters: {
  <M extends AMixture>(
    data: NoInfer<SourceOf<M>>,
    start: NoInfer<StartOf<M>>,
    random: Random,
  ): (model: Given<M>) => E.Either<FitError, MixtureParameters<ComponentOf<M>, WeightsOf<M>>>
  <M extends AMixture>(
    model: Given<M>,
    data: SourceOf<M>,
    start: StartOf<M>,
    random: Random,
  ): E.Either<FitError, MixtureParameters<ComponentOf<M>, WeightsOf<M>>>
} = dual((given: Given<AnyMixture>, source: never, start: Start<MixtureParameters<never>>, random: Random) =>
  tried(() =>
    pipe(
      checkMixture(given),
      E.chain(model => forRows(model, source)),
      E.chain(({ mixture, source: read }) =>
        pipe(
          checkArgument('start', startOf(mixture))(start),
          E.chainW(() => mixture.encode(read)),
          E.chain(encoded => initialOf<never, never, Densities, Vector>(start, encoded, random)(mixture)),
        ),
      ),
    ),
  ),
) as never
