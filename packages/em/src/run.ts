import * as E from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import { callbackFailed, reasonOf, tryCallAsync } from './callback.js'
import type { CheckpointError } from './checkpoint/storage.js'
import { type Ending, endingAt, endOf, fallsSeen, hasEnded, type PreviousRun } from './ending.js'
import type { Step } from './evaluate.js'
import { type EMError, type Iteration, isInterrupted, type Position } from './model.js'
import { checkOptions } from './options.js'
import {
  anything,
  atLeast,
  atLeastOrInfinity,
  callable,
  exactly,
  numbers,
  object,
  optional,
  text,
  truth,
  whole,
} from './schema/schema.js'
import type { StoppingRule } from './stopping.js'
import { breather, type Intervals, intervalFields, schedule } from './timing.js'

/** How far a run has come: what is needed to go on with the same bits. */
export interface Progress<Parameters> {
  readonly position: Position<Parameters>
  /** The objective before each M-step and at the position. */
  readonly objectives: ReadonlyArray<number>
}

/** How often progress is saved: after so many iterations or seconds, whichever comes first, and at the end. */
export interface SaveOptions<Parameters> extends Intervals {
  readonly write: (progress: Progress<Parameters>) => TaskEither<CheckpointError, void>
}

/** When a run ends, what it tells on the way and where it is saved. */
export interface RunOptions<Parameters, Statistics> {
  /** The largest number of M-steps. */
  readonly iterations: number
  /**
   * Stops early once an iteration raises the objective by no more than this share of its size; absent, all iterations
   * are done.
   */
  readonly tolerance?: number
  /** Stops early once the rule holds, for example because a person has asked for the result there is. */
  readonly stop?: StoppingRule
  /** Stops after the iteration in which this many milliseconds have passed. The point reached is a result like any other. */
  readonly timeLimit?: number
  /** Called after every E-step, the first included. If it gives a promise, that is waited for. */
  readonly onIteration?: (iteration: Iteration<Parameters, Statistics>) => unknown
  /** Ends the run with the error `Cancelled`; where progress is saved, the point reached is saved before. */
  readonly signal?: Pick<AbortSignal, 'aborted'>
  /** What the path goes on with: the last of these objectives is that of its first point. */
  readonly previous?: PreviousRun
  readonly save?: SaveOptions<Parameters>
}

/** The result of a run: its last point, its objectives and how it ended. */
export interface Run<Parameters, Statistics> extends Ending {
  /** The point where the run ended, with the last E-step. */
  readonly last: Iteration<Parameters, Statistics>
  /** The objective before each M-step and after the last E-step: one value more than M-steps. */
  readonly objectives: ReadonlyArray<number>
}

/** The same bits are what a checkpoint promises where there can be such: else this is another model, other data or another backend. */
const checkObjective = (
  { objectives, where, reproducible = true }: PreviousRun,
  { objective, rounding }: Iteration<unknown, unknown>,
): E.Either<CheckpointError, void> => {
  const within = reproducible ? 0 : 2 * (rounding?.() ?? 0)
  return Math.abs(objectives.at(-1)! - objective) <= within
    ? E.right(undefined)
    : E.left({
        _tag: 'CheckpointRefused',
        where,
        what: 'objective',
        expected: `${objective}, as this model and data give on this backend`,
        received: String(objectives.at(-1)),
      })
}

const schema = exactly({
  iterations: whole(0),
  tolerance: optional(atLeast(0)),
  stop: optional(callable),
  timeLimit: optional(atLeastOrInfinity(0)),
  onIteration: optional(callable),
  signal: optional(anything),
  previous: optional(object({ objectives: numbers(), where: text, reproducible: optional(truth) })),
  save: optional(exactly({ ...intervalFields, write: callable })),
})

/** Saves progress. Errors: those of `write`, which may also throw or reject. */
const saved = async <P>(
  { write }: SaveOptions<P>,
  progress: Progress<P>,
): Promise<E.Either<CheckpointError, unknown>> => {
  try {
    return await write(progress)()
  } catch (thrown) {
    return E.left({ _tag: 'CheckpointUnwritable', where: 'of the run', reason: reasonOf(thrown) })
  }
}

