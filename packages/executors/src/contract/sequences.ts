import type { ChainSteps } from './chains.js'

/** Rows of a sequence among the rows of all, from row `first` on. */
export interface Sequence {
  readonly first: number
  readonly length: number
}

/** Sequences that lie one after the other. */
export const sequencesOf = (lengths: ArrayLike<number>): ReadonlyArray<Sequence> => {
  let end = 0
  return Array.from(lengths, length => {
    end += length
    return { first: end - length, length }
  })
}

/** Nothing counted yet. */
export const noSteps = (states: number): ChainSteps => ({
  initial: new Float64Array(states),
  transitions: new Float64Array(states * states),
})

/** Counts the steps of sequences whose states are known; none to or from a state of -1. */
export const countSteps =
  (states: number, sequences: ReadonlyArray<Sequence>) =>
  (known: Int32Array): ChainSteps => {
    const counts = noSteps(states)
    for (const { first, length } of sequences)
      for (let n = first; n < first + length; n++) {
        const [from, to] = [n === first ? 0 : known[n - 1]!, known[n]!]
        if (to < 0 || from < 0) continue
        if (n === first) counts.initial[to]!++
        else counts.transitions[from * states + to]!++
      }
    return counts
  }
