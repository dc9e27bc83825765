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
import { forRows } from './from-data.js'
import { kMeans } from './k-means.js'
import { checkLabels } from './labels.js'
import { componentCount, type Encoded, type Mixture, type MixtureParameters } from './mixture.js'
import { completed, distanceIn, inRange, nearest } from './nearest.js'
import { countedRows, rowsAt } from './parts.js'
import { reachesBoundary, softened } from './soft-groups.js'
import type { AMixture, AnyMixture, ComponentOf, SourceOf, WeightsOf } from './types.js'

/**
 * Where EM starts. A mixture whose prior says how wide a component is (a normal-inverse-Wishart) starts about rows: with the
 * weights' prior mean, covariances Sigma_0 and the rows as means. Any other starts with an M-step from the nearest rows of
 * each, in units of the columns' standard deviations. Where that gives probabilities or rates of exactly 0, which EM never
 * leaves, or no component at all, and always by maximum likelihood, nine tenths of a row count for its own group and the rest
 * for all of them.
 * - `distinct-rows`: rows of different values, drawn at random; two equal components would stay equal for ever.
 * - `random-rows`: rows drawn with replacement.
 * - `rows`: the rows of these K indices.
 * - `k-means`: an M-step from the clusters of Lloyd's algorithm that starts at rows far from each other (k-means++); hard or
 *   soft ones as above.
 * - `labels`: an M-step from given components of the rows, taken as they are; -1 where none is known.
 * - `responsibilities`: an M-step from an N x K matrix of nonnegative numbers, what each row counts for each component.
 * - `parameters`: all given.
 */
export type Start<P, W = Vector> =
  | { readonly _tag: 'distinct-rows' }
  | { readonly _tag: 'random-rows' }
  | { readonly _tag: 'rows'; readonly indices: ReadonlyArray<number> }
  | { readonly _tag: 'k-means' }
  | { readonly _tag: 'labels'; readonly labels: ArrayLike<number> }
  | { readonly _tag: 'responsibilities'; readonly responsibilities: Matrix }
  | { readonly _tag: 'parameters'; readonly parameters: MixtureParameters<P, W> }

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

type Sides<P, S, D extends Densities, W> = Pick<Mixture<never, unknown, P, S, D, W>, 'weights' | 'steps' | 'noise'>

/** The initial parameters of observations that have been encoded. */
export const initialOf =
  <P, S, D extends Densities, W>(
    start: Start<P, W>,
    { rows: all, features = all.columns, around, gather, isBare }: Encoded<P, S, D>,
    random: Random,
    rowWeights?: Vector,
  ) =>
  (mixture: Sides<P, S, D, W>): E.Either<FitError, MixtureParameters<P, W>> => {
    const rows = completed(all, rowWeights)
    const count = componentCount(mixture)
    const total = mixture.weights.count

    const fromResponsibilities = (
      q: (n: number, k: number) => number,
      weights?: W,
    ): E.Either<FitError, MixtureParameters<P, W>> => {
      const weighted = (n: number, k: number): number => (rowWeights?.[n] ?? 1) * q(n, k)
      const counts = new Float64Array(total)
      for (let n = 0; n < rows.rows; n++) for (let k = 0; k < count; k++) counts[k]! += weighted(n, k)
      const found = weights === undefined ? mixture.weights.maximize(counts) : E.right(weights)
      if (E.isLeft(found)) return found
      return pipe(
        mixture.steps.maximize(gather(count, weighted)),
        E.map(components => ({ weights: found.right, components })),
      )
    }

    const fromLabels = (labels: ArrayLike<number>, weights?: W) =>
      fromResponsibilities((n, k) => (labels[n] === k ? 1 : 0), weights)

    /** Responsibilities of the rows that count, from groups that no user has vouched for. */
    const fromClusters = ({ numberOf }: Counted, clusters: Int32Array, weights?: W) => {
      const labels = new Int32Array(rows.rows).fill(-1)
      for (let i = 0; i < clusters.length; i++) labels[numberOf(i)] = clusters[i]!
      const hard = isBare ? undefined : fromLabels(labels, weights)
      return hard && E.isRight(hard) && !reachesBoundary(mixture.steps.densities(hard.right.components))
        ? hard
        : fromResponsibilities(softened(labels, count, rowWeights), weights)
    }

    /** Components about some of the rows that count, by their places among those. */
    const aboutRows = (
      counted: Counted,
      places: ReadonlyArray<number>,
    ): E.Either<FitError, MixtureParameters<P, W>> => {
      if (around)
        return E.right({
          weights: mixture.weights.initial,
          components: places.map(i => around(row(i)(counted.rows))),
        })
      const near = inRange(counted.rows)
      const centres = places.map(i => row(i)(near))
      const clusters = nearest(near.rows, centres, distanceIn(near, features, counted.weights))
      return fromClusters(counted, clusters, mixture.weights.initial)
    }

    switch (start._tag) {
      case 'parameters': {
        const given = start.parameters.components.length
        return given === count
          ? E.right(start.parameters)
          : invalid('starting parameters', `${count} components`, given)
      }
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

/**
 * The parameters that EM starts from. Errors: there are no observations to draw from, or fewer different ones than components;
 * an index or a label is out of range; an M-step has no mode.
 */
export const initialParameters: {
  <M extends AMixture>(
    data: NoInfer<SourceOf<M>>,
    start: NoInfer<Start<ComponentOf<M>, WeightsOf<M>>>,
    random: Random,
  ): (model: Given<M>) => E.Either<FitError, MixtureParameters<ComponentOf<M>, WeightsOf<M>>>
  <M extends AMixture>(
    model: Given<M>,
    data: SourceOf<M>,
    start: Start<ComponentOf<M>, WeightsOf<M>>,
    random: Random,
  ): E.Either<FitError, MixtureParameters<ComponentOf<M>, WeightsOf<M>>>
} = dual((given: Given<AnyMixture>, source: never, start: Start<never>, random: Random) =>
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
