import { tabulate } from '@conjugate/linalg'
import { mayHaveGaps } from './gaps.js'
import { areSame, explained, type Groups, groupsOf, type Standardised } from './groups.js'

/** By how many nats a row groups of one column have to be better than those of all. */
const MARGIN = 0.1

/** Uniform numbers in K groups have K^-2 of their variance within them: gaps are what leaves less than this share of that. */
const GAPS = 2 / 5

/** Less than this share of the squared deviations of a column is within so many groups, if it has gaps between them. */
const shareOf = (count: number): number => GAPS / count ** 2

/** The least share of a group in that of groups alike. */
const LEAST_GROUP = 1 / 4

/** How many different numbers a group has to have, that it is none of a category or a constant. */
const LEAST_DISTINCT = 8

/** Different numbers that are looked for before a column is sorted: those of categories are fewer. */
const LOOKED_FOR = 64

/** Whether a column has so many different numbers. */
const hasDistinct = ({ data, width }: Standardised, column: number, least: number): boolean => {
  const found = new Float64Array(least)
  let count = 0
  for (let i = column; i < data.length && count < least; i += width) {
    const value = data[i]!
    let at = 0
    while (at < count && found[at] !== value) at++
    if (at === count) found[count++] = value
  }
  return count === least
}

/** A column in order: numbers, and sums of weights, of numbers and of squares before each place. */
interface Ordered {
  readonly values: Float64Array
  readonly weight: Float64Array
  readonly sum: Float64Array
  readonly squares: Float64Array
}

const ordered = ({ data, width, weights }: Standardised, column: number): Ordered => {
  const rows = data.length / width
  const values = tabulate(rows, n => data[n * width + column]!)
  const order = weights && Uint32Array.from(values.keys()).sort((a, b) => values[a]! - values[b]!)
  const sorted = order ? Float64Array.from(order, n => values[n]!) : values.sort()
  const [weight, sum, squares] = [0, 0, 0].map(() => new Float64Array(rows + 1)) as [
    Float64Array,
    Float64Array,
    Float64Array,
  ]
  for (let i = 0; i < rows; i++) {
    const w = order ? weights![order[i]!]! : 1
    weight[i + 1] = weight[i]! + w
    sum[i + 1] = sum[i]! + w * sorted[i]!
    squares[i + 1] = squares[i]! + w * sorted[i]! ** 2
  }
  return { values: sorted, weight, sum, squares }
}

/** Places of a column in order, from one on and before another, and where they are best divided in two. */
interface Part {
  readonly from: number
  readonly to: number
  readonly split: number
  /** By how much less the parts differ from their means. */
  readonly gain: number
}

const partOf = ({ values, weight, sum }: Ordered, from: number, to: number): Part => {
  /** The square of a sum over its weight: what a mean takes from the sum of squares. */
  const taken = (a: number, b: number): number => {
    const w = weight[b]! - weight[a]!
    return w > 0 ? (sum[b]! - sum[a]!) ** 2 / w : 0
  }
  let [split, most] = [from, 0]
  for (let i = from + 1; i < to; i++) {
    if (values[i - 1] === values[i]) continue
    const both = taken(from, i) + taken(i, to)
    if (both > most || split === from) [split, most] = [i, both]
  }
  return { from, to, split, gain: split === from ? 0 : most - taken(from, to) }
}

/**
 * Where a column falls into so many groups, as the first place of each but the first, dividing what gains most by that;
 * `undefined` where it has no gaps between that many groups of some size.
 */
const dividedAt = (column: Ordered, count: number): ReadonlyArray<number> | undefined => {
  const { values, weight, sum, squares } = column
  const rows = values.length
  let parts: ReadonlyArray<Part> = [partOf(column, 0, rows)]
  while (parts.length < count) {
    const widest = parts.reduce((a, b) => (b.gain > a.gain ? b : a))
    if (widest.gain <= 0) return undefined
    parts = parts.flatMap(part =>
      part === widest ? [partOf(column, part.from, part.split), partOf(column, part.split, part.to)] : [part],
    )
  }
  let within = 0
  for (const { from, to } of parts) {
    const w = weight[to]! - weight[from]!
    if (w < (LEAST_GROUP * weight[rows]!) / count) return undefined
    let distinct = 1
    for (let i = from + 1; i < to && distinct < LEAST_DISTINCT; i++) if (values[i] !== values[i - 1]) distinct++
    if (distinct < LEAST_DISTINCT) return undefined
    within += squares[to]! - squares[from]! - (sum[to]! - sum[from]!) ** 2 / w
  }
  const all = squares[rows]! - sum[rows]! ** 2 / weight[rows]!
  const hasGaps = within < shareOf(count) * all
  return hasGaps ? parts.slice(1).map(({ from }) => from) : undefined
}

/** The group of each point by a column, divided at places of it in order. */
const clustersBy = (
  { data, width }: Standardised,
  column: number,
  { values }: Ordered,
  at: ReadonlyArray<number>,
): Int32Array => {
  const clusters = new Int32Array(data.length / width)
  for (let n = 0; n < clusters.length; n++) {
    const x = data[n * width + column]!
    let k = 0
    while (k < at.length && x >= values[at[k]!]!) k++
    clusters[n] = k
  }
  return clusters
}

/**
 * Centres by a single column, the same in all others, where that has gaps between as many groups and explains the points by these
 * better than given groups do. Squared distances in all columns see such groups worse, the more columns say nothing of them.
 */
export const centresOfColumn = (points: Standardised, given: Groups): Float64Array | undefined => {
  const { width, features } = points
  const count = given.centres.length / width
  if (count < 2 || features < 2) return undefined
  let best: Float64Array | undefined
  let most = explained(points, given) + MARGIN
  // Far apart in many columns, points are in the same groups by each of these, which explain the same.
  const told = [given.clusters]
  for (let column = 0; column < features; column++) {
    if (!hasDistinct(points, column, Math.min(LOOKED_FOR, count * LEAST_DISTINCT))) continue
    if (!mayHaveGaps(points, column, count, shareOf(count))) continue
    const inOrder = ordered(points, column)
    const at = dividedAt(inOrder, count)
    if (at === undefined) continue
    const clusters = clustersBy(points, column, inOrder, at)
    if (told.some(before => areSame(before, clusters, count))) continue
    told.push(clusters)
    const groups = groupsOf(points, clusters, count)
    const found = explained(points, groups)
    if (found <= most) continue
    most = found
    best = groups.centres.map((value, i) => (i % width === column ? value : 0))
  }
  return best
}
