import * as E from 'fp-ts/lib/Either.js'
import { type CallbackFailed, callbackFailed, tryCall } from './callback.js'
import type { CheckpointError } from './checkpoint/storage.js'
import { roundingOfSums } from './evaluate.js'
import type { Iteration } from './model.js'
import { relativeGain, type StoppingRule } from './stopping.js'

/** Why a run ended with a result. One that is cancelled, or fails, has none: that is an error. */
export type StoppedBy =
  /** An iteration gained no more than the tolerance. */
  | 'tolerance'
  /** The rule that was given holds. */
  | 'rule'
  /** All iterations that were asked for are done. */
  | 'iterations'
  /** The time that was given has passed. */
  | 'time limit'
  /**
   * The next point was lower by more than a millionth of the objective, which rounding explains, as it may in problems that are
   * ill-conditioned: it hides what iterations gain. The result is the highest point, before the fall.
   */
  | 'rounding'
  /** The path gave no more points, or the stream of an online fit no more batches. */
  | 'path ended'

/** What is said of how a run ended. */
export interface Ending {
  readonly stoppedBy: StoppedBy
  /**
   * Whether it ended since the last iteration gained too little: by the tolerance, or a rule about gains. False where the
   * objective fell there by more than the rounding of sums explains, or where rounding hides gains greater than those, as it
   * may in problems that are ill-conditioned.
   */
  readonly converged: boolean
  /** How far rounding may have moved the last objective, in nats: gains below it say nothing. */
  readonly rounding: number
  /** What the last iteration added to the objective, in nats; Infinity where none was done, since nothing is known then. */
  readonly lastGain: number
}

/** When a run ends by what it has found, unlike by the time that has passed. */
export interface Ends {
  readonly iterations: number
  readonly tolerance?: number
  readonly stop?: StoppingRule
}

/** A fall of this share of the objective is one that a person sees. Float32 falls by up to 5e-7. */
const SEEN = 1e-6

/** Whether the objective fell from one point to the next by so much that going on would say nothing. */
export const fallsSeen = (before: Iteration<unknown, unknown>, after: Iteration<unknown, unknown>): boolean =>
  before.objective - after.objective >
  roundingOfSums(before) + roundingOfSums(after) + SEEN * Math.abs(before.objective)

/** The run of a checkpoint. */
export interface PreviousRun {
  readonly objectives: ReadonlyArray<number>
  /** Says to a person where it was kept. */
  readonly where: string
  /** Whether the same sums have the same bits when they are added again; true by default. */
  readonly reproducible?: boolean
}

/** Why a run ends after these objectives, or `undefined`. */
export const endOf = ({ iterations, tolerance, stop }: Ends) => {
  const converged = tolerance === undefined ? undefined : relativeGain(tolerance)
  return (
    objectives: ReadonlyArray<number>,
    index: number = objectives.length - 1,
  ): E.Either<CallbackFailed, StoppedBy | undefined> => {
    if (converged?.(objectives)) return E.right('tolerance')
    const held = stop === undefined ? E.right(false) : tryCall('stop', (): unknown => stop(objectives))
    if (E.isLeft(held)) return held
    // A promise, for example, which would be taken for true.
    if (held.right instanceof Object) return callbackFailed('stop', 'it gave an object, expected true or false')
    if (held.right) return E.right('rule')
    return E.right(index >= iterations ? 'iterations' : undefined)
  }
}

/** What is to be said of a run that ended at a point. */
export const endingAt = (
  stoppedBy: StoppedBy,
  { stop, tolerance = 0 }: Ends,
  objectives: ReadonlyArray<number>,
  last: Iteration<unknown, unknown>,
): E.Either<CallbackFailed, Ending> => {
  const lastGain = objectives.length < 2 ? Number.POSITIVE_INFINITY : objectives.at(-1)! - objectives.at(-2)!
  const gainsLittle =
    stoppedBy === 'rule'
      ? tryCall('stop', () => stop?.aboutGains?.(objectives) === true)
      : E.right(stoppedBy === 'tolerance')
  if (E.isLeft(gainsLittle)) return gainsLittle
  const ofSums = roundingOfSums(last)
  const rounding = last.rounding?.() ?? ofSums
  // What a gain of the size that was asked for could be told from.
  const isSeen = rounding - ofSums <= Math.max(ofSums, tolerance * Math.abs(last.objective))
  return E.right({ stoppedBy, converged: gainsLittle.right && lastGain >= -ofSums && isSeen, rounding, lastGain })
}

/**
 * Whether a run with these options would have ended where a previous one stands, so that nothing is left to do. Errors: it
 * would have ended before; a rule that throws.
 */
export const hasEnded = (
  ends: Ends,
  { objectives, where }: PreviousRun,
): E.Either<CheckpointError | CallbackFailed, boolean> => {
  const end = endOf(ends)
  const reached: number[] = []
  for (const objective of objectives) {
    reached.push(objective)
    const found = end(reached)
    if (E.isLeft(found)) return found
    const isEnd = found.right !== undefined
    if (reached.length === objectives.length) return E.right(isEnd)
    if (isEnd) break
  }
  return E.left({
    _tag: 'CheckpointRefused',
    where,
    what: 'number of iterations',
    expected: `no more than ${reached.length - 1}, where these options end`,
    received: String(objectives.length - 1),
  })
}
