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

/**
 * Probabilities of the states at one place from those predicted for it, in place, and the log density of what it shows.
 * Densities are taken over the greatest of a state that can be reached, so that this one does not underflow.
 */
const filter = (predicted: Float64Array, logDensities: Float64Array, filtered: Float64Array): number => {
  let highest = Number.NEGATIVE_INFINITY
  for (let j = 0; j < predicted.length; j++) if (predicted[j]! > 0) highest = Math.max(highest, logDensities[j]!)
  if (highest === Number.NEGATIVE_INFINITY) return highest
  let sum = 0
  for (let j = 0; j < predicted.length; j++) {
    filtered[j] = predicted[j]! > 0 ? predicted[j]! * Math.exp(logDensities[j]! - highest) : 0
    sum += filtered[j]!
  }
  for (let j = 0; j < predicted.length; j++) filtered[j]! /= sum
  return Math.log(sum) + highest
}

/**
 * Forward and backward pass with probabilities that sum to one at every place, so that nothing underflows: backwards,
 * p(z_n = i, z_(n+1) = j | X) is the filtered p(i) times a_ij p(z_(n+1) = j | X) over what was predicted for j. Of a sequence
 * that is impossible the log-likelihood is -Infinity and all probabilities are 0.
 * Source: Rauch, Tung and Striebel, Maximum likelihood estimates of linear dynamic systems (1965), for discrete states as in
 * Murphy, Machine Learning (2012), section 17.4.3.
 */
export const smooth = ({ initial, transitions, logDensities }: Chain): Smoothed => {
  const k = initial.length
  const length = logDensities.length / k
  const a = transitions.data
  const states = new Float64Array(length * k)
  const predicted = new Float64Array(length * k)
  const counts = new Float64Array(k * k)
  let logLikelihood = 0
  for (let n = 0; n < length; n++) {
    const here = predicted.subarray(n * k, (n + 1) * k)
    for (let j = 0; j < k; j++) {
      if (n === 0) here[j] = initial[j]!
      else for (let i = 0; i < k; i++) here[j]! += states[(n - 1) * k + i]! * a[i * k + j]!
    }
    logLikelihood += filter(here, logDensities.subarray(n * k, (n + 1) * k), states.subarray(n * k, (n + 1) * k))
    if (logLikelihood === Number.NEGATIVE_INFINITY)
      return { states: new Float64Array(length * k), transitions: counts, logLikelihood }
  }
  for (let n = length - 2; n >= 0; n--)
    for (let i = 0; i < k; i++) {
      let smoothed = 0
      for (let j = 0; j < k; j++) {
        const after = states[(n + 1) * k + j]!
        // What was not predicted has no probability after all.
        const step = after === 0 ? 0 : (states[n * k + i]! * a[i * k + j]! * after) / predicted[(n + 1) * k + j]!
        smoothed += step
        counts[i * k + j]! += step
      }
      states[n * k + i] = smoothed
    }
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
