import type { ClusterableRows, ClusterOptions } from '../contract/clusters.js'
import { clusterable, type Points } from '../labels/k-means.js'
import { relative } from '../labels/standardise.js'
import { BLOCK, type HeldRows, type SparseMatrix } from './rows.js'
import { scalesOf } from './scales.js'

/** Rows that are told apart: all, or some of them by their places, and what those of all are. */
interface Compared {
  readonly held: HeldRows
  readonly places: ArrayLike<number> | undefined
  /** One over the unit of each column; 0 where it does not count. */
  readonly scales: Float64Array
  /** The squared norms of rows in these units. */
  readonly norms: Float64Array
  /** Of the rows that are told apart. */
  readonly weights: Float64Array | undefined
}

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
  for (let first = 0; first < rows; first += BLOCK) {
    const end = Math.min(rows, first + BLOCK)
    innerProducts(first, end)
    for (let t = 0; t < centres.length; t++) {
      const [place, far] = [centres[t]!, distances[t]!]
      for (let n = first, at = t; n < end; n++, at += stride) {
        const both = norms[placeOf(n)]! + norms[place]!
        const squared = both - 2 * lines[at]!
        const distance = squared > ROUNDING * both ? squared : between(matrix, scales, placeOf(n), place)
        if (distance < far[n]!) far[n] = distance
      }
    }
  }
}

/** Centres as means of rows, which are told by their places among all: the centre of each, of K, and what it counts for. */
interface Means {
  readonly count: number
  readonly places: ReadonlyArray<number>
  readonly clusters: ReadonlyArray<number>
  readonly weights: ReadonlyArray<number>
}

/** Lloyd's algorithm, whose centres are sums that rows are added to and taken from. */
interface Lloyd {
  /** Writes the nearest centre of each row, the first one on ties, and tells how many are others than before. */
  readonly assign: () => number
  /** Moves centres to the means of their rows; those of no row stay. */
  readonly move: () => void
  readonly clusters: Int32Array
  /** How many rows each centre has. */
  readonly sizes: Int32Array
  /** The squared norms of the means, each as often as its rows. */
  readonly squares: () => number
}

const lloydOf = ({ held, places, scales, norms, weights }: Compared, first: Means): Lloyd => {
  const { count } = first
  const { rows, stride, numbers, lines, innerProducts, addScaled, scales: own } = held.work(count, places)
  const placeOf = (n: number): number => (places === undefined ? n : places[n]!)
  const sizes = new Int32Array(count)
  // Of the sums of the rows of each centre: what they count for, and the squared norm.
  const [totals, norm] = [new Float64Array(count), new Float64Array(count)]
  const [factors, constants] = [new Float64Array(count), new Float64Array(count)]
  const [before, clusters] = [new Int32Array(rows).fill(-1), new Int32Array(rows).fill(-1)]
  const add = (place: number, k: number, share: number): void => {
    norm[k]! += share * (2 * addScaled(place, k, share) + share * norms[place]!)
    totals[k]! += share
  }
  const clear = (k: number): void => {
    for (let at = k; at < numbers.length; at += stride) numbers[at] = 0
    norm[k] = 0
    totals[k] = 0
  }
  numbers.fill(0)
  own.set(scales)
  for (let i = 0; i < first.places.length; i++) add(first.places[i]!, first.clusters[i]!, first.weights[i]!)
  return {
    clusters,
    sizes,
    assign: () => {
      for (let k = 0; k < count; k++) {
        factors[k] = 2 / totals[k]!
        constants[k] = norm[k]! / totals[k]! ** 2
      }
      let changes = 0
      for (let begin = 0; begin < rows; begin += BLOCK) {
        const end = Math.min(rows, begin + BLOCK)
        innerProducts(begin, end)
        for (let n = begin, line = 0; n < end; n++, line += stride) {
          let [best, least] = [0, Number.POSITIVE_INFINITY]
          for (let k = 0; k < count; k++) {
            const distance = constants[k]! - factors[k]! * lines[line + k]!
            if (distance < least) [best, least] = [k, distance]
          }
          if (best !== clusters[n]) changes++
          clusters[n] = best
        }
      }
      return changes
    },
    move: () => {
      const had = sizes.slice()
      for (let n = 0; n < rows; n++) {
        if (before[n]! >= 0) sizes[before[n]!]!--
        sizes[clusters[n]!]!++
      }
      for (let k = 0; k < count; k++) if (had[k] === 0 && sizes[k]! > 0) clear(k)
      for (let n = 0; n < rows; n++) {
        const [from, to] = [before[n]!, clusters[n]!]
        if (from === to) continue
        const weight = weights === undefined ? 1 : weights[n]!
        if (from >= 0 && sizes[from]! > 0) add(placeOf(n), from, -weight)
        add(placeOf(n), to, weight)
        before[n] = to
      }
    },
    squares: () => norm.reduce((sum, square, k) => (sizes[k]! > 0 ? sum + square / totals[k]! : sum), 0),
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
      places: Array.from(some, placeOf),
      clusters: Array.from(some, (_, k) => k),
      weights: Array.from(some, () => 1),
    }),
    cluster: (first, rounds) => {
      const lloyd = lloydOf(compared, first)
      last = { first, lloyd }
      lloyd.assign()
      // One row in a thousand makes no other start.
      const few = rows >> 10
      for (let round = 0; round < rounds; round++) {
        lloyd.move()
        if (lloyd.assign() <= few) break
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
      const of = (here: ArrayLike<number>, there: (n: number) => number): ReadonlyArray<number> => [
        ...left.map(i => here[i]!),
        ...Array.from({ length: rows }, (_, n) => there(n)),
      ]
      const centres: Means = {
        count: first.count,
        places: of(first.places, placeOf),
        clusters: of(first.clusters, n => clusters[n]!),
        weights: of(first.weights, weightOf),
      }
      return { centres, spread: Math.max(0, spread) }
    },
  }
}

/** Sparse rows that can be clustered, or some of them by their places. */
export const clustersOf = (
  held: HeldRows,
  { count, features = held.matrix.columns, inOneUnit = false, rowWeights }: ClusterOptions,
  places?: Int32Array,
): ClusterableRows => {
  const weights = relative(rowWeights)
  const scales = inOneUnit
    ? new Float64Array(held.matrix.columns).fill(1, 0, features)
    : scalesOf(held.matrix, features, weights, places)
  const all = { held, places, scales, norms: normsOf(held.matrix, scales), weights }
  return clusterable(
    pointsOf(all),
    some =>
      pointsOf({
        ...all,
        places: places ? some.map(n => places[n]!) : some,
        weights: weights && Float64Array.from(some, n => weights[n]!),
      }),
    count,
  )
}
