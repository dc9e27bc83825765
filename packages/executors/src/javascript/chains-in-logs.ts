// Chains in logarithms, which lose nothing however improbable it is: for the sequences in which probabilities would.
import type { ChainSteps } from '../contract/chains.js'
import type { Sequence } from '../contract/sequences.js'

/** log(exp a + exp b). */
const addLogs = (a: number, b: number): number => {
  const [high, low] = a > b ? [a, b] : [b, a]
  return high === Number.NEGATIVE_INFINITY ? high : high + Math.log1p(Math.exp(low - high))
}

/**
 * Writes log p(x_1, ..., x_n, z_n = k) of one sequence to N x K `forward`, less its sum at every place, and gives the sum of
 * these, log p(X).
 */
export const filterInLogs = (
  { initial, transitions }: ChainSteps,
  { first, length }: Sequence,
  logDensities: Float64Array,
  forward: Float64Array,
): number => {
  const k = initial.length
  let logLikelihood = 0
  for (let n = first; n < first + length; n++) {
    const at = n * k
    let sum = Number.NEGATIVE_INFINITY
    for (let j = 0; j < k; j++) {
      let predicted = n === first ? initial[j]! : Number.NEGATIVE_INFINITY
      if (n > first)
        for (let i = 0; i < k; i++) predicted = addLogs(predicted, forward[at - k + i]! + transitions[i * k + j]!)
      forward[at + j] = predicted + logDensities[at + j]!
      sum = addLogs(sum, forward[at + j]!)
    }
    if (sum === Number.NEGATIVE_INFINITY) return sum
    for (let j = 0; j < k; j++) forward[at + j]! -= sum
    logLikelihood += sum
  }
  return logLikelihood
}

/**
 * Probabilities of the states of one sequence from what `filterInLogs` wrote and gave; what is expected of its steps is added to
 * `counts`.
 */
export const smoothInLogs = (
  { initial, transitions }: ChainSteps,
  { first, length }: Sequence,
  logLikelihood: number,
  states: Float64Array,
  counts: ChainSteps,
): void => {
  const k = initial.length
  if (logLikelihood === Number.NEGATIVE_INFINITY) {
    states.fill(0, first * k, (first + length) * k)
    return
  }
  const ratio = new Float64Array(k)
  for (let n = first + length - 2; n >= first; n--) {
    const [here, next] = [n * k, (n + 1) * k]
    for (let j = 0; j < k; j++) {
      let predicted = Number.NEGATIVE_INFINITY
      for (let i = 0; i < k; i++) predicted = addLogs(predicted, states[here + i]! + transitions[i * k + j]!)
      ratio[j] =
        states[next + j] === Number.NEGATIVE_INFINITY ? Number.NEGATIVE_INFINITY : states[next + j]! - predicted
    }
    for (let i = 0; i < k; i++) {
      let smoothed = Number.NEGATIVE_INFINITY
      for (let j = 0; j < k; j++) {
        const step = states[here + i]! + transitions[i * k + j]! + ratio[j]!
        smoothed = addLogs(smoothed, step)
        counts.transitions[i * k + j]! += Math.exp(step)
      }
      states[here + i] = smoothed
    }
  }
  for (let i = first * k; i < (first + length) * k; i++) states[i] = Math.exp(states[i]!)
  if (length > 0) for (let j = 0; j < k; j++) counts.initial[j]! += states[first * k + j]!
}
