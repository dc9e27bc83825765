import type { Either } from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import type { CallbackFailed } from './callback.js'
import type { CheckpointError } from './checkpoint/storage.js'
import type { InvalidOption } from './options.js'

/** What an E-step gives: expected statistics of the complete data, and log p(X | theta). */
export interface Expectation<Statistics> {
  readonly statistics: Statistics
  /** In nats. */
  readonly logLikelihood: number
  /** How far the rounding of this E-step may have moved it, where that can be told; it adds to that of the model. */
  readonly rounding?: number
}

/**
 * All that the EM loop needs of a model, which may be a mixture, a hidden Markov model, a factor model, ...
 * Source: Dempster, Laird and Rubin, Maximum likelihood from incomplete data via the EM algorithm (1977).
 */
export interface EMModel<Parameters, Statistics, Failure> {
  /** The E-step: expected statistics under the posterior of what is hidden, given the parameters. */
  readonly expect: (parameters: Parameters) => TaskEither<Failure, Expectation<Statistics>>
  /** The M-step: the parameters that maximise expected log joint plus log prior. */
  readonly maximize: (statistics: Statistics) => Either<Failure, Parameters>
  /** log p(theta) with every normalising constant; 0 for maximum likelihood. */
  readonly logPrior: (parameters: Parameters) => number
  /**
   * How far rounding may move the objective at these parameters, in nats, beyond 1e-12 of the size of its two parts (what
   * float64 sums over millions of rows in blocks stay within). A fall within that is no error.
   */
  readonly rounding?: (parameters: Parameters, expectation: Expectation<Statistics>) => number
}

/** All that a path needs besides its model to go on from a point with the same bits: plain data, for checkpoints. */
export interface Position<Parameters> {
  /** The number of M-steps done. */
  readonly index: number
  readonly parameters: Parameters
  /** Of SQUAREM: where its cycle began, if it is in one, and how far it may leap. */
  readonly cycle?: { readonly start: Parameters | null; readonly longest: number }
}

/** One point of the path of EM: parameters, and what the E-step found at them. */
export interface Iteration<Parameters, Statistics> {
  /** 0 for the initial parameters; the number of M-steps done. */
  readonly index: number
  readonly parameters: Parameters
  readonly expectation: Expectation<Statistics>
  readonly logPrior: number
  /** log p(X, theta) = logLikelihood + logPrior. */
  readonly objective: number
  /** How far rounding may have moved the objective, in nats. */
  readonly rounding?: () => number
  /** From where the path goes on. */
  readonly position: Position<Parameters>
}

/** Why a path or a run has no result: a step failed, the objective fell or is not finite, or the run was cancelled. */
export type EMError<Failure> =
  | {
      readonly _tag: 'StepFailed'
      readonly step: 'expectation' | 'maximization'
      readonly iteration: number
      readonly cause: Failure
    }
  | { readonly _tag: 'ObjectiveNotFinite'; readonly iteration: number; readonly objective: number }
  | {
      readonly _tag: 'ObjectiveDecreased'
      readonly iteration: number
      readonly from: number
      readonly to: number
      /** The fall that rounding would have explained. */
      readonly rounding: number
    }
  /** By the signal. The point reached is in the checkpoint, where there is one. */
  | { readonly _tag: 'Cancelled'; readonly iteration: number }
  /** The path ended before its first point. */
  | { readonly _tag: 'NoPoint' }
  | InvalidOption
  | CallbackFailed
  | CheckpointError

/**
 * Whether a step failed not because of what it computes but of where: it was stopped, or what computed is gone, and the same step may
 * be taken again. Such errors of a model are called `Interrupted`.
 */
export const isInterrupted = (error: { readonly _tag: string; readonly cause?: { readonly _tag: string } }): boolean =>
  (error._tag === 'StepFailed' ? error.cause : error)?._tag === 'Interrupted'
