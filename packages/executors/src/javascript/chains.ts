import type { ChainSteps, Chains } from '../contract/chains.js'
import { countSteps, noSteps, type Sequence, sequencesOf } from '../contract/sequences.js'
import { drawnAt, uniformAt } from '../contract/uniform.js'
import { filterInLogs, smoothInLogs } from './chains-in-logs.js'

/** Steps as probabilities, and what may become of probabilities by them. */
export interface Probable extends ChainSteps {
  /**
   * - `never`: each state follows each, so that what a state that is lost would add to the next ones is nothing beside what
   *   they have from the others, and there is no need to look.
   * - `seen`: what is lost is seen by its size.
   * - `everywhere`: some steps are so improbable that products with them may be lost without a trace.
   */
  readonly loses: 'never' | 'seen' | 'everywhere'
}

/** Log probabilities of steps above these are told from 0 beside what is lost, and in products with any that is not. */
const [PROBABLE, POSSIBLE] = [-300, -69]

/** Filtered probabilities below this may have lost digits; more than all of them; what may be lost of what is kept. */
const [LEAST, LOSS, MOST] = [2 ** -900, 2 ** -890, 2 ** -60]

/** A state of this share has forgotten what was lost before, where that is less than the second number. */
const [FORGETTING, FORGOTTEN] = [2 ** -300, 2 ** -400]

/** Where each state follows each: a first row of this sum has lost nothing of account. */
const FIRST = 2 ** -500

const losesOf = ({ initial, transitions }: ChainSteps): Probable['loses'] => {
  let [least, leastPossible] = [0, 0]
  for (let i = 0; i < transitions.length; i++) {
    least = Math.min(least, transitions[i]!)
    if (transitions[i] !== Number.NEGATIVE_INFINITY) leastPossible = Math.min(leastPossible, transitions[i]!)
  }
  if (least > PROBABLE) return 'never'
  for (let i = 0; i < initial.length; i++)
    if (initial[i] !== Number.NEGATIVE_INFINITY) leastPossible = Math.min(leastPossible, initial[i]!)
  return leastPossible > POSSIBLE ? 'seen' : 'everywhere'
}

/** Steps of these log probabilities. */
export const probableOf = (logSteps: ChainSteps): Probable => ({
  initial: logSteps.initial.map(Math.exp),
  transitions: logSteps.transitions.map(Math.exp),
  loses: losesOf(logSteps),
})

/**
 * Filtered probabilities p(z_n = k | x_1, ..., x_n) of one sequence, which sum to one at every place, so that nothing
 * underflows however long it is; log p(x) is returned, -Infinity of an impossible sequence, whose probabilities are 0.
 * Densities are taken over the greatest of a state that can be reached. `undefined` where a probability is lost that may count: what
 * is lost grows, beside what is kept, by one over each sum at the most.
 */
const filter = (
  { initial, transitions, loses }: Probable,
  { first, length }: Sequence,
  logDensities: Float64Array,
  filtered: Float64Array,
): number | undefined => {
  const k = initial.length
  let logLikelihood = 0
  let risk = 0
  for (let n = first; n < first + length; n++) {
    const at = n * k
    let [highest, top] = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY]
    let [lowest, isLost] = [1, loses === 'everywhere']
    for (let j = 0; j < k; j++) {
      let predicted = 0
      if (n === first) predicted = initial[j]!
      else for (let i = 0; i < k; i++) predicted += filtered[at - k + i]! * transitions[i * k + j]!
      filtered[at + j] = predicted
      if (predicted < lowest) lowest = predicted
      if (logDensities[at + j]! > top) top = logDensities[at + j]!
      if (predicted > 0 && logDensities[at + j]! > highest) highest = logDensities[at + j]!
    }
    let sum = 0
    for (let j = 0; j < k; j++) {
      const [predicted, log] = [filtered[at + j]!, logDensities[at + j]!]
      const found = predicted > 0 && log > Number.NEGATIVE_INFINITY ? predicted * Math.exp(log - highest) : 0
      if (found < LEAST && predicted > 0 && log > Number.NEGATIVE_INFINITY) isLost = true
      filtered[at + j] = found
      sum += found
    }
    // Beside the greatest density of any state, since one that is lost may have it.
    const share = sum > 0 ? sum * Math.exp(highest - top) : 0
    if (loses === 'never') {
      if (n === first && share < FIRST) return undefined
    } else {
      if (n > first && lowest > FORGETTING && risk < FORGOTTEN) risk = 0
      if (isLost) risk += LOSS
      if (risk > MOST * share) return undefined
      if (risk > 0) risk /= share
    }
    if (sum === 0) {
      filtered.fill(0, first * k, (first + length) * k)
      return Number.NEGATIVE_INFINITY
    }
    for (let j = 0; j < k; j++) filtered[at + j]! /= sum
    logLikelihood += Math.log(sum) + highest
  }
  return logLikelihood
}

/**
 * Probabilities of the states of one sequence, from filtered ones in their place, and what is expected of its steps, added to
 * `counts`. Backwards, p(z_n = i, z_(n+1) = j | X) is the filtered p(i) times a_ij p(z_(n+1) = j | X) over what was predicted
 * for j, which is summed again, so that nothing but `states` is as long as the sequence.
 * Source: Rauch, Tung and Striebel, Maximum likelihood estimates of linear dynamic systems (1965), for discrete states as in
 * Murphy, Machine Learning (2012), section 17.4.3.
 */
