import { type ChainSteps, type Chains, chainsOn, type ExecutorError } from '@conjugate/executors'
import type { Matrix, Vector } from '@conjugate/linalg'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'

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

const asked = <A>(
  { initial, transitions, logDensities }: Chain,
  ask: (chains: Chains, logSteps: ChainSteps) => A,
): TE.TaskEither<ExecutorError, A> =>
  pipe(
    chainsOn()(initial.length, [logDensities.length / initial.length]),
    TE.map(chains =>
      ask(chains, {
        initial: Float64Array.from(initial, Math.log),
        transitions: Float64Array.from(transitions.data, Math.log),
      }),
    ),
  )

/**
 * The forward and the backward pass, in probabilities that sum to one at every place, so that nothing underflows. The
 * log-likelihood of a sequence that is impossible is -Infinity, and all of its probabilities are 0.
 * Source: Murphy, Machine Learning (2012), section 17.4.3.
 */
export const smooth = (chain: Chain): TE.TaskEither<ExecutorError, Smoothed> =>
  asked(chain, ({ smooth: all }, logSteps) => {
    const { responsibilities: states, counts, logLikelihoods } = all(logSteps, chain.logDensities)
    return { states, transitions: counts.transitions, logLikelihood: logLikelihoods[0]! }
  })

/**
 * The most probable states of a sequence as a whole, N numbers from 0 to K - 1; all are -1 where the sequence is impossible.
 * Source: Viterbi, Error bounds for convolutional codes (1967).
 */
export const viterbi = (chain: Chain): TE.TaskEither<ExecutorError, Int32Array> =>
  asked(chain, ({ decode }, logSteps) => decode(logSteps, chain.logDensities))
