import type { Random } from '@conjugate/distributions'
import { drawAt } from './draws.js'

/** Probabilities of K first states, and K x K of what follows each state; they need not sum to one. */
export interface ChainProbabilities {
  readonly initial: Float64Array
  readonly transitions: Float64Array
}

/** What is expected of the states of a sequence: K and K x K, which are added to. */
export interface ChainCounts {
  readonly initial: Float64Array
  readonly transitions: Float64Array
}

/** Rows of a sequence among the rows of all: K logarithms of densities each, from row `first` on. */
export interface Sequence {
  readonly first: number
  readonly length: number
}

/**
 * Filtered probabilities p(z_n = k | x_1, ..., x_n) of one sequence, which sum to one at every place, so that nothing
 * underflows however long it is; log p(x) is returned, -Infinity of an impossible sequence, whose probabilities are 0.
 * Densities are taken over the greatest of a state that can be reached.
 */
const filter = (
  { initial, transitions }: ChainProbabilities,
  { first, length }: Sequence,
  logDensities: Float64Array,
  filtered: Float64Array,
): number => {
  const k = initial.length
  let logLikelihood = 0
  for (let n = first; n < first + length; n++) {
    const at = n * k
    let highest = Number.NEGATIVE_INFINITY
    for (let j = 0; j < k; j++) {
      let predicted = 0
      if (n === first) predicted = initial[j]!
      else for (let i = 0; i < k; i++) predicted += filtered[at - k + i]! * transitions[i * k + j]!
      filtered[at + j] = predicted
      if (predicted > 0 && logDensities[at + j]! > highest) highest = logDensities[at + j]!
    }
    if (highest === Number.NEGATIVE_INFINITY) {
      filtered.fill(0, first * k, (first + length) * k)
      return highest
    }
    let sum = 0
    for (let j = 0; j < k; j++) {
      const predicted = filtered[at + j]!
      filtered[at + j] = predicted > 0 ? predicted * Math.exp(logDensities[at + j]! - highest) : 0
      sum += filtered[at + j]!
    }
    for (let j = 0; j < k; j++) filtered[at + j]! /= sum
    logLikelihood += Math.log(sum) + highest
  }
  return logLikelihood
}

/**
 * Probabilities of the states of one sequence, written to N x K `states`, and what is expected of its steps, added to
 * `counts`; log p(x) is returned. Backwards, p(z_n = i, z_(n+1) = j | X) is the filtered p(i) times a_ij p(z_(n+1) = j | X)
 * over what was predicted for j, which is summed again, so that nothing but `states` is as long as the sequence.
 * Source: Rauch, Tung and Striebel, Maximum likelihood estimates of linear dynamic systems (1965), for discrete states as in
 * Murphy, Machine Learning (2012), section 17.4.3.
 */
export const smooth = (
  chain: ChainProbabilities,
  sequence: Sequence,
  logDensities: Float64Array,
  states: Float64Array,
  counts: ChainCounts,
): number => {
  const logLikelihood = filter(chain, sequence, logDensities, states)
  const { first, length } = sequence
  if (length === 0 || logLikelihood === Number.NEGATIVE_INFINITY) return logLikelihood
  const k = chain.initial.length
  const a = chain.transitions
  const ratio = new Float64Array(k)
  for (let n = first + length - 2; n >= first; n--) {
    const [here, next] = [n * k, (n + 1) * k]
    for (let j = 0; j < k; j++) {
      let predicted = 0
      for (let i = 0; i < k; i++) predicted += states[here + i]! * a[i * k + j]!
      // What was not predicted has no probability after all.
      ratio[j] = states[next + j] === 0 ? 0 : states[next + j]! / predicted
    }
    for (let i = 0; i < k; i++) {
      let smoothed = 0
      for (let j = 0; j < k; j++) {
        const step = states[here + i]! * a[i * k + j]! * ratio[j]!
        smoothed += step
        counts.transitions[i * k + j]! += step
      }
      states[here + i] = smoothed
    }
  }
  for (let j = 0; j < k; j++) counts.initial[j]! += states[first * k + j]!
  return logLikelihood
}

/**
 * The most probable states of one sequence together, written to `labels`; -1 where it is impossible. Logarithms of
 * probabilities are given. Source: Viterbi, Error bounds for convolutional codes (1967).
 */
export const viterbi = (
  { initial, transitions }: ChainProbabilities,
  { first, length }: Sequence,
  logDensities: Float64Array,
  labels: Int32Array,
): void => {
  if (length === 0) return
  const k = initial.length
  const from = new Int32Array(length * k)
  let best = initial.map((p, j) => p + logDensities[first * k + j]!)
  let next = new Float64Array(k)
  for (let n = 1; n < length; n++) {
    for (let j = 0; j < k; j++) {
      let [highest, source] = [Number.NEGATIVE_INFINITY, 0]
      for (let i = 0; i < k; i++) {
        const reached = best[i]! + transitions[i * k + j]!
        if (reached > highest) [highest, source] = [reached, i]
      }
      from[n * k + j] = source
      next[j] = highest + logDensities[(first + n) * k + j]!
    }
    ;[best, next] = [next, best]
  }
  let last = 0
  for (let j = 1; j < k; j++) if (best[j]! > best[last]!) last = j
  if (best[last] === Number.NEGATIVE_INFINITY) {
    labels.fill(-1, first, first + length)
    return
  }
  for (let n = length - 1; n >= 0; n--) {
    labels[first + n] = last
    last = from[n * k + last]!
  }
}

/**
 * Draws the states of one sequence from their posterior: forwards filtered, in N x K numbers to work with, and backwards
 * drawn. The sequence has to be possible.
 */
export const drawStates = (
  chain: ChainProbabilities,
  sequence: Sequence,
  logDensities: Float64Array,
  filtered: Float64Array,
  random: Random,
  labels: Int32Array,
): void => {
  const { first, length } = sequence
  const k = chain.initial.length
  filter(chain, sequence, logDensities, filtered)
  const masses = new Float64Array(k)
  for (let n = first + length - 1; n >= first; n--) {
    const isLast = n === first + length - 1
    for (let j = 0; j < k; j++)
      masses[j] = filtered[n * k + j]! * (isLast ? 1 : chain.transitions[j * k + labels[n + 1]!]!)
    labels[n] = drawAt(masses, 0, k, random)
  }
}
