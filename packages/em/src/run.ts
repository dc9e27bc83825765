import * as E from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import type { CheckpointError } from './checkpoint/storage.js'
import type { EMError, Iteration, Position } from './model.js'
import { relativeGain, type StoppingRule } from './stopping.js'

/** How far a run has come: what is needed to go on with the same bits. */
export interface Progress<Parameters> {
  readonly position: Position<Parameters>
  /** The objective before each M-step and at the position. */
  readonly objectives: ReadonlyArray<number>
}

/** How often progress is saved: after so many iterations or seconds, whichever comes first, and at the end. */
export interface SaveOptions<Parameters> {
  readonly everyIterations?: number
  readonly everySeconds?: number
  readonly write: (progress: Progress<Parameters>) => TaskEither<CheckpointError, void>
}

/** The run of a checkpoint. */
export interface PreviousRun {
  readonly objectives: ReadonlyArray<number>
  /** For a person: where it was kept. */
  readonly where: string
}

export interface RunOptions<Parameters, Statistics> {
  /** M-steps at the most. */
  readonly iterations: number
  /**
   * Stops early once an iteration raises the objective by no more than this share of its size; absent, all iterations
   * are done.
   */
  readonly tolerance?: number
  /** Stops early once the rule holds. */
  readonly stop?: StoppingRule
  /** Stops after the iteration in which this many milliseconds have passed. The point reached is a result like any other. */
  readonly timeLimit?: number
  /** Called after every E-step, the first included. */
  readonly onIteration?: (iteration: Iteration<Parameters, Statistics>) => void
  readonly signal?: AbortSignal
  /** What the path goes on with: the last of these objectives is that of its first point. */
  readonly previous?: PreviousRun
  readonly save?: SaveOptions<Parameters>
}

export interface Run<Parameters, Statistics> {
  /** The point where the run ended, with the last E-step. */
  readonly last: Iteration<Parameters, Statistics>
  /** The objective before each M-step and after the last E-step: one value more than M-steps. */
  readonly objectives: ReadonlyArray<number>
  readonly stoppedBy: 'iterations' | 'rule' | 'time limit'
}

/** How long the loop may keep the thread to itself, in milliseconds. */
const TURN = 30

/** Lets others have a turn between iterations (a progress bar, an abort), but not so often that it costs time. */
const breather = (): (() => Promise<void>) => {
  let last = performance.now()
  return async () => {
    if (performance.now() - last < TURN) return
    await new Promise(resolve => setTimeout(resolve, 0))
    last = performance.now()
  }
}

/** Whether progress is due to be saved. */
const schedule = ({ everyIterations, everySeconds }: Pick<SaveOptions<never>, 'everyIterations' | 'everySeconds'>) => {
  let [iterations, last] = [0, performance.now()]
  return (): boolean => {
    iterations++
    const due =
      iterations >= (everyIterations ?? Number.POSITIVE_INFINITY) ||
      performance.now() - last >= 1000 * (everySeconds ?? Number.POSITIVE_INFINITY)
    if (due) [iterations, last] = [0, performance.now()]
    return due
  }
}

/** When a run ends by what it has found, unlike by the time that has passed. */
type Ends = Pick<RunOptions<never, never>, 'iterations' | 'tolerance' | 'stop'>

const ending = ({ iterations, tolerance, stop }: Ends) => {
  const converged = tolerance === undefined ? undefined : relativeGain(tolerance)
  return (
    objectives: ReadonlyArray<number>,
    index: number = objectives.length - 1,
  ): 'iterations' | 'rule' | undefined => {
    if (index >= iterations) return 'iterations'
    return converged?.(objectives) || stop?.(objectives) ? 'rule' : undefined
  }
}

/**
 * Whether a run with these options would have ended where a previous one stands, so that nothing is left to do. Errors: it
 * would have ended before.
 */
export const hasEnded = (ends: Ends, { objectives, where }: PreviousRun): E.Either<CheckpointError, boolean> => {
  const endOf = ending(ends)
  const reached: number[] = []
  for (const objective of objectives) {
    reached.push(objective)
    const isEnd = endOf(reached) !== undefined
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

/** The same bits are what a checkpoint promises: anything else is another model, other data or another backend. */
const checkObjective = (
  { objectives, where }: PreviousRun,
  { objective }: { readonly objective: number },
): E.Either<CheckpointError, void> =>
  objectives.at(-1) === objective
    ? E.right(undefined)
    : E.left({
        _tag: 'CheckpointRefused',
        where,
        what: 'objective',
        expected: `${objective}, as this model and data give on this backend`,
        received: String(objectives.at(-1)),
      })

/**
 * Consumes a path of EM up to a number of M-steps, an early stop or an abort. Progress is saved then too. Errors: those of the
 * path, and of saving; a previous run that is none of this path, or went on for longer than these options do.
 */
export const run =
  <P, S>({ timeLimit, onIteration, signal, previous, save, ...ends }: RunOptions<P, S>) =>
  <F>(path: AsyncIterable<E.Either<EMError<F>, Iteration<P, S>>>): TaskEither<EMError<F>, Run<P, S>> =>
  async () => {
    const began = performance.now()
    if (previous) {
      const ended = hasEnded(ends, previous)
      if (E.isLeft(ended)) return ended
    }
    const objectives: number[] = previous?.objectives.slice(0, -1) ?? []
    const endOf = ending(ends)
    const isLate = (): boolean => timeLimit !== undefined && performance.now() - began >= timeLimit
    const breathe = breather()
    const isDue = save && schedule(save)
    let isFirst = true
    for await (const step of path) {
      if (E.isLeft(step)) return step
      const { index, objective, position } = step.right
      const same = isFirst && previous ? checkObjective(previous, step.right) : E.right(undefined)
      if (E.isLeft(same)) return same
      isFirst = false
      objectives.push(objective)
      onIteration?.(step.right)
      const stoppedBy = endOf(objectives, index) ?? (isLate() ? 'time limit' : undefined)
      if (stoppedBy === undefined) await breathe()
      const isCancelled = stoppedBy === undefined && signal?.aborted === true
      // A copy: what is kept has to stay that of the position while the run goes on.
      if (save && (isDue?.() || stoppedBy !== undefined || isCancelled)) {
        const saved = await save.write({ position, objectives: [...objectives] })()
        if (E.isLeft(saved)) return saved
      }
      if (stoppedBy !== undefined) return E.right({ last: step.right, objectives, stoppedBy })
      if (isCancelled) return E.left({ _tag: 'Cancelled', iteration: index })
    }
    // A path has no end of its own.
    return E.left({ _tag: 'Cancelled', iteration: objectives.length - 1 })
  }
