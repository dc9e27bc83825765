import * as E from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import type { EMError, Iteration } from './model.js'

export interface RunOptions<Parameters, Statistics> {
  /** M-steps at the most. */
  readonly iterations: number
  /**
   * Stops early once an iteration raises the objective by no more than this share of its size; absent, all iterations
   * are done.
   */
  readonly tolerance?: number
  /** Called after every E-step, the first included. */
  readonly onIteration?: (iteration: Iteration<Parameters, Statistics>) => void
  readonly signal?: AbortSignal
}

export interface Run<Parameters, Statistics> {
  /** The point where the run ended, with the last E-step. */
  readonly last: Iteration<Parameters, Statistics>
  /** The objective before each M-step and after the last E-step: one value more than M-steps. */
  readonly objectives: ReadonlyArray<number>
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

const hasConverged = (objectives: ReadonlyArray<number>, tolerance: number | undefined): boolean => {
  if (tolerance === undefined || objectives.length < 2) return false
  const [before, after] = [objectives.at(-2)!, objectives.at(-1)!]
  return after - before <= tolerance * Math.abs(after)
}

/** Consumes a path of EM up to a number of M-steps, an early stop or an abort. Errors: those of the path. */
export const run =
  <P, S>({ iterations, tolerance, onIteration, signal }: RunOptions<P, S>) =>
  <F>(path: AsyncIterable<E.Either<EMError<F>, Iteration<P, S>>>): TaskEither<EMError<F>, Run<P, S>> =>
  async () => {
    const objectives: number[] = []
    const breathe = breather()
    for await (const step of path) {
      if (E.isLeft(step)) return step
      objectives.push(step.right.objective)
      onIteration?.(step.right)
      if (step.right.index >= iterations || hasConverged(objectives, tolerance))
        return E.right({ last: step.right, objectives })
      await breathe()
      if (signal?.aborted) return E.left({ _tag: 'Cancelled', iteration: step.right.index })
    }
    // A path has no end of its own.
    return E.left({ _tag: 'Cancelled', iteration: objectives.length - 1 })
  }
