import { BLOCK, type HeldRows } from './rows.js'

/** Rows that are told apart: all, or some of them by their places, and what those of all are. */
export interface Compared {
  readonly held: HeldRows
  readonly places: ArrayLike<number> | undefined
  /** One over the unit of each column; 0 where it does not count. */
  readonly scales: Float64Array
  /** The squared norms of rows in these units. */
  readonly norms: Float64Array
  /** Of the rows that are told apart. */
  readonly weights: Float64Array | undefined
}

/** Centres as means of rows, which are told by their places among all: the centre of each, of K, and what it counts for. */
export interface Means {
  readonly count: number
  readonly places: Int32Array
  readonly clusters: Int32Array
  readonly weights: Float64Array
}

/** Lloyd's algorithm, whose centres are sums that rows are added to and taken from. */
export interface Lloyd {
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

/** The share of the weight of a centre beyond which its sums are added up anew when it is taken from them. */
const MOST = 0.999

export const lloydOf = ({ held, places, scales, norms, weights }: Compared, first: Means): Lloyd => {
  const { count } = first
  const { rows, stride, numbers, lines, innerProducts, addScaled, scales: own } = held.work(count, places)
  const placeOf = (n: number): number => (places === undefined ? n : places[n]!)
  const weightOf = (n: number): number => (weights === undefined ? 1 : weights[n]!)
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
          let best = 0
          let least = Number.POSITIVE_INFINITY
          for (let k = 0; k < count; k++) {
            const distance = constants[k]! - factors[k]! * lines[line + k]!
            if (distance < least) {
              best = k
              least = distance
            }
          }
          if (best !== clusters[n]) changes++
          clusters[n] = best
        }
      }
      return changes
    },
    move: () => {
      const gone = new Float64Array(count)
      for (let n = 0; n < rows; n++) {
        const [from, to] = [before[n]!, clusters[n]!]
        if (from === to) continue
        if (from >= 0) {
          sizes[from]!--
          gone[from]! += weightOf(n)
        }
        if (sizes[to]!++ === 0) gone[to] = Number.POSITIVE_INFINITY
      }
      // What is left of a sum of which nearly all is taken has few digits. A centre without rows keeps its own.
      const isNew = Array.from(sizes, (size, k) => size > 0 && gone[k]! > MOST * totals[k]!)
      for (let k = 0; k < count; k++) if (isNew[k]) clear(k)
      for (let n = 0; n < rows; n++) {
        const [from, to] = [before[n]!, clusters[n]!]
        if (from !== to && from >= 0 && sizes[from]! > 0 && !isNew[from]) add(placeOf(n), from, -weightOf(n))
        if (from !== to || isNew[to]) add(placeOf(n), to, weightOf(n))
        before[n] = to
      }
    },
    squares: () => norm.reduce((sum, square, k) => (sizes[k]! > 0 ? sum + square / totals[k]! : sum), 0),
  }
}
