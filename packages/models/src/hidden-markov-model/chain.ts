import type { Matrix, Vector } from '@conjugate/linalg'

/** Probabilities of the states of one sequence, and how often they follow each other. */
export interface Smoothed {
  /** N x K: p(z_n = k | X). */
  readonly states: Float64Array
  /** K x K: sum_n p(z_(n-1) = j, z_n = k | X). */
  readonly transitions: Float64Array
  /** log p(X). */
  readonly logLikelihood: number
}

/** A chain of K states and the N x K log densities of what a sequence shows. */
export interface Chain {
  readonly initial: Vector
  readonly transitions: Matrix
  readonly logDensities: Float64Array
}

/** Densities over the greatest of the row, and the logarithm of that. */
const scaled = (logDensities: Float64Array, n: number, states: number): readonly [Float64Array, number] => {
  const row = logDensities.subarray(n * states, (n + 1) * states)
  const highest = row.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY)
  return [row.map(v => Math.exp(v - highest)), highest]
}

/** Divides by the sum, in place, and gives it. */
const normalise = (v: Float64Array): number => {
  const sum = v.reduce((a, b) => a + b, 0)
  for (let i = 0; i < v.length; i++) v[i]! /= sum
  return sum
}

/**
 * Forward and backward pass with probabilities that sum to one at every place, so that nothing underflows.
 * Source: Bishop, Pattern Recognition and Machine Learning (2006), section 13.2.4.
 */
export const smooth = ({ initial, transitions, logDensities }: Chain): Smoothed => {
  const k = initial.length
  const length = logDensities.length / k
  const a = transitions.data
  const states = new Float64Array(length * k)
  const counts = new Float64Array(k * k)
  const scales = new Float64Array(length)
  const densities = new Float64Array(length * k)
  let logLikelihood = 0
  for (let n = 0; n < length; n++) {
    const [b, highest] = scaled(logDensities, n, k)
    densities.set(b, n * k)
    const forward = states.subarray(n * k, (n + 1) * k)
    for (let j = 0; j < k; j++) {
      let reached = 0
      if (n === 0) reached = initial[j]!
      else for (let i = 0; i < k; i++) reached += states[(n - 1) * k + i]! * a[i * k + j]!
      forward[j] = reached * b[j]!
    }
    scales[n] = normalise(forward)
    logLikelihood += Math.log(scales[n]!) + highest
  }
  let backward = new Float64Array(k).fill(1)
  for (let n = length - 1; n > 0; n--) {
    const before = new Float64Array(k)
    for (let i = 0; i < k; i++)
      for (let j = 0; j < k; j++) {
        const step = (a[i * k + j]! * densities[n * k + j]! * backward[j]!) / scales[n]!
        before[i]! += step
        counts[i * k + j]! += states[(n - 1) * k + i]! * step
      }
    for (let j = 0; j < k; j++) states[n * k + j]! *= backward[j]!
    backward = before
  }
  for (let j = 0; j < k && length > 0; j++) states[j]! *= backward[j]!
  return { states, transitions: counts, logLikelihood }
}

/** The most probable states of a sequence together. Source: Viterbi, Error bounds for convolutional codes (1967). */
export const viterbi = ({ initial, transitions, logDensities }: Chain): Int32Array => {
  const k = initial.length
  const length = logDensities.length / k
  const from = new Int32Array(length * k)
  let best = Float64Array.from(initial, (p, j) => Math.log(p) + (logDensities[j] ?? 0))
  for (let n = 1; n < length; n++) {
    const next = new Float64Array(k).fill(Number.NEGATIVE_INFINITY)
    for (let j = 0; j < k; j++) {
      for (let i = 0; i < k; i++) {
        const reached = best[i]! + Math.log(transitions.data[i * k + j]!)
        if (reached > next[j]!) {
          next[j] = reached
          from[n * k + j] = i
        }
      }
      next[j]! += logDensities[n * k + j]!
    }
    best = next
  }
  const path = new Int32Array(length)
  if (length > 0) path[length - 1] = best.indexOf(best.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY))
  for (let n = length - 1; n > 0; n--) path[n - 1] = from[n * k + path[n]!]!
  return path
}
