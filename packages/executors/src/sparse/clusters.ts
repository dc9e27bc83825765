import type { ClusterableRows, ClusterOptions } from '../contract/clusters.js'
import { clusterable, type Points } from '../labels/k-means.js'
import { relative } from '../labels/standardise.js'
import { type Compared, type Lloyd, lloydOf, type Means } from './lloyd.js'
import { BLOCK, type HeldRows, type SparseMatrix } from './rows.js'
import { scalesOf } from './scales.js'

/** The squared distance of two rows, whose numbers ascend by their columns: exactly 0 where they are equal. */
const between = ({ indptr, indices, values }: SparseMatrix, scales: Float64Array, a: number, b: number): number => {
  let [i, j, sum] = [indptr[a]!, indptr[b]!, 0]
  const [endOfA, endOfB] = [indptr[a + 1]!, indptr[b + 1]!]
  while (i < endOfA || j < endOfB) {
    const [column, other] = [
      i < endOfA ? indices[i]! : Number.POSITIVE_INFINITY,
      j < endOfB ? indices[j]! : Number.POSITIVE_INFINITY,
    ]
    const scale = scales[Math.min(column, other)]!
    const difference = (column <= other ? values[i++]! * scale : 0) - (other <= column ? values[j++]! * scale : 0)
    sum += difference * difference
  }
  return sum
}

/** Of squared distances that come from inner products: what may be nothing but their rounding. */
const ROUNDING = 1e-9

const normsOf = ({ rows, indptr, indices, values }: SparseMatrix, scales: Float64Array): Float64Array => {
  const norms = new Float64Array(rows)
  for (let n = 0; n < rows; n++) {
    let sum = 0
    for (let i = indptr[n]!, end = indptr[n + 1]!; i < end; i++) {
      const scaled = values[i]! * scales[indices[i]!]!
      sum += scaled * scaled
    }
    norms[n] = sum
  }
  return norms
}

/** Lowers squared distances to those from one of the rows, for each of some. */
const lower = (
  { held, places, scales, norms }: Compared,
  from: ReadonlyArray<number>,
  distances: ReadonlyArray<Float64Array>,
): void => {
  const { rows, stride, lines, numbers, scales: own, addScaled, innerProducts } = held.work(from.length, places)
  const { matrix } = held
  const placeOf = (n: number): number => (places === undefined ? n : places[n]!)
  const centres = from.map(placeOf)
  numbers.fill(0)
  own.set(scales)
  for (const [t, place] of centres.entries()) addScaled(place, t, 1)
  /** Of a block of rows, from one: a loop of its own, which is compiled as a whole. */
  const lowerIn = (first: number, end: number, t: number, far: Float64Array): void => {
    const place = centres[t]!
    const normOfIt = norms[place]!
    for (let n = first, at = t; n < end; n++, at += stride) {
      const both = norms[placeOf(n)]! + normOfIt
      const squared = both - 2 * lines[at]!
      // What a function gives is an object at first: the usual distances have none.
      if (squared > ROUNDING * both) {
        if (squared < far[n]!) far[n] = squared
      } else far[n] = Math.min(far[n]!, between(matrix, scales, placeOf(n), place))
    }
  }
  for (let first = 0; first < rows; first += BLOCK) {
    const end = Math.min(rows, first + BLOCK)
    innerProducts(first, end)
    for (let t = 0; t < centres.length; t++) lowerIn(first, end, t, distances[t]!)
  }
}

const pointsOf = (compared: Compared): Points<Means> => {
  const { held, places, norms, weights } = compared
  const rows = places?.length ?? held.matrix.rows
  const placeOf = (n: number): number => (places === undefined ? n : places[n]!)
  const weightOf = (n: number): number => (weights === undefined ? 1 : weights[n]!)
  let last: { readonly first: Means; readonly lloyd: Lloyd } | undefined
  return {
    rows,
    weights,
    lower: (from, far) => lower(compared, from, far),
    rowsAt: some => ({
      count: some.length,
      places: Int32Array.from(some, placeOf),
      clusters: Int32Array.from(some, (_, k) => k),
      weights: new Float64Array(some.length).fill(1),
    }),
    cluster: (first, rounds, least = 0) => {
      const lloyd = lloydOf(compared, first)
      last = { first, lloyd }
      lloyd.assign()
      // One row in a thousand makes no other start.
      const few = rows >> 10
      for (let round = 0, before = 0; round < rounds; round++) {
        lloyd.move()
        const squares = lloyd.squares()
        const changes = lloyd.assign()
        if (least > 0 ? squares - before < least : changes <= few) break
        before = squares
      }
      return lloyd.clusters
    },
    means: () => {
      const { first, lloyd } = last!
      const { clusters, sizes } = lloyd
      lloyd.move()
      // The squares of rows are those of their means and of what they differ by from these.
      let spread = -lloyd.squares()
      for (let n = 0; n < rows; n++) spread += weightOf(n) * norms[placeOf(n)]!
      // A centre without rows is where it was at first.
      const left: number[] = []
      for (let i = 0; i < first.places.length; i++) if (sizes[first.clusters[i]!] === 0) left.push(i)
      const size = left.length + rows
      const places = new Int32Array(size)
      const centreOf = new Int32Array(size)
      const shares = new Float64Array(size)
      for (let i = 0; i < left.length; i++) {
        places[i] = first.places[left[i]!]!
        centreOf[i] = first.clusters[left[i]!]!
        shares[i] = first.weights[left[i]!]!
      }
      for (let n = 0, i = left.length; n < rows; n++, i++) {
        places[i] = placeOf(n)
        centreOf[i] = clusters[n]!
        shares[i] = weightOf(n)
      }
      const centres: Means = { count: first.count, places, clusters: centreOf, weights: shares }
      return { centres, spread: Math.max(0, spread) }
    },
  }
}

/** Sparse rows that can be clustered, or some of them by their places. */
export const clustersOf = (
  held: HeldRows,
  { count, features = held.matrix.columns, ownUnits = features, rowWeights }: ClusterOptions,
  places?: Int32Array,
): ClusterableRows => {
  const weights = relative(rowWeights)
  const scales =
    ownUnits === 0 ? new Float64Array(held.matrix.columns) : scalesOf(held.matrix, ownUnits, weights, places)
  scales.fill(1, ownUnits, features)
  const all = { held, places, scales, norms: normsOf(held.matrix, scales), weights }
  return clusterable(
    pointsOf(all),
    sample =>
      pointsOf({
        ...all,
        places: places ? sample.places.map(n => places[n]!) : sample.places,
        weights: sample.weights,
      }),
    count,
    ownUnits < features,
  )
}
