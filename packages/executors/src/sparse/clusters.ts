import type { ClusterableRows, ClusterOptions } from '../contract/clusters.js'
import { clusterable, type Points } from '../labels/k-means.js'
import { relative } from '../labels/standardise.js'
import { addInnerProducts } from './products.js'
import { type SparseMatrix, sparseRowsAt } from './rows.js'

/** A power of 2 that leaves numbers of at most this size at most 2. */
const inRange = (size: number): number => (size > 0 ? 2 ** -Math.max(-1000, Math.floor(Math.log2(size))) : 1)

/** One over the standard deviations of columns; 0 of those that are constant, or do not count. */
const scalesOf = (
  { rows, columns, indices, indptr, values }: SparseMatrix,
  features: number,
  weights: Float64Array | undefined,
): Float64Array => {
  const [sizes, sums, squares, there] = [0, 0, 0, 0].map(() => new Float64Array(columns)) as [
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
  ]
  for (let i = 0; i < values.length; i++) sizes[indices[i]!] = Math.max(sizes[indices[i]!]!, Math.abs(values[i]!))
  const factors = sizes.map(inRange)
  let total = 0
  for (let n = 0; n < rows; n++) {
    const weight = weights === undefined ? 1 : weights[n]!
    total += weight
    for (let i = indptr[n]!, end = indptr[n + 1]!; i < end; i++) {
      const column = indices[i]!
      sums[column]! += weight * (values[i]! * factors[column]!)
      there[column]! += weight
    }
  }
  const means = sums.map(sum => sum / total)
  for (let n = 0; n < rows; n++) {
    const weight = weights === undefined ? 1 : weights[n]!
    for (let i = indptr[n]!, end = indptr[n + 1]!; i < end; i++) {
      const deviation = values[i]! * factors[indices[i]!]! - means[indices[i]!]!
      squares[indices[i]!]! += weight * (deviation * deviation)
    }
  }
  return squares.map((square, column) => {
    // What is 0 is as far from the mean as the mean is large.
    const variance = (square + (total - there[column]!) * means[column]! ** 2) / total
    const isConstant = variance <= (4 * Number.EPSILON) ** 2
    return column >= features || isConstant ? 0 : factors[column]! / Math.sqrt(variance)
  })
}

/** The squared distance of two rows, whose numbers ascend by their columns: exactly 0 where they are equal. */
const between = ({ indptr, indices, values }: SparseMatrix, a: number, b: number): number => {
  let [i, j, sum] = [indptr[a]!, indptr[b]!, 0]
  const [endOfA, endOfB] = [indptr[a + 1]!, indptr[b + 1]!]
  while (i < endOfA || j < endOfB) {
    const [column, other] = [
      i < endOfA ? indices[i]! : Number.POSITIVE_INFINITY,
      j < endOfB ? indices[j]! : Number.POSITIVE_INFINITY,
    ]
    const difference = (column <= other ? values[i++]! : 0) - (other <= column ? values[j++]! : 0)
    sum += difference * difference
  }
  return sum
}

/** Of squared distances that come from inner products: what may be nothing but their rounding. */
const ROUNDING = 1e-9

/**
 * Rows in units of the standard deviations of their columns; where the mean is, is nothing to distances. Centres are F x K: the
 * numbers of a column are next to each other, as a row asks for them.
 */
