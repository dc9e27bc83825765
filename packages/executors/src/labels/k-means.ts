import type { ClusterableRows, Clusters } from '../contract/clusters.js'
import { drawnAt, uniformAt } from '../contract/uniform.js'
import { centresOfColumn } from './one-column.js'
import { largerSample, SAMPLE, type Sample, smallSample, totalOf } from './samples.js'

const LLOYD_ROUNDS = 20

/** The same of a sample that takes as long as three of all rows. */
const ROUNDS_OF_SAMPLE = 50

/** After a sample: the clusters of all rows are no other start where a move of the centres brings rows nearer to them by less. */
const LEAST_GAIN = 2 ** -14

/** Beginnings of which the best is taken: one in five ends in a poor place on the irises. */
const TRIES = 10

/** The same of vectors that are compared as they are, and the rows of which each place of a beginning takes the best. */
const [TRIES_OF_VECTORS, CANDIDATES] = [3, 10]

/** Rows that are told apart by squared distances, and what an executor does with them; `C` is what tells centres. */
export interface Points<C = Float64Array> {
  readonly rows: number
  /** The weights of rows, where they do not all count once. */
  readonly weights: Float64Array | undefined
  /** Lowers N squared distances to those from a row, for each of some rows and as many lists of distances. */
  readonly lower: (places: ReadonlyArray<number>, distances: ReadonlyArray<Float64Array>) => void
  /** Rows at these places as centres. */
  readonly rowsAt: (places: ArrayLike<number>) => C
  /**
   * The clusters of Lloyd's algorithm from given centres, after so many rounds at most: until fewer than one row in a thousand changes,
   * or, where `least` is told, a move of the centres lowers the squared distances of their rows by less, summed up.
   */
  readonly cluster: (centres: C, rounds: number, least?: number) => Int32Array
  /** The means of the clusters that were found last, and the squared distances of rows from them, summed up. */
  readonly means: () => { readonly centres: C; readonly spread: number }
}

/** Writes by how much rows may be drawn, and tells the most. */
const weigh = (distances: Float64Array, weights: Float64Array | undefined, masses: Float64Array): number => {
  let most = 0
  for (let n = 0; n < distances.length; n++) {
    masses[n] = weights === undefined ? distances[n]! : distances[n]! * weights[n]!
    if (masses[n]! > most) most = masses[n]!
  }
  return most
}

/**
 * Rows far from each other, as often as wanted: each is drawn with a probability in proportion to its squared distance from the nearest
 * one so far, by the next of so many uniform numbers. Fewer than wanted where there are not as many different rows.
 */
const spreadRows = (
  { rows, weights, lower }: Pick<Points, 'rows' | 'weights' | 'lower'>,
  count: number,
  times: number,
  uniform: () => number,
): ReadonlyArray<ReadonlyArray<number>> => {
  const uniforms = Float64Array.from({ length: times * count }, uniform)
  const masses = new Float64Array(rows)
  const chosen: number[][] = Array.from({ length: times }, () => [])
  // The first is any row.
  const far = chosen.map(() => new Float64Array(rows).fill(1))
  for (let i = 0; i < count; i++) {
    const last: number[] = []
    for (let t = 0; t < times; t++) {
      if (weigh(far[t]!, weights, masses) === 0) return chosen
      last.push(drawnAt(masses, 0, rows, uniforms[t * count + i]!))
      chosen[t]!.push(last[t]!)
      if (i === 0) far[t]!.fill(Number.POSITIVE_INFINITY)
    }
    if (i + 1 < count) lower(last, far)
  }
  return chosen
}

/**
 * Rows far from each other, each the one of some candidates, drawn as there, that leaves all rows nearest to one that has been taken.
 * Where all distances are much the same, as between documents, a draw alone hardly tells where no row has been taken yet. Fewer than
 * wanted where there are not as many different rows.
 */
