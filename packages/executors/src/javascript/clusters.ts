import type { Matrix } from '@conjugate/linalg'
import type { ClusterableRows, ClusterOptions } from '../contract/clusters.js'
import { byColumn, clusterable, type Points } from '../labels/k-means.js'
import { copyRows } from '../labels/samples.js'
import { standardise, writeOthers } from '../labels/standardise.js'

const distance = (data: Float64Array, n: number, centres: Float64Array, k: number, width: number): number => {
  let sum = 0
  for (let i = n * width, j = k * width, end = i + width; i < end; i++, j++) sum += (data[i]! - centres[j]!) ** 2
  return sum
}

/** Writes the number of the nearest centre of each row, the first one on ties, and tells how many are others than before. */
const assign = (data: Float64Array, centres: Float64Array, width: number, clusters: Int32Array): number => {
  const count = centres.length / width
  let changes = 0
  for (let n = 0; n < clusters.length; n++) {
    let [best, least] = [0, Number.POSITIVE_INFINITY]
    for (let k = 0; k < count; k++) {
      const d = distance(data, n, centres, k, width)
      if (d < least) [best, least] = [k, d]
    }
    if (best !== clusters[n]) changes++
    clusters[n] = best
  }
  return changes
}

/**
 * Moves centres to the means of their rows; those of no row stay. Returns by how much that has lowered the squared distances from
 * them, summed up.
 */
const move = (
  data: Float64Array,
  weights: Float64Array | undefined,
  clusters: Int32Array,
  centres: Float64Array,
  width: number,
): number => {
  const totals = new Float64Array(centres.length / width)
  const sums = new Float64Array(centres.length)
  for (let n = 0; n < clusters.length; n++) {
    const [k, w] = [clusters[n]!, weights === undefined ? 1 : weights[n]!]
    totals[k]! += w
    for (let i = n * width, j = k * width, end = i + width; i < end; i++, j++) sums[j]! += w * data[i]!
  }
  let gained = 0
  for (let k = 0; k < totals.length; k++)
    if (totals[k]! > 0)
      for (let j = k * width, end = j + width; j < end; j++) {
        const mean = sums[j]! / totals[k]!
        gained += totals[k]! * (mean - centres[j]!) ** 2
        centres[j] = mean
      }
  return gained
}

const pointsOf = (data: Float64Array, width: number, weights: Float64Array | undefined): Points => {
  const rows = data.length / width
  let clusters: Int32Array = new Int32Array(0)
  let centres: Float64Array = new Float64Array(0)
  return {
    rows,
    weights,
    lower: (places, distances) => {
      for (const [i, place] of places.entries()) {
        const far = distances[i]!
        for (let n = 0; n < rows; n++) far[n] = Math.min(far[n]!, distance(data, n, data, place, width))
      }
    },
    rowsAt: places => copyRows(data, width, places, new Float64Array(places.length * width)),
    cluster: (first, rounds, least = 0) => {
      centres = first.slice()
      clusters = new Int32Array(rows)
      assign(data, centres, width, clusters)
      // One row in a thousand makes no other start.
      const few = rows >> 10
      for (let round = 0; round < rounds; round++) {
        const gained = move(data, weights, clusters, centres, width)
        const changes = assign(data, centres, width, clusters)
        if (least > 0 ? gained < least : changes <= few) break
      }
      return clusters
    },
    means: () => {
      move(data, weights, clusters, centres, width)
      let spread = 0
      for (let n = 0; n < rows; n++)
        spread += (weights === undefined ? 1 : weights[n]!) * distance(data, n, centres, clusters[n]!, width)
      return { spread, centres }
    },
  }
}

/** Rows that can be clustered in plain JavaScript, in the calling thread. */
export const clustersInJavaScript = (
  rows: Matrix,
  { count, features = rows.columns, ownUnits = features, rowWeights }: ClusterOptions,
): ClusterableRows => {
  const data = new Float64Array(rows.rows * features)
  const weights = standardise(rows, ownUnits, rowWeights, data, features)
  writeOthers(rows, ownUnits, features, data, features)
  return clusterable(
    pointsOf(data, features, weights),
    sample =>
      pointsOf(
        copyRows(data, features, sample.places, new Float64Array(sample.places.length * features)),
        features,
        sample.weights,
      ),
    count,
    ownUnits < features,
    ownUnits < features ? undefined : byColumn(features),
  )
}
