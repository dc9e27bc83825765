import type { Random } from '@conjugate/distributions'
import type { Matrix, Vector } from '@conjugate/linalg'
import { drawAt } from '../labels/draws.js'

/** Squared distances between rows in units of the standard deviations of the columns; constant columns do not count. */
type Distance = (n: number, centre: Vector) => number

/** The greatest size of a column. */
const sizeOf = ({ rows, columns, data }: Matrix, column: number): number => {
  let size = 0
  for (let n = 0; n < rows; n++) size = Math.max(size, Math.abs(data[n * columns + column]!))
  return size
}

/**
 * Columns times powers of 2 that leave them at most 2 in size, so that squares and sums stay in the range of float64. It
 * changes no digit.
 */
export const inRange = (rows: Matrix): Matrix => {
  const { columns } = rows
  const factors = Float64Array.from({ length: columns }, (_, i) => {
    const size = sizeOf(rows, i)
    return size > 0 && Number.isFinite(size) ? 2 ** -Math.max(-1000, Math.floor(Math.log2(size))) : 1
  })
  const data = Float64Array.from(rows.data)
  for (let at = 0; at < data.length; ) for (let i = 0; i < columns; i++, at++) data[at]! *= factors[i]!
  return { ...rows, data }
}

/**
 * Rows with the mean of the column in place of every cell that is missing, so that it takes a row neither near to another nor
 * far from it; the same rows where none is.
 */
export const completed = (rows: Matrix, rowWeights?: Vector): Matrix => {
  const { columns, data } = rows
  let found: Float64Array | undefined
  for (let column = 0; column < columns; column++) {
    let [weight, mean, missing] = [0, 0, 0]
    for (let n = 0, i = column; n < rows.rows; n++, i += columns) {
      const w = rowWeights?.[n] ?? 1
      if (Number.isNaN(data[i])) missing++
      else if (w > 0) {
        weight += w
        mean += (w / weight) * (data[i]! - mean)
      }
    }
    if (missing === 0) continue
    found ??= Float64Array.from(data)
    for (let i = column; i < found.length; i += columns) if (Number.isNaN(found[i])) found[i] = mean
  }
  return found ? { ...rows, data: found } : rows
}

/** Between rows, by as many columns from the first on. The scale of each is one over its variance. */
export const distanceIn = ({ rows, columns, data }: Matrix, features: number, rowWeights?: Vector): Distance => {
  const precision = new Float64Array(features)
  for (let i = 0; i < features; i++) {
    let [weight, mean, squares] = [0, 0, 0]
    for (let n = 0; n < rows; n++) {
      const w = rowWeights?.[n] ?? 1
      if (!(w > 0)) continue
      const before = weight
      weight += w
      const deviation = data[n * columns + i]! - mean
      // By the weight before, not by the deviation from the new mean: that is 0 where this weight exceeds the others by far.
      squares += w * deviation * deviation * (before / weight)
      mean += (w / weight) * deviation
    }
    precision[i] = squares > 0 ? weight / squares : 0
  }
  return (n, centre) => {
    let sum = 0
    for (let i = 0; i < features; i++) sum += precision[i]! * (data[n * columns + i]! - centre[i]!) ** 2
    return sum
  }
}

/** The number of the nearest centre for each row, the first one on ties. */
export const nearest = (rows: number, centres: ReadonlyArray<Vector>, distance: Distance): Int32Array =>
  Int32Array.from({ length: rows }, (_, n) => {
    let [best, least] = [0, Number.POSITIVE_INFINITY]
    for (const [k, centre] of centres.entries()) {
      const d = distance(n, centre)
      if (d < least) [best, least] = [k, d]
    }
    return best
  })

const rowOf = ({ columns, data }: Matrix, n: number): Float64Array =>
  Float64Array.from({ length: columns }, (_, i) => data[n * columns + i]!)

/**
 * Rows far from each other: each is drawn with a probability in proportion to its squared distance from the nearest one so
 * far. Fewer than wanted where there are not as many different rows.
 * Source: Arthur and Vassilvitskii, k-means++: the advantages of careful seeding (2007).
 */
export const spreadRows = (
  count: number,
  rows: Matrix,
  distance: Distance,
  random: Random,
  rowWeights?: Vector,
): ReadonlyArray<number> => {
  const weights = Float64Array.from({ length: rows.rows }, (_, n) => rowWeights?.[n] ?? 1)
  const far = new Float64Array(rows.rows).fill(Number.POSITIVE_INFINITY)
  const chosen: number[] = []
  for (let masses = weights; chosen.length < count; ) {
    if (!masses.some(m => m > 0)) return chosen
    const n = drawAt(masses, 0, masses.length, random)
    chosen.push(n)
    const centre = rowOf(rows, n)
    for (let m = 0; m < far.length; m++) far[m] = Math.min(far[m]!, distance(m, centre))
    masses = far.map((d, m) => d * weights[m]!)
  }
  return chosen
}

/** Lloyd's algorithm from given centres until no row changes, or as often as told: the cluster of each row. */
export const cluster = (
  rows: Matrix,
  start: ReadonlyArray<number>,
  distance: Distance,
  rounds: number,
  rowWeights?: Vector,
): Int32Array => {
  let centres = start.map(n => rowOf(rows, n))
  let clusters = nearest(rows.rows, centres, distance)
  for (let round = 0; round < rounds; round++) {
    const weight = new Float64Array(centres.length)
    const sums = centres.map(() => new Float64Array(rows.columns))
    for (const [n, k] of clusters.entries()) {
      const w = rowWeights?.[n] ?? 1
      weight[k]! += w
      for (let i = 0; i < rows.columns; i++) sums[k]![i]! += w * rows.data[n * rows.columns + i]!
    }
    centres = centres.map((centre, k) => (weight[k]! > 0 ? sums[k]!.map(s => s / weight[k]!) : centre))
    const next = nearest(rows.rows, centres, distance)
    if (next.every((k, n) => k === clusters[n])) break
    clusters = next
  }
  return clusters
}
