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
  /** The objectives of the run that the path goes on with; the last one is that of its first point. */
  readonly previous?: ReadonlyArray<number>
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

const refused = (expected: number, received: number): CheckpointError => ({
  _tag: 'CheckpointRefused',
  what: 'objective',
  expected: `${received}, as this model and data give on this backend`,
  received: String(expected),
})

/** Consumes a path of EM up to a number of M-steps, an early stop or an abort. Errors: those of the path, and of saving. */
export const run =
  <P, S>({ iterations, tolerance, stop, timeLimit, onIteration, signal, previous, save }: RunOptions<P, S>) =>
  <F>(path: AsyncIterable<E.Either<EMError<F>, Iteration<P, S>>>): TaskEither<EMError<F>, Run<P, S>> =>
  async () => {
    const objectives: number[] = previous?.slice(0, -1) ?? []
    const converged = tolerance === undefined ? undefined : relativeGain(tolerance)
    const began = performance.now()
    const breathe = breather()
    const isDue = save && schedule(save)
    const reason = (index: number): Run<P, S>['stoppedBy'] | undefined => {
      if (index >= iterations) return 'iterations'
      if (converged?.(objectives) || stop?.(objectives)) return 'rule'
      return timeLimit !== undefined && performance.now() - began >= timeLimit ? 'time limit' : undefined
    }
    let isFirst = true
    for await (const step of path) {
      if (E.isLeft(step)) return step
      const { index, objective, position } = step.right
      // The same bits are what a checkpoint promises: anything else is another model, other data or another backend.
      const expected = isFirst ? previous?.at(-1) : undefined
      if (expected !== undefined && expected !== objective) return E.left(refused(expected, objective))
      isFirst = false
      objectives.push(objective)
      onIteration?.(step.right)
      const stoppedBy = reason(index)
      if (save && (isDue?.() || stoppedBy !== undefined)) {
        const saved = await save.write({ position, objectives })()
        if (E.isLeft(saved)) return saved
      }
      if (stoppedBy !== undefined) return E.right({ last: step.right, objectives, stoppedBy })
      await breathe()
      if (signal?.aborted) return E.left({ _tag: 'Cancelled', iteration: index })
    }
    // A path has no end of its own.
    return E.left({ _tag: 'Cancelled', iteration: objectives.length - 1 })
  }