const greedyRows = (
  { rows, weights, lower }: Pick<Points, 'rows' | 'weights' | 'lower'>,
  count: number,
  uniform: () => number,
): ReadonlyArray<number> => {
  const masses = new Float64Array(rows)
  const chosen: number[] = []
  let far = new Float64Array(rows).fill(1)
  const left = Array.from({ length: CANDIDATES }, () => new Float64Array(rows))
  while (chosen.length < count && weigh(far, weights, masses) > 0) {
    // The first is any row.
    const isFirst = chosen.length === 0
    if (isFirst) far.fill(Number.POSITIVE_INFINITY)
    const drawn = Array.from({ length: isFirst ? 1 : CANDIDATES }, () => drawnAt(masses, 0, rows, uniform()))
    for (let i = 0; i < drawn.length; i++) left[i]!.set(far)
    lower(drawn, left.slice(0, drawn.length))
    let [best, least] = [0, Number.POSITIVE_INFINITY]
    for (let i = 0; i < drawn.length; i++) {
      weigh(left[i]!, weights, masses)
      let sum = 0
      for (let n = 0; n < rows; n++) sum += masses[n]!
      if (sum < least) [best, least] = [i, sum]
    }
    chosen.push(drawn[best]!)
    ;[far, left[best]] = [left[best]!, far]
  }
  return chosen
}

interface Beginning<C> extends Clusters {
  readonly centres: C
  readonly spread: number
}

/** The beginning whose clusters are closest together, or `undefined` where there are fewer different rows than clusters. */
const bestBeginning = <C>(
  points: Points<C>,
  all: ReadonlyArray<ReadonlyArray<number>>,
  count: number,
): Beginning<C> | undefined => {
  let best: Beginning<C> | undefined
  for (const seeds of all) {
    if (seeds.length < count) break
    const clusters = points.cluster(points.rowsAt(seeds), LLOYD_ROUNDS)
    const { centres, spread } = points.means()
    // By more than rounding: the first of several that end in the same clusters is the best everywhere.
    if (best === undefined || spread < (1 - 1e-9) * best.spread) best = { seeds, clusters, centres, spread }
  }
  return best
}

/** Another beginning than the closest one, or the same. */
type Better<C> = (points: Points<C>, closest: Beginning<C>) => Beginning<C>

/** The same beginning, or one by a single of so many columns, where that explains the points better. */
export const byColumn =
  (features: number): Better<Float64Array> =>
  (points, closest) => {
    if (features < 2) return closest
    const { seeds, centres } = closest
    const width = centres.length / seeds.length
    const data = points.rowsAt(Array.from({ length: points.rows }, (_, n) => n))
    const found = centresOfColumn({ data, width, features, weights: points.weights }, closest)
    if (found === undefined) return closest
    const clusters = points.cluster(found, 0)
    return { ...closest, seeds: seeds.map((_, k) => clusters.indexOf(k)), clusters, centres: found }
  }

/** Clusters of points, of which there is one sample at a time; `isOfVectors` tells that they are compared as they are. */
export const clusterable = <C>(
  points: Points<C>,
  pointsIn: (sample: Sample) => Points<C>,
  count: number,
  isOfVectors: boolean,
  better: Better<C> = (_, closest) => closest,
): ClusterableRows => ({
  nearestTo: places => points.cluster(points.rowsAt(places), 0),
  kMeans: seed => {
    let drawn = 0
    const uniform = (): number => uniformAt(seed, drawn++)
    const sample = points.rows <= SAMPLE ? undefined : smallSample(points, uniform)
    const tried = sample ? pointsIn(sample) : points
    const beginnings = isOfVectors
      ? Array.from({ length: TRIES_OF_VECTORS }, () => greedyRows(tried, count, uniform))
      : spreadRows(tried, count, TRIES, uniform)
    const closest = bestBeginning(tried, beginnings, count)
    const best = closest && better(tried, closest)
    if (best && !sample) return best
    if (best && sample) {
      const seeds = best.seeds.map(i => sample.places[i]!)
      // Other columns would draw centres of a single one away from it.
      if (best !== closest) return { seeds, clusters: points.cluster(best.centres, 0) }
      const more = largerSample(points, uniform)
      if (!more) return { seeds, clusters: points.cluster(best.centres, LLOYD_ROUNDS) }
      const larger = pointsIn(more)
      larger.cluster(best.centres, ROUNDS_OF_SAMPLE)
      const { centres, spread } = larger.means()
      const least = (LEAST_GAIN * spread * totalOf(points)) / totalOf(larger)
      return { seeds, clusters: points.cluster(centres, LLOYD_ROUNDS, least) }
    }
    // A sample may have fewer different rows than there are.
    const seeds = spreadRows(points, count, 1, uniform)[0]!
    const clusters = seeds.length < count ? new Int32Array(0) : points.cluster(points.rowsAt(seeds), LLOYD_ROUNDS)
    return { seeds, clusters }
  },
})
