import * as E from 'fp-ts/lib/Either.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { CallbackFailed } from './callback.js'
import type { CheckpointError } from './checkpoint/storage.js'
import { type Ending, hasEnded } from './ending.js'
import { isInterrupted } from './model.js'
import type { Progress, Run, SaveOptions } from './run.js'

/** What may be wrong with restarts, of which each has the errors `F`. */
type Failed<F> = F | CheckpointError | CallbackFailed | { readonly _tag: 'Cancelled'; readonly iteration: number }

/** How far each restart has come, or why it failed: plain data. Those that have not begun are `null` or not there. */
export type RestartsState<P, F> = ReadonlyArray<E.Either<Failed<F>, Progress<P>> | null>

/** How a restart ended. */
export interface RestartEnd extends Ending {
  /** log p(X, theta) where it ended, or the bound below it, in nats. */
  readonly objective: number
  /** How many M-steps it took. */
  readonly iterations: number
}

/** How restarts ended, and the one that is kept. */
export interface Restarts<P, S, F> {
  /** How each restart that was begun ended, or why it has no end. */
  readonly outcomes: ReadonlyArray<E.Either<Failed<F>, RestartEnd>>
  /** The run with the highest objective, the first one on ties. */
  readonly best: Run<P, S>
}

/** How one restart runs. */
export interface RunOneOptions<P> {
  readonly write: SaveOptions<P>['write']
  /** Only to where it stands. */
  readonly justThere: boolean
  /** Aborted by the caller, or since another restart has ended them all. */
  readonly signal: Pick<AbortSignal, 'aborted'>
}

/** One restart: from its beginning or from progress. */
export type RunOne<P, S, F> = (
  restart: number,
  from: Progress<P> | undefined,
  options: RunOneOptions<P>,
) => TE.TaskEither<F, Run<P, S>>

export interface RestartsOptions<P, F> {
  readonly count: number
  /** How many run at a time. */
  readonly parallel: number
  /** When a restart ends, apart from time. */
  readonly stopWhen: Parameters<typeof hasEnded>[0]
  readonly state: RestartsState<P, F>
  /** Where the state was kept, for a person. */
  readonly where: string
  readonly save: (state: RestartsState<P, F>) => TE.TaskEither<CheckpointError, void>
  /** Whether the time for all of them has passed. */
  readonly isOver: () => boolean
  /** Ends all of them. */
  readonly signal: AbortSignal | undefined
}

/** These are no errors of a restart, and end everything. */
const endsAll = ({ _tag }: { readonly _tag: string }): boolean =>
  _tag === 'Cancelled' || _tag === 'CallbackFailed' || _tag === 'InvalidOption' || _tag.startsWith('Checkpoint')

const noSave = (): TE.TaskEither<never, void> => TE.right(undefined)

const endOf = ({ last, objectives, stoppedBy, converged, rounding, lastGain }: Run<unknown, unknown>): RestartEnd => ({
  objective: last.objective,
  iterations: objectives.length - 1,
  stoppedBy,
  converged,
  rounding,
  lastGain,
})

const notBegun: E.Either<Failed<never>, never> = E.left({ _tag: 'Cancelled', iteration: 0 })

/**
 * Runs every restart, as many at a time as told, each from where the state has left it; a failed one does not take the others
 * with it. The result does not depend on which of them ends first. Errors: the first of the restarts where none has an end; a
 * cancelled restart and one that cannot be saved end them all, those that are running included.
 */
export const runRestarts = async <P, S, F extends { readonly _tag: string }>(
  runOne: RunOne<P, S, F>,
  { count, parallel, stopWhen, state, where, save, isOver, signal: ofCaller }: RestartsOptions<P, F>,
): Promise<E.Either<Failed<F>, Restarts<P, S, F>>> => {
  const all: (E.Either<Failed<F>, Progress<P>> | null)[] = Array.from(state, progress => progress ?? null)
  const store = (restart: number, progress: E.Either<Failed<F>, Progress<P>>): RestartsState<P, F> => {
    for (let i = all.length; i < restart; i++) all.push(null)
    all[restart] = progress
    return all
  }
  const ended: E.Either<Failed<F>, RestartEnd>[] = []
  let found: { readonly restart: number; readonly run: Run<P, S> } | undefined
  let failure: Failed<F> | undefined
  let next = 0
  const signal = {
    get aborted() {
      return failure !== undefined || ofCaller?.aborted === true
    },
  }
  const keep = (restart: number, run: Run<P, S>): void => {
    ended[restart] = E.right(endOf(run))
    const height = found?.run.last.objective ?? Number.NEGATIVE_INFINITY
    if (run.last.objective > height || (run.last.objective === height && restart < (found?.restart ?? count)))
      found = { restart, run }
  }

  const runNext = async (restart: number): Promise<Failed<F> | undefined> => {
    const before = all[restart] ?? undefined
    if (before && E.isLeft(before)) return undefined
    const isDone = before ? hasEnded(stopWhen, { ...before.right, where }) : E.right(false)
    if (E.isLeft(isDone)) return isDone.left
    if (isDone.right) return undefined
    const write: SaveOptions<P>['write'] = progress => save(store(restart, E.right(progress)))
    const run = await runOne(restart, before?.right, { write, justThere: false, signal })()
    if (E.isLeft(run)) {
      // What has not ended when the time is over has not been there, where another has.
      if (isInterrupted(run.left)) return isOver() && found ? undefined : run.left
      if (endsAll(run.left)) return run.left
      const saved = await save(store(restart, run))()
      return E.isLeft(saved) ? saved.left : undefined
    }
    store(restart, E.right({ position: run.right.last.position, objectives: run.right.objectives }))
    keep(restart, run.right)
    return undefined
  }
  const work = async (): Promise<void> => {
    while (next < count && failure === undefined && !(all.some(p => p !== null && E.isRight(p)) && isOver())) {
      const failed = await runNext(next++)
      failure ??= failed
    }
  }
  await Promise.all(Array.from({ length: Math.min(parallel, count) }, work))
  if (failure !== undefined) return E.left(failure)

  for (const [restart, progress] of all.slice(0, count).entries()) {
    if (ended[restart] !== undefined) continue
    if (progress === null || E.isLeft(progress)) {
      ended[restart] = progress ?? notBegun
      continue
    }
    // It ended before this process began, or had no time in it; how is no part of the state, nor is its last E-step.
    const again = await runOne(restart, progress.right, { write: noSave, justThere: true, signal })()
    if (E.isLeft(again)) return again
    keep(restart, again.right)
  }
  return found === undefined
    ? E.left((ended.find(E.isLeft) as E.Left<Failed<F>>).left)
    : E.right({ outcomes: ended, best: found.run })
}