const smooth = (
  { initial, transitions: a }: ChainSteps,
  { first, length }: Sequence,
  states: Float64Array,
  counts: ChainSteps,
): void => {
  if (length === 0) return
  const k = initial.length
  const ratio = new Float64Array(k)
  for (let n = first + length - 2; n >= first; n--) {
    const [here, next] = [n * k, (n + 1) * k]
    for (let j = 0; j < k; j++) {
      let predicted = 0
      for (let i = 0; i < k; i++) predicted += states[here + i]! * a[i * k + j]!
      // What was not predicted has no probability after all.
      ratio[j] = states[next + j] === 0 ? 0 : states[next + j]! / predicted
    }
    let sum = 0
    for (let i = 0; i < k; i++) {
      let smoothed = 0
      for (let j = 0; j < k; j++) {
        const step = states[here + i]! * a[i * k + j]! * ratio[j]!
        smoothed += step
        counts.transitions[i * k + j]! += step
      }
      states[here + i] = smoothed
      sum += smoothed
    }
    for (let i = 0; i < k; i++) states[here + i]! /= sum
  }
  for (let j = 0; j < k; j++) counts.initial[j]! += states[first * k + j]!
}

/**
 * The most probable states of one sequence together, written to `labels`; -1 where it is impossible.
 * Source: Viterbi, Error bounds for convolutional codes (1967).
 */
const viterbi = (
  { initial, transitions }: ChainSteps,
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
 * States of one sequence drawn backwards, from filtered probabilities or, less their sum, their logarithms; those of an impossible
 * one are -1.
 */
export const drawBackwards = (
  { initial, transitions }: ChainSteps,
  { first, length }: Sequence,
  filtered: Float64Array,
  inLogs: boolean,
  seed: number,
  labels: Int32Array,
): void => {
  const k = initial.length
  const masses = new Float64Array(k)
  for (let n = first + length - 1; n >= first; n--) {
    const isLast = n === first + length - 1
    for (let j = 0; j < k; j++) {
      const step = isLast ? (inLogs ? 0 : 1) : transitions[j * k + labels[n + 1]!]!
      masses[j] = inLogs ? filtered[n * k + j]! + step : filtered[n * k + j]! * step
    }
    if (inLogs) {
      const highest = masses.reduce((a, b) => Math.max(a, b))
      for (let j = 0; j < k; j++) masses[j] = Math.exp(masses[j]! - highest)
    }
    labels[n] = drawnAt(masses, 0, k, uniformAt(seed, n))
  }
}

/** The filter or its logarithms, as the steps and the sequence ask for: which it was, and log p(x). */
const filterOf =
  (logSteps: ChainSteps, logDensities: Float64Array, filtered: Float64Array) =>
  (steps: Probable, sequence: Sequence): { readonly logLikelihood: number; readonly inLogs: boolean } => {
    const found = filter(steps, sequence, logDensities, filtered)
    return found === undefined
      ? { logLikelihood: filterInLogs(logSteps, sequence, logDensities, filtered), inLogs: true }
      : { logLikelihood: found, inLogs: false }
  }

/** Chains in plain JavaScript, in the calling thread, which are there at once. */
export const chainsInJavaScript = (states: number, lengths: ArrayLike<number>): Chains => {
  const sequences = sequencesOf(lengths)
  const last = sequences.at(-1)
  const rows = last ? last.first + last.length : 0
  return {
    smooth: (logSteps, logDensities) => {
      const steps = probableOf(logSteps)
      const responsibilities = new Float64Array(rows * states)
      const counts = noSteps(states)
      const filterOne = filterOf(logSteps, logDensities, responsibilities)
      const logLikelihoods = Float64Array.from(sequences, sequence => {
        const { logLikelihood, inLogs } = filterOne(steps, sequence)
        if (inLogs) smoothInLogs(logSteps, sequence, logLikelihood, responsibilities, counts)
        else if (logLikelihood > Number.NEGATIVE_INFINITY) smooth(steps, sequence, responsibilities, counts)
        return logLikelihood
      })
      return { responsibilities, counts, logLikelihoods }
    },
    decode: (logSteps, logDensities) => {
      const labels = new Int32Array(rows)
      for (const sequence of sequences) viterbi(logSteps, sequence, logDensities, labels)
      return labels
    },
    sample: (logSteps, logDensities, seed) => {
      const steps = probableOf(logSteps)
      const labels = new Int32Array(rows)
      const filtered = new Float64Array(rows * states)
      const filterOne = filterOf(logSteps, logDensities, filtered)
      for (const sequence of sequences) {
        const { logLikelihood, inLogs } = filterOne(steps, sequence)
        if (logLikelihood > Number.NEGATIVE_INFINITY)
          drawBackwards(inLogs ? logSteps : steps, sequence, filtered, inLogs, seed, labels)
        else labels.fill(-1, sequence.first, sequence.first + sequence.length)
      }
      return labels
    },
    count: countSteps(states, sequences),
  }
}
