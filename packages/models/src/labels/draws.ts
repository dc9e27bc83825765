import type { Random } from '@conjugate/distributions'

/** The number of the greatest of K values from a place on, the first one on ties. */
export const argmaxAt = (values: ArrayLike<number>, first: number, count: number): number => {
  let best = 0
  for (let k = 1; k < count; k++) if (values[first + k]! > values[first + best]!) best = k
  return best
}

/** Draws k in proportion to K nonnegative masses from a place on, of a positive sum. */
export const drawAt = (masses: ArrayLike<number>, first: number, count: number, random: Random): number => {
  let sum = 0
  for (let k = 0; k < count; k++) sum += masses[first + k]!
  let [rest, drawn] = [random.uniform() * sum, 0]
  for (let k = 0; k < count; k++) {
    if (!(masses[first + k]! > 0)) continue
    drawn = k
    rest -= masses[first + k]!
    if (rest < 0) break
  }
  return drawn
}

/**
 * Turns K logarithms from a place on into shares that sum to 1, and gives the logarithm of their sum; all 0 and -Infinity
 * where nothing is possible.
 */
export const softmaxAt = (values: Float64Array, first: number, count: number): number => {
  let highest = Number.NEGATIVE_INFINITY
  for (let k = first; k < first + count; k++) if (values[k]! > highest) highest = values[k]!
  if (highest === Number.NEGATIVE_INFINITY) {
    values.fill(0, first, first + count)
    return highest
  }
  let sum = 0
  for (let k = first; k < first + count; k++) {
    values[k] = Math.exp(values[k]! - highest)
    sum += values[k]!
  }
  for (let k = first; k < first + count; k++) values[k]! /= sum
  return highest + Math.log(sum)
}
