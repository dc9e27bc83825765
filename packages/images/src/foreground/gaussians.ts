import {
  type GaussianStatistics,
  type InvalidParameter,
  type MultivariateNormal,
  multivariateNormal,
  normalInverseWishart,
  normalInverseWishartPrior,
} from '@conjugate/distributions'
import type { Coordinates } from '@conjugate/em'
import type { Executor, LoadedRows, QuadraticDensities } from '@conjugate/executors'
import { LOG_2PI, logDeterminant, writeInverseOfLower } from '@conjugate/linalg'
import type { FitError, StepError } from '@conjugate/models'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { Learnt } from './learnt.js'
import { type CountedRows, priorFor } from './prior.js'
import { ofLabel } from './tally.js'

/** The sums that an M-step needs: N_k of L K Gaussians, and the statistics of each. */
export interface Sums {
  readonly counts: Float64Array
  readonly statistics: ReadonlyArray<GaussianStatistics>
}

/** The Gaussians of all labels on the colours of a picture, which are on an executor. */
export interface Gaussians {
  /** The log densities of U colours under each of L labels, U x L, in nats. */
  readonly labelLogs: (learnt: Learnt) => TE.TaskEither<StepError, Float64Array>
  /** The E-step of all mixtures, given how often each label has each colour, U x L. */
  readonly expectation: (learnt: Learnt, tally: Float64Array) => TE.TaskEither<StepError, Sums>
  /** The mode of the posterior of each Gaussian. */
  readonly maximize: (
    statistics: ReadonlyArray<GaussianStatistics>,
  ) => E.Either<InvalidParameter, ReadonlyArray<MultivariateNormal>>
  readonly logPrior: (components: ReadonlyArray<MultivariateNormal>) => number
  readonly coordinates: Coordinates<ReadonlyArray<MultivariateNormal>>
  /** The spacing of the executor's numbers at 1 where that is wider than that of float64, else 0. */
  readonly spacing: number
  readonly dispose: () => void
}

/** The weighted densities of one label as an executor takes them. */
const densitiesOf = ({ weights, components }: Learnt, label: number, count: number): QuadraticDensities => {
  const columns = components[0]!.mean.length
  const densities: QuadraticDensities = {
    _tag: 'Quadratic',
    components: count,
    columns,
    mean: new Float64Array(count * columns),
    whitening: new Float64Array(count * columns * columns),
    logConstant: new Float64Array(count),
  }
  for (let k = 0; k < count; k++) {
    const { mean, cholesky } = components[label * count + k]!
    densities.mean.set(mean, k * columns)
    writeInverseOfLower(cholesky, densities.whitening, k * columns * columns, 1)
    densities.logConstant[k] =
      Math.log(weights[label * count + k]!) - 0.5 * (columns * LOG_2PI + logDeterminant(cholesky))
  }
  return densities
}

/** Sums about the means that Gaussians had, as statistics about their own. */
const statisticsOf = (
  { components, columns, mean }: QuadraticDensities,
  { weight, sum, outer }: { readonly weight: Float64Array; readonly sum: Float64Array; readonly outer: Float64Array },
): ReadonlyArray<GaussianStatistics> =>
  Array.from({ length: components }, (_, k) => {
    const total = weight[k]!
    const shift = Float64Array.from({ length: columns }, (_i, i) => (total > 0 ? sum[k * columns + i]! / total : 0))
    return {
      weight: total,
      mean: shift.map((s, i) => s + mean[k * columns + i]!),
      scatter: {
        rows: columns,
        columns,
        data: Float64Array.from(
          { length: columns * columns },
          (_e, e) => outer[k * columns * columns + e]! - total * shift[Math.floor(e / columns)]! * shift[e % columns]!,
        ),
      },
    }
  })

/** Means, and Cholesky factors with logarithms of their diagonals, end to end: all of it is unconstrained. */
const coordinatesFor = (count: number, d: number): Gaussians['coordinates'] => {
  const size = d + (d * (d + 1)) / 2
  return {
    toVector: components => {
      const vector = new Float64Array(count * size)
      for (const [k, { mean, cholesky }] of components.entries()) {
        vector.set(mean, k * size)
        for (let i = 0, at = k * size + d; i < d; i++)
          for (let j = 0; j <= i; j++, at++)
            vector[at] = i === j ? Math.log(cholesky.data[i * d + i]!) : cholesky.data[i * d + j]!
      }
      return vector
    },
    fromVector: vector =>
      pipe(
        Array.from({ length: count }, (_, k) => k * size),
        E.traverseArray(from => {
          const factor = new Float64Array(d * d)
          for (let i = 0, at = from + d; i < d; i++)
            for (let j = 0; j <= i; j++, at++) factor[i * d + j] = i === j ? Math.exp(vector[at]!) : vector[at]!
          const covariance = Array.from({ length: d }, (_r, i) =>
            Array.from({ length: d }, (_c, j) => {
              let entry = 0
              for (let l = 0; l <= Math.min(i, j); l++) entry += factor[i * d + l]! * factor[j * d + l]!
              return entry
            }),
          )
          return multivariateNormal.make({ mean: vector.slice(from, from + d), covariance })
        }),
      ),
  }
}

/** L labels, with K Gaussians each. */
export interface Counts {
  readonly labels: number
  readonly components: number
}

/** Brings colours to an executor, where they stay until the Gaussians are disposed of. */
export const loadGaussians = (
  executor: Executor,
  colours: CountedRows,
  counts: Counts,
): TE.TaskEither<FitError, Gaussians> =>
  pipe(
    TE.fromEither(normalInverseWishart.make(priorFor(colours, Math.max(counts.components, counts.labels)))),
    TE.bindTo('prior'),
    TE.bindW('rows', () => executor.load(colours)),
    TE.map(({ prior, rows }) => gaussiansOn(rows, prior, counts, executor.relativeRounding ?? 0)),
  )

const gaussiansOn = (
  rows: LoadedRows,
  prior: Parameters<typeof normalInverseWishart.logProb>[0],
  { labels, components: count }: Counts,
  spacing: number,
): Gaussians => ({
  spacing,
  labelLogs: learnt => async () => {
    const all = new Float64Array(labels * rows.rows)
    for (let label = 0; label < labels; label++) {
      const found = await rows.logProb(densitiesOf(learnt, label, count))()
      if (E.isLeft(found)) return found
      const logs = found.right
      for (let u = 0; u < logs.length; u++) all[labels * u + label] = logs[u]!
    }
    return E.right(all)
  },
  expectation: (learnt, tally) => async () => {
    const counts = new Float64Array(labels * count)
    const statistics: GaussianStatistics[] = []
    // One array for all labels, each of which is read before the next.
    const rowWeights = new Float64Array(rows.rows)
    for (let label = 0; label < labels; label++) {
      const densities = densitiesOf(learnt, label, count)
      const found = await rows.expectation(densities, { rowWeights: ofLabel(tally, label, labels, rowWeights) })()
      if (E.isLeft(found)) return found
      counts.set(found.right.statistics.weight, label * count)
      statistics.push(...statisticsOf(densities, found.right.statistics))
    }
    return E.right({ counts, statistics })
  },
  maximize: E.traverseArray(s =>
    pipe(normalInverseWishartPrior.update(s)(prior), E.chain(normalInverseWishartPrior.jointMode)),
  ),
  logPrior: components => components.reduce((sum, c) => sum + normalInverseWishart.logProb(prior)(c), 0),
  coordinates: coordinatesFor(labels * count, rows.columns),
  dispose: rows.dispose,
})