/**
 * Consumes a path of EM up to a number of M-steps, an early stop, its own end or an abort. Progress is saved then too. It takes
 * the path first, `run(path, options)`, or waits for it: `pipe(path, run(options))`.
 * Errors: options out of range; those of the path, and of saving; a function of the caller that throws, after progress has been
 * saved; a previous run that is none of this path, or went on for longer than these options do; a path without any point.
 */
export const run: {
  <P, S, F>(path: AsyncIterable<Step<P, S, F>>, options: RunOptions<P, S>): TaskEither<EMError<F>, Run<P, S>>
  <P, S>(options: RunOptions<P, S>): <F>(path: AsyncIterable<Step<P, S, F>>) => TaskEither<EMError<F>, Run<P, S>>
} = ((first: never, ...rest: ReadonlyArray<never>) =>
  rest.length > 0 ? consumed(first, rest[0]!) : (path: never) => consumed(path, first)) as never

const consumed =
  <P, S, F>(path: AsyncIterable<Step<P, S, F>>, options: RunOptions<P, S>): TaskEither<EMError<F>, Run<P, S>> =>
  async () => {
    const began = performance.now()
    const checked = checkOptions(schema)(options)
    if (E.isLeft(checked)) return checked
    const { timeLimit, onIteration, signal, previous, save, ...ends } = options
    if (previous) {
      const ended = hasEnded(ends, previous)
      if (E.isLeft(ended)) return ended
    }
    const objectives: number[] = previous?.objectives.slice(0, -1) ?? []
    const end = endOf(ends)
    const isLate = (): boolean => timeLimit !== undefined && performance.now() - began >= timeLimit
    const breathe = breather()
    const isDue = save && schedule(save)
    let last: Iteration<P, S> | undefined
    let isSaved = false
    /** Saves the last point. A copy: what is kept has to stay that of the position while the run goes on. */
    const store = async (): Promise<E.Either<CheckpointError, unknown>> => {
      if (!save || !last || isSaved) return E.right(undefined)
      isSaved = true
      return saved(save, { position: last.position, objectives: [...objectives] })
    }
    /** An error that is not that of the path: what has been reached is kept. */
    const fail = async (error: EMError<F>): Promise<E.Either<EMError<F>, never>> => {
      const kept = await store()
      return E.isLeft(kept) ? kept : E.left(error)
    }
    /** What a step that was stopped, or lost where it ran, leaves: the point before it. */
    const broken = async (step: E.Left<EMError<F>>): Promise<E.Either<EMError<F>, Run<P, S>>> => {
      if (!isInterrupted(step.left as { readonly _tag: string })) return step
      if (signal?.aborted) return fail({ _tag: 'Cancelled', iteration: last?.index ?? 0 })
      return isLate() && last ? finish('time limit', last) : fail(step.left)
    }
    const finish = async (
      stoppedBy: Ending['stoppedBy'],
      at: Iteration<P, S>,
    ): Promise<E.Either<EMError<F>, Run<P, S>>> => {
      const kept = await store()
      if (E.isLeft(kept)) return kept
      const ending = endingAt(stoppedBy, ends, objectives, at)
      return E.isLeft(ending) ? ending : E.right({ last: at, objectives, ...ending.right })
    }
    try {
      for await (const step of path) {
        if (E.isLeft(step)) return await broken(step)
        const same = last === undefined && previous ? checkObjective(previous, step.right) : E.right(undefined)
        if (E.isLeft(same)) return same
        if (last && fallsSeen(last, step.right)) return await finish('rounding', last)
        last = step.right
        isSaved = false
        objectives.push(last.objective)
        const told = onIteration ? await tryCallAsync('onIteration', () => onIteration(step.right)) : E.right(undefined)
        if (E.isLeft(told)) return await fail(told.left)
        const found = end(objectives, last.index)
        if (E.isLeft(found)) return await fail(found.left)
        const stoppedBy = found.right ?? (isLate() ? 'time limit' : undefined)
        if (stoppedBy !== undefined) return await finish(stoppedBy, last)
        await breathe()
        if (signal?.aborted) return await fail({ _tag: 'Cancelled', iteration: last.index })
        if (isDue?.()) {
          const kept = await store()
          if (E.isLeft(kept)) return kept
        }
      }
    } catch (thrown) {
      // Of steps of a model, which are functions of the caller, too.
      return fail(callbackFailed('the path', thrown).left)
    }
    return last === undefined ? E.left({ _tag: 'NoPoint' }) : finish('path ended', last)
  }
