/** Numbers for each of K states as the first one (K), and for what follows each (K x K, row-major). */
export interface ChainSteps {
  readonly initial: Float64Array
  readonly transitions: Float64Array
}

/** What is known of the states of sequences, given what they show. */
export interface SmoothedChains {
  /** The probabilities p(z_n = k | X), N x K; all are 0 in a sequence that is impossible. */
  readonly responsibilities: Float64Array
  /** How often states are expected to come first, and to follow each other, in all sequences. */
  readonly counts: ChainSteps
  /** log p(X) of each sequence, in nats; -Infinity of an impossible one, and 0 of an empty one. */
  readonly logLikelihoods: Float64Array
}

/**
 * Sequences of hidden states, one after the other. Steps are told by log probabilities, -Infinity where one is forbidden, which
 * in variational Bayes need not be those of numbers that sum to one. Log densities are N x K, in nats: finite, or -Infinity where
 * a state cannot show what was observed. Nothing underflows, however long a sequence or improbable a state is, and what is said
 * of a sequence does not depend on the others. Arrays have these lengths, which is not checked, as this is asked in every
 * iteration.
 */
export interface Chains {
  /**
   * The posterior of the states. Where log densities are not needed any more, `isSpent`, responsibilities may be written in their
   * place: memory that a process has just been given takes longer to write than they take to compute.
   */
  readonly smooth: (logSteps: ChainSteps, logDensities: Float64Array, isSpent?: boolean) => SmoothedChains
  /** The most probable states of each sequence as a whole, N numbers; all are -1 in an impossible one. */
  readonly decode: (logSteps: ChainSteps, logDensities: Float64Array) => Int32Array
  /**
   * N states drawn from their posterior, the one at place n by uniform number n of a seed, a whole number from 0 to 2^53 - 1. All
   * are -1 in an impossible sequence.
   */
  readonly sample: (logSteps: ChainSteps, logDensities: Float64Array, seed: number) => Int32Array
  /** How often states come first, and follow each other, in N states that are known; none where one of them is -1. */
  readonly count: (states: Int32Array) => ChainSteps
}
