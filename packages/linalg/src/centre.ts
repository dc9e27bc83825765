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

interface Weighted {
  readonly value: number
  readonly weight: number
}

const totalOf = (sample: ReadonlyArray<Weighted>): number => sample.reduce((sum, { weight }) => sum + weight, 0)

/** The lower weighted median; 0 where there is none. */
const medianOf = (sample: ReadonlyArray<Weighted>): number => {
  const sorted = [...sample].sort((a, b) => a.value - b.value)
  const total = totalOf(sorted)
  let below = 0
  for (const { value, weight } of sorted) {
    below += weight
    if (2 * below >= total) return value
  }
  return 0
}

/** A number with as few binary digits as may be, within an eighth of the spread. */
const rounded = (value: number, spread: number): number => {
  const grid = 2 ** (Math.floor(Math.log2(spread)) - 2)
  const found = grid * Math.round(value / grid)
  return spread > 0 && Number.isFinite(found) ? found : value
}

/** Spreads: so near to 0 numbers are small enough as they are, and would only be rounded. */
const NEAR = 2

/** The median, if it is far enough from 0, and if not too much of the weight would lose digits beside it. */
const centreOfSample = (all: ReadonlyArray<Weighted>): number => {
  const sample = all.filter(({ value }) => Number.isFinite(value))
  const median = medianOf(sample)
  const spread = medianOf(sample.map(({ value, weight }) => ({ value: Math.abs(value - median), weight })))
  const centre = rounded(median, spread)
  const near = CLOSE * Math.abs(centre)
  const lost = sample.reduce(
    (sum, { value, weight }) => (value !== 0 && Math.abs(value) < near ? sum + weight : sum),
    0,
  )
  return Math.abs(median) <= NEAR * spread || lost >= FEW * totalOf(sample) ? 0 : centre
}

/** The values of a sample with their weights as shares of the greatest, so that their sum cannot overflow. */
const centreAmong = (sample: Int32Array, value: (n: number) => number, weights: Vector | undefined): number => {
  const heaviest = weights ? sample.reduce((most, n) => Math.max(most, weights[n]!), 0) : 1
  return centreOfSample(Array.from(sample, n => ({ value: value(n), weight: (weights?.[n] ?? 1) / heaviest })))
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
  centreAmong(sampleOf(values.length, weights), n => values[n]!, weights)

/** Gives the place {@link centreOf} of each of the D columns of a matrix (N x D), with a weight for each of its N rows. */
export const columnCentres = ({ rows, columns, data }: Matrix, weights?: Vector): Float64Array => {
  const sample = sampleOf(rows, weights)
  const centres = new Float64Array(columns)
  for (let j = 0; j < columns; j++) centres[j] = centreAmong(sample, n => data[n * columns + j]!, weights)
  return centres
}
