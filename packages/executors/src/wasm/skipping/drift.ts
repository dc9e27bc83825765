import type { DiagonalDensities, QuadraticDensities } from '../../contract/executor.js'
import { SCALE } from '../kernel/densities.js'

/** Densities with a distance of each row from each component. */
export type MetricDensities = QuadraticDensities | DiagonalDensities

/**
 * How distances r from a component change with its parameters, for any row: r of the new ones is at least `shrink` r of the old
 * ones less `shift`.
 */
export interface Drift {
  readonly shrinks: Float64Array
  readonly shifts: Float64Array
}

const EPSILON = 2 ** -52

/** How far a squared norm may be from its least estimate, for that estimate to do. */
const CLOSE = 0.02

const lengthOf = (values: Float64Array): number => {
  let squares = 0
  for (let i = 0; i < values.length; i++) squares += values[i]! * values[i]!
  return Math.sqrt(squares)
}

/** Of lower triangular matrices of a size, in rows one behind the other, with room of their own. */
const triangles = (size: number) => {
  const inverse = new Float64Array(size * size)
  const change = new Float64Array(size * size)
  const gram = new Float64Array(size * size)
  /** The inverse of a matrix, row by row. */
  const invert = (w: Float64Array, at: number): void => {
    for (let i = 0; i < size; i++) {
      const row = i * size
      inverse.fill(0, row, row + i)
      inverse[row + i] = 1
      for (let l = 0; l < i; l++) {
        const value = w[at + row + l]!
        for (let j = 0, from = l * size; j <= l; j++, from++) inverse[row + j]! -= value * inverse[from]!
      }
      for (let j = 0; j <= i; j++) inverse[row + j]! /= w[at + row + i]!
    }
  }
  /** What makes a matrix of that whose inverse is there. */
  const compare = (w: Float64Array, at: number): void => {
    for (let i = 0; i < size; i++) {
      const row = i * size
      for (let j = 0; j <= i; j++) change[row + j] = 0
      for (let l = 0; l <= i; l++) {
        const value = w[at + row + l]!
        for (let j = 0, from = l * size; j <= l; j++, from++) change[row + j]! += value * inverse[from]!
      }
    }
  }
  /** At least the greatest size of an eigenvalue of M M' - 1, of the change M: the root of the norm of its square, or its norm. */
  const distortion = (): number => {
    let squares = 0
    for (let i = 0; i < size; i++)
      for (let j = 0; j <= i; j++) {
        let sum = i === j ? -1 : 0
        for (let l = 0; l <= j; l++) sum += change[i * size + l]! * change[j * size + l]!
        gram[i * size + j] = gram[j * size + i] = sum
        squares += (i === j ? 1 : 2) * sum * sum
      }
    if (!(squares > CLOSE * CLOSE)) return Math.sqrt(squares)
    let fourths = 0
    for (let i = 0; i < size; i++)
      for (let j = 0; j <= i; j++) {
        let sum = 0
        for (let l = 0; l < size; l++) sum += gram[i * size + l]! * gram[j * size + l]!
        fourths += (i === j ? 1 : 2) * sum * sum
      }
    return Math.sqrt(Math.sqrt(fourths))
  }
  return { inverse, change, invert, compare, distortion }
}

/**
 * With M = new whitening times the inverse of the old one, |M z| is at least sqrt(1 - |M M' - 1|) |z|. Rounding moves M by the
 * number of columns times the condition of the matrices, which is taken off; what is no number makes nothing of what was known.
 */
const driftOfQuadratic = (before: QuadraticDensities, now: QuadraticDensities): Drift => {
  const { components, columns } = now
  const drift = { shrinks: new Float64Array(components), shifts: new Float64Array(components) }
  const { inverse, change, invert, compare, distortion } = triangles(columns)
  const moved = new Float64Array(columns)
  const size = columns * columns
  for (let k = 0; k < components; k++) {
    const [at, mean] = [k * size, k * columns]
    const w = now.whitening.subarray(at, at + size)
    invert(before.whitening, at)
    compare(now.whitening, at)
    const condition = (lengthOf(w) + lengthOf(before.whitening.subarray(at, at + size))) * lengthOf(inverse)
    const rounding = 4 * columns * EPSILON * condition * Math.max(1, lengthOf(change))
    const shrink = Math.sqrt(1 - distortion()) - rounding
    let [squares, farthest] = [0, 0]
    for (let i = 0; i < columns; i++) {
      moved[i] = before.mean[mean + i]! - now.mean[mean + i]!
      farthest = Math.max(farthest, Math.abs(now.mean[mean + i]!))
      let sum = 0
      for (let j = 0; j <= i; j++) sum += w[i * columns + j]! * moved[j]!
      squares += sum * sum
    }
    const shift = Math.sqrt(squares) + lengthOf(w) * (rounding * lengthOf(moved) + columns * EPSILON * farthest)
    // What is no number fails it too.
    const holds = shrink > 0
    drift.shrinks[k] = holds ? shrink : 0
    drift.shifts[k] = SCALE * shift
  }
  return drift
}

/** Every column by itself: the least ratio of scales. */
const driftOfDiagonal = (before: DiagonalDensities, now: DiagonalDensities): Drift => {
  const { components, columns } = now
  const drift = { shrinks: new Float64Array(components), shifts: new Float64Array(components) }
  for (let k = 0; k < components; k++) {
    let [shrink, squares] = [Number.POSITIVE_INFINITY, 0]
    for (let i = k * columns; i < (k + 1) * columns; i++) {
      const [old, scale] = [Math.abs(before.scale[i]!), Math.abs(now.scale[i]!)]
      // A column that was not looked at is no part of the distance.
      if (old !== 0) shrink = Math.min(shrink, scale / old)
      const far = Math.abs(before.mean[i]!) + Math.abs(now.mean[i]!)
      const shift = scale * (Math.abs(before.mean[i]! - now.mean[i]!) + EPSILON * far)
      squares += shift * shift
    }
    drift.shrinks[k] = shrink < Number.POSITIVE_INFINITY ? shrink : 0
    drift.shifts[k] = SCALE * Math.sqrt(squares)
  }
  return drift
}

/** From the densities of one step to those of a later one. */
export const driftOf = (before: MetricDensities, now: MetricDensities): Drift =>
  before._tag === 'Quadratic'
    ? driftOfQuadratic(before, now as QuadraticDensities)
    : driftOfDiagonal(before, now as DiagonalDensities)

/** Densities that stay as they are, whatever becomes of the arrays that they came in. */
export const kept = (densities: MetricDensities): MetricDensities =>
  densities._tag === 'Quadratic'
    ? { ...densities, mean: densities.mean.slice(), whitening: densities.whitening.slice() }
    : { ...densities, mean: densities.mean.slice(), scale: densities.scale.slice() }
