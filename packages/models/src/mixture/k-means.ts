import type { Random } from '@conjugate/distributions'
import type { Matrix, Vector } from '@conjugate/linalg'
import { cluster, distanceIn, inRange, spreadRows } from './nearest.js'
import { rowsAt } from './parts.js'

const LLOYD_ROUNDS = 20

/** Beginnings of which the best is taken: one in five ends in a poor place on the irises. */
const TRIES = 10

/** Rows that beginnings are tried on, of as many as there are. */
const SAMPLE = 2 ** 11

/** The squared distances of rows from the means of their clusters, summed up. */
const spreadOf = (
  rows: Matrix,
  clusters: Int32Array,
  count: number,
  distance: ReturnType<typeof distanceIn>,
  rowWeights: Vector | undefined,
): number => {
  const { columns, data } = rows
  const weights = new Float64Array(count)
  const means = Array.from({ length: count }, () => new Float64Array(columns))
  for (let n = 0; n < rows.rows; n++) {
    const [w, mean] = [rowWeights?.[n] ?? 1, means[clusters[n]!]!]
    weights[clusters[n]!]! += w
    const share = weights[clusters[n]!]! > 0 ? w / weights[clusters[n]!]! : 0
    for (let i = 0; i < columns; i++) mean[i]! += share * (data[n * columns + i]! - mean[i]!)
  }
  let sum = 0
  for (let n = 0; n < rows.rows; n++) sum += (rowWeights?.[n] ?? 1) * distance(n, means[clusters[n]!]!)
  return sum
}

/** The rows of the sample as they are, and where each stands among all. */
const sampleOf = (rows: Matrix, random: Random): { readonly rows: Matrix; readonly places: Int32Array | undefined } => {
  if (rows.rows <= SAMPLE) return { rows, places: undefined }
  const places = Int32Array.from({ length: SAMPLE }, () => random.integer(rows.rows))
  return { rows: rowsAt(rows, places), places }
}

/**
 * Rows in K clusters by Lloyd's algorithm, in units of the standard deviations of the columns; it begins ten times at rows far from each other (k-means++), on 2048 rows where there are more, and goes on
 * with the beginning whose clusters are closest together. Fewer than K seeds where there are not as many different rows.
 * Source: Arthur and Vassilvitskii, k-means++: the advantages of careful seeding (2007).
 */
export const kMeans = (
  given: Matrix,
  count: number,
  features: number,
  random: Random,
  rowWeights: Vector | undefined,
): { readonly seeds: number; readonly clusters: Int32Array } => {
  const all = inRange(given)
  const distance = distanceIn(all, features, rowWeights)
  const { rows, places } = sampleOf(all, random)
  const weights = places && rowWeights ? Float64Array.from(places, n => rowWeights[n]!) : rowWeights
  const near: typeof distance = places ? (i, centre) => distance(places[i]!, centre) : distance
  let best:
    | { readonly seeds: ReadonlyArray<number>; readonly clusters: Int32Array; readonly spread: number }
    | undefined
  for (let i = 0; i < TRIES; i++) {
    const seeds = spreadRows(count, rows, near, random, weights)
    if (seeds.length < count) break
    const clusters = cluster(rows, seeds, near, LLOYD_ROUNDS, weights)
    const spread = spreadOf(rows, clusters, count, near, weights)
    if (best === undefined || spread < best.spread) best = { seeds, clusters, spread }
  }
  if (best && places === undefined) return { seeds: count, clusters: best.clusters }
  const seeds = best ? best.seeds.map(i => places![i]!) : spreadRows(count, all, distance, random, rowWeights)
  return {
    seeds: seeds.length,
    clusters: seeds.length < count ? new Int32Array(0) : cluster(all, seeds, distance, LLOYD_ROUNDS, rowWeights),
  }
}