const pointsOf = (data: SparseMatrix, weights: Float64Array | undefined): Points => {
  const { rows, columns, indptr, indices, values } = data
  const weightOf = (n: number): number => (weights === undefined ? 1 : weights[n]!)
  const norms = new Float64Array(rows)
  for (let n = 0; n < rows; n++) for (let i = indptr[n]!; i < indptr[n + 1]!; i++) norms[n]! += values[i]! ** 2
  const dense = new Float64Array(columns)
  const clusters = new Int32Array(rows)
  let centres: Float64Array = new Float64Array(0)
  let sums: Float64Array = new Float64Array(0)
  let count = 0
  /** The squared norms of the centres. */
  let own = new Float64Array(0)
  const measure = (): void => {
    own.fill(0)
    for (let at = 0; at < centres.length; ) for (let k = 0; k < count; k++, at++) own[k]! += centres[at]! * centres[at]!
  }
  const assign = (): number => {
    const found = new Float64Array(count)
    let changes = 0
    for (let n = 0; n < rows; n++) {
      found.set(own)
      addInnerProducts(data, n, -2, centres, count, found)
      let best = 0
      for (let k = 1; k < count; k++) if (found[k]! < found[best]!) best = k
      if (best !== clusters[n]) changes++
      clusters[n] = best
    }
    return changes
  }
  const move = (): void => {
    const totals = new Float64Array(count)
    own.fill(0)
    sums.fill(0)
    for (let n = 0; n < rows; n++) {
      const [k, weight] = [clusters[n]!, weightOf(n)]
      totals[k]! += weight
      for (let i = indptr[n]!, end = indptr[n + 1]!; i < end; i++) sums[indices[i]! * count + k]! += weight * values[i]!
    }
    for (let at = 0; at < centres.length; )
      for (let k = 0; k < count; k++, at++) {
        if (totals[k]! > 0) centres[at] = sums[at]! === 0 ? 0 : sums[at]! / totals[k]!
        own[k]! += centres[at]! * centres[at]!
      }
  }
  const write = (n: number, clear: boolean): void => {
    for (let i = indptr[n]!; i < indptr[n + 1]!; i++) dense[indices[i]!] = clear ? 0 : values[i]!
  }
  return {
    rows,
    weights,
    lower: (place, far) => {
      write(place, false)
      for (let n = 0; n < rows; n++) {
        let inner = 0
        for (let i = indptr[n]!, end = indptr[n + 1]!; i < end; i++) inner += values[i]! * dense[indices[i]!]!
        const both = norms[n]! + norms[place]!
        const squared = both - 2 * inner
        far[n] = Math.min(far[n]!, squared > ROUNDING * both ? squared : between(data, n, place))
      }
      write(place, true)
    },
    rowsAt: places => {
      const found = new Float64Array(places.length * columns)
      for (let k = 0; k < places.length; k++)
        for (let i = indptr[places[k]!]!; i < indptr[places[k]! + 1]!; i++)
          found[indices[i]! * places.length + k] = values[i]!
      return found
    },
    cluster: (first, rounds) => {
      centres = first.slice()
      sums = new Float64Array(centres.length)
      count = centres.length / columns
      own = new Float64Array(count)
      measure()
      assign()
      // One row in a thousand makes no other start.
      const few = rows >> 10
      for (let round = 0; round < rounds; round++) {
        move()
        if (assign() <= few) break
      }
      return clusters.slice()
    },
    means: () => {
      move()
      let spread = 0
      for (let n = 0; n < rows; n++) {
        let inner = 0
        for (let i = indptr[n]!, end = indptr[n + 1]!; i < end; i++)
          inner += values[i]! * centres[indices[i]! * count + clusters[n]!]!
        spread += weightOf(n) * Math.max(0, norms[n]! - 2 * inner + own[clusters[n]!]!)
      }
      return { centres, spread }
    },
  }
}

/** Sparse rows that can be clustered, of which none is made dense: as many centres are. */
export const sparseClusters = (
  rows: SparseMatrix,
  { count, features = rows.columns, rowWeights }: ClusterOptions,
): ClusterableRows => {
  const weights = relative(rowWeights)
  const scales = scalesOf(rows, features, weights)
  const values = new Float64Array(rows.values.length)
  for (let i = 0; i < values.length; i++) values[i] = rows.values[i]! * scales[rows.indices[i]!]!
  const data = { ...rows, values }
  return clusterable(
    pointsOf(data, weights),
    places => pointsOf(sparseRowsAt(data, places), weights && Float64Array.from(places, n => weights[n]!)),
    count,
  )
}
