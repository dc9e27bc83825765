// Uniform numbers that are told by a seed and their place, so that they are the same wherever, in whatever order and on however
// many threads they are made. Source: Salmon, Moraes, Dror and Shaw, Parallel random numbers: as easy as 1, 2, 3 (2011): Philox
// of two words of 32 bits and ten rounds.
import type { Matrix } from '@conjugate/linalg'

const [MULTIPLIER_HIGH, MULTIPLIER_LOW] = [0xd256, 0xd193]
const MULTIPLIER = 0xd256d193
const WEYL = 0x9e3779b9
const ROUNDS = 10

/** The high 32 bits of a word times the multiplier. */
const highOf = (word: number): number => {
  const [high, low] = [word >>> 16, word & 0xffff]
  const middle = Math.imul(high, MULTIPLIER_LOW) >>> 0
  const other = Math.imul(low, MULTIPLIER_HIGH) >>> 0
  const carry = (Math.imul(low, MULTIPLIER_LOW) >>> 16) + (middle & 0xffff) + (other & 0xffff)
  return (Math.imul(high, MULTIPLIER_HIGH) + (middle >>> 16) + (other >>> 16) + (carry >>> 16)) | 0
}

/** Two words of a key and a counter of two words. */
export const philox = (key: number, first: number, second: number): readonly [number, number] => {
  let [a, b, k] = [first | 0, second | 0, key | 0]
  for (let round = 0; round < ROUNDS; round++) {
    const high = highOf(a)
    const low = Math.imul(a, MULTIPLIER)
    a = high ^ k ^ b
    b = low
    k = (k + WEYL) | 0
  }
  return [a >>> 0, b >>> 0]
}

/** The number at a place below 2^32 of a seed from 0 to 2^53 - 1: at least 0 and less than 1, of 53 bits. */
export const uniformAt = (seed: number, place: number): number => {
  const [a, b] = philox(seed, place, seed / 2 ** 32)
  return ((a >>> 5) * 2 ** 26 + (b >>> 6)) * 2 ** -53
}

/**
 * Draws a component for each of N rows by its probabilities (N x K), the one of row n by uniform number n of a seed from 0 to
 * 2^53 - 1: the same for the same numbers wherever they were computed. It is -1 where all probabilities are 0.
 */
export const drawAssignments = ({ rows, columns, data }: Matrix, seed: number): Int32Array => {
  const assignments = new Int32Array(rows)
  for (let n = 0; n < rows; n++) {
    let sum = 0
    for (let k = 0; k < columns; k++) sum += data[n * columns + k]!
    assignments[n] = sum > 0 ? drawnAt(data, n * columns, columns, uniformAt(seed, n)) : -1
  }
  return assignments
}

/** Draws k in proportion to K nonnegative numbers from a place on, of a positive sum, by a uniform number. */
export const drawnAt = (masses: ArrayLike<number>, first: number, count: number, uniform: number): number => {
  let sum = 0
  for (let k = 0; k < count; k++) sum += masses[first + k]!
  let [rest, drawn] = [uniform * sum, 0]
  for (let k = 0; k < count; k++) {
    if (!(masses[first + k]! > 0)) continue
    drawn = k
    rest -= masses[first + k]!
    if (rest < 0) break
  }
  return drawn
}
