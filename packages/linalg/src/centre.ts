import type { Matrix, Vector } from './matrix.js'

/** Numbers that are looked at, at the most. */
const SAMPLE = 1024

/** Numbers closer to 0 than this share of the centre would lose digits beside it. */
const CLOSE = 2 ** -8

/** Of the weight: where as much is close to 0, the centre is 0. */
const FEW = 0.05

/** How many weights are positive. A loop of its own, which engines compile while it runs. */
const countPositive = (weights: Vector): number => {
  let count = 0
  for (let n = 0; n < weights.length; n++) if (weights[n]! > 0) count++
  return count
}

/** Numbers, or places of numbers, with the weight of each. */
interface Weighted<Values> {
  readonly values: Values
  readonly weights: Float64Array
}

/** Of `count` places, or of those of positive weight, at most so many that are evenly spread among them. */
const placesOf = (count: number, weights: Vector | undefined): Int32Array => {
  const found = weights ? countPositive(weights) : count
  const places = new Int32Array(Math.min(found, SAMPLE))
  let n = -1
  let seen = -1
  for (let i = 0; i < places.length; i++) {
    const next = Math.floor((i * found) / places.length)
    if (weights) while (seen < next) if (weights[++n]! > 0) seen++
    places[i] = weights ? n : next
  }
  return places
}

/** Places with their weights over a power of two, which keeps sums of them from overflowing, and rounds none. */
const sampleOf = (count: number, weights: Vector | undefined): Weighted<Int32Array> => {
  const places = placesOf(count, weights)
  const shares = new Float64Array(places.length).fill(1)
  if (!weights) return { values: places, weights: shares }
  let heaviest = 0
  for (let i = 0; i < places.length; i++) heaviest = Math.max(heaviest, weights[places[i]!]!)
  const unit = 2 ** Math.floor(Math.log2(heaviest))
  for (let i = 0; i < places.length; i++) shares[i] = weights[places[i]!]! / unit
  return { values: places, weights: shares }
}

/** The lower weighted median; 0 where there is none. */
const medianOf = ({ values, weights }: Weighted<Float64Array>): number => {
  const weightOf = new Map<number, number>()
  for (let i = 0; i < values.length; i++) weightOf.set(values[i]!, (weightOf.get(values[i]!) ?? 0) + weights[i]!)
  // In the order of numbers, which takes no function that compares them.
  const sorted = Float64Array.from(weightOf.keys()).sort()
  const upTo = new Float64Array(sorted.length)
  let sum = 0
  for (let i = 0; i < sorted.length; i++) {
    sum += weightOf.get(sorted[i]!)!
    upTo[i] = sum
  }
  return sorted[upTo.findIndex(below => 2 * below >= sum)] ?? 0
}

/** A number with as few binary digits as may be, within an eighth of the spread. */
const rounded = (value: number, spread: number): number => {
  const grid = 2 ** (Math.floor(Math.log2(spread)) - 2)
  const found = grid * Math.round(value / grid)
  return spread > 0 && Number.isFinite(found) ? found : value
}

/** Spreads: so near to 0 numbers are small enough as they are, and would only be rounded. */
const NEAR = 2

/** The weight of what lies closer to 0 than `near`, and is not 0. */
const weightNear = ({ values, weights }: Weighted<Float64Array>, near: number): number => {
  let sum = 0
  for (let i = 0; i < values.length; i++) if (values[i] !== 0 && Math.abs(values[i]!) < near) sum += weights[i]!
  return sum
}

/** The median, if it is far enough from 0, and if not too much of the weight would lose digits beside it. */
const centreOfSample = (sample: Weighted<Float64Array>): number => {
  const { values, weights } = sample
  const median = medianOf(sample)
  const spread = medianOf({ values: values.map(value => Math.abs(value - median)), weights })
  const centre = rounded(median, spread)
  if (Math.abs(median) <= NEAR * spread) return 0
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  return weightNear(sample, CLOSE * Math.abs(centre)) >= FEW * total ? 0 : centre
}

/** The centre of the finite numbers among those of a column at the places of a sample. */
const centreAmong = (sample: Weighted<Int32Array>, data: Vector, columns: number, column: number): number => {
  const values = new Float64Array(sample.values.length)
  const weights = new Float64Array(values.length)
  let count = 0
  for (let i = 0; i < values.length; i++) {
    const value = data[sample.values[i]! * columns + column]!
    if (!Number.isFinite(value)) continue
    values[count] = value
    weights[count++] = sample.weights[i]!
  }
  return centreOfSample({ values: values.subarray(0, count), weights: weights.subarray(0, count) })
}

/**
 * Finds a place near most of the numbers that count, from which to compute, in their unit. It is their median (weighted; of at
 * most 1024 of them, evenly spread), which no wild value moves far, on a grid well below their median deviation from it: a
 * number of few digits costs those that it is subtracted from the fewest. It is 0 where the median is within twice that
 * deviation of 0, so that numbers that are small enough stay as they are; where a share of them is so much closer to 0 than
 * the median that they would lose digits beside it; and where none has a positive weight. Numbers that are not finite do not
 * count.
 */
export const centreOf = (values: Vector, weights?: Vector): number =>
  centreAmong(sampleOf(values.length, weights), values, 1, 0)

/** Gives the place {@link centreOf} of each of the D columns of a matrix (N x D), with a weight for each of its N rows. */
export const columnCentres = ({ rows, columns, data }: Matrix, weights?: Vector): Float64Array => {
  const sample = sampleOf(rows, weights)
  const centres = new Float64Array(columns)
  for (let j = 0; j < columns; j++) centres[j] = centreAmong(sample, data, columns, j)
  return centres
}
