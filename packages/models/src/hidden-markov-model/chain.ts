import { type ChainSteps, type Chains, chainsInJavaScript } from '@conjugate/executors'
import type { Matrix, Vector } from '@conjugate/linalg'

/** The probabilities of the states of one sequence, and how often states are expected to follow each other. */
export interface Smoothed {
  /** N x K: p(z_n = k | X). */
  readonly states: Float64Array
  /** K x K: sum_n p(z_(n-1) = j, z_n = k | X). */
  readonly transitions: Float64Array
  /** log p(X). */
  readonly logLikelihood: number
}

/** A chain of K states and the N x K log densities of what a sequence shows, of emissions of any kind. */
export interface Chain {
  readonly initial: Vector
  readonly transitions: Matrix
  readonly logDensities: Float64Array
}

const asked = ({
  initial,
  transitions,
  logDensities,
}: Chain): { readonly chains: Chains; readonly steps: ChainSteps } => ({
  chains: chainsInJavaScript(initial.length, [logDensities.length / initial.length]),
  steps: {
    initial: Float64Array.from(initial, Math.log),
    transitions: Float64Array.from(transitions.data, Math.log),
  },
})

/**
 * The forward and the backward pass, in probabilities that sum to one at every place, so that nothing underflows. The
 * log-likelihood of a sequence that is impossible is -Infinity, and all of its probabilities are 0.
 * Source: Murphy, Machine Learning (2012), section 17.4.3.
 */
export const smooth = (chain: Chain): Smoothed => {
  const { chains, steps } = asked(chain)
  const { responsibilities: states, counts, logLikelihoods } = chains.smooth(steps, chain.logDensities)
  return { states, transitions: counts.transitions, logLikelihood: logLikelihoods[0]! }
}

/**
 * The most probable states of a sequence as a whole, N numbers from 0 to K - 1; all are -1 where the sequence is impossible.
 * Source: Viterbi, Error bounds for convolutional codes (1967).
 */
export const viterbi = (chain: Chain): Int32Array => {
  const { chains, steps } = asked(chain)
  return chains.decode(steps, chain.logDensities)
}
