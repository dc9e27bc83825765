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

/** Of `count` things, or of those of positive weight, at most so many that are evenly spread among them. */
const sampleOf = (count: number, weights: Vector | undefined): Int32Array => {
  const found = weights ? countPositive(weights) : count
  const taken = Math.min(found, SAMPLE)
  const sample = new Int32Array(taken)
  if (!weights) return sample.map((_, i) => Math.floor((i * found) / taken))
  for (let n = 0, seen = 0, i = 0; i < taken; n++)
    if (weights[n]! > 0 && seen++ === Math.floor((i * found) / taken)) sample[i++] = n
  return sample
}

/** Numbers with the weight of each. */
interface Weighted {
  readonly values: Float64Array
  readonly weights: Float64Array
}

// Sums of weights are all in one order, so that more of them never come to less.

const totalOf = (weights: Float64Array): number => {
  let sum = 0
  for (let i = 0; i < weights.length; i++) sum += weights[i]!
  return sum
}

/** The weight of what is at most `greatest`. */
const weightUpTo = ({ values, weights }: Weighted, greatest: number): number => {
  let sum = 0
  for (let i = 0; i < values.length; i++) if (values[i]! <= greatest) sum += weights[i]!
  return sum
}

/** The lower weighted median; 0 where there is none. */
const medianOf = (sample: Weighted): number => {
  const sorted = sample.values.slice().sort()
  const total = totalOf(sample.weights)
  let [least, most] = [0, sorted.length - 1]
  while (least < most) {
    const middle = (least + most) >> 1
    if (2 * weightUpTo(sample, sorted[middle]!) >= total) most = middle
    else least = middle + 1
  }
  return sorted[least] ?? 0
}

/** A number with as few binary digits as may be, within an eighth of the spread. */
const rounded = (value: number, spread: number): number => {
  const grid = 2 ** (Math.floor(Math.log2(spread)) - 2)
  const found = grid * Math.round(value / grid)
  return spread > 0 && Number.isFinite(found) ? found : value
}

/** Spreads: so near to 0 numbers are small enough as they are, and would only be rounded. */
const NEAR = 2

/** The weight of what would lose digits beside a centre. */
const weightLost = ({ values, weights }: Weighted, centre: number): number => {
  const near = CLOSE * Math.abs(centre)
  let sum = 0
  for (let i = 0; i < values.length; i++) if (values[i] !== 0 && Math.abs(values[i]!) < near) sum += weights[i]!
  return sum
}

/** The median, if it is far enough from 0, and if not too much of the weight would lose digits beside it. */
const centreOfSample = (sample: Weighted): number => {
  const { values, weights } = sample
  const median = medianOf(sample)
  const spread = medianOf({ values: values.map(value => Math.abs(value - median)), weights })
  const centre = rounded(median, spread)
  return Math.abs(median) <= NEAR * spread || weightLost(sample, centre) >= FEW * totalOf(weights) ? 0 : centre
}

/** The finite values of a sample with their weights, which a power of two keeps from overflowing in a sum, and so rounds none. */
const centreAmong = (sample: Int32Array, data: Vector, columns: number, column: number, weights?: Vector): number => {
  const heaviest = weights ? sample.reduce((most, n) => Math.max(most, weights[n]!), 0) : 1
  const unit = 2 ** Math.floor(Math.log2(heaviest))
  const finite = sample.filter(n => Number.isFinite(data[n * columns + column]!))
  return centreOfSample({
    values: Float64Array.from(finite, n => data[n * columns + column]!),
    weights: Float64Array.from(finite, n => (weights?.[n] ?? 1) / unit),
  })
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
  centreAmong(sampleOf(values.length, weights), values, 1, 0, weights)

/** Gives the place {@link centreOf} of each of the D columns of a matrix (N x D), with a weight for each of its N rows. */
export const columnCentres = ({ rows, columns, data }: Matrix, weights?: Vector): Float64Array => {
  const sample = sampleOf(rows, weights)
  const centres = new Float64Array(columns)
  for (let j = 0; j < columns; j++) centres[j] = centreAmong(sample, data, columns, j, weights)
  return centres
}
