/** The number of the greatest of K values from a place on, the first one on ties. */
export const argmaxAt = (values: ArrayLike<number>, first: number, count: number): number => {
  let best = 0
  for (let k = 1; k < count; k++) if (values[first + k]! > values[first + best]!) best = k
  return best
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
