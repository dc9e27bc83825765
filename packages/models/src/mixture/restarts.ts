import { type CheckpointError, hasEnded, type Progress, type Run, type SaveOptions } from '@conjugate/em'
import * as E from 'fp-ts/lib/Either.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { FitError } from '../errors.js'

/** How far each restart has come, or why it failed: plain data. Those that have not begun are `null` or not there. */
export type RestartsState<P> = ReadonlyArray<E.Either<FitError, Progress<P>> | null>

export interface Restarts<P, S> {
  /** How each restart that was begun ended: its last objective, or why it has none. */
  readonly ends: ReadonlyArray<E.Either<FitError, number>>
  /** The run with the highest objective, the first one on ties. */
  readonly best: Run<P, S>
}

/** One restart: from its beginning or from progress, for all iterations or only to its last point. */
export type RunOne<P, S> = (
  restart: number,
  from: Progress<P> | undefined,
  save: SaveOptions<P>['write'],
  justThere: boolean,
) => TE.TaskEither<FitError, Run<P, S>>

export interface RestartsOptions<P> {
  readonly count: number
  /** How many run at a time. */
  readonly parallel: number
  /** When a restart ends, apart from time. */
  readonly ends: Parameters<typeof hasEnded>[0]
  readonly state: RestartsState<P>
  /** Where the state was kept, for a person. */
  readonly where: string
  readonly save: (state: RestartsState<P>) => TE.TaskEither<CheckpointError, void>
  /** Whether the time for all of them has passed. */
  readonly isOver: () => boolean
}

/** These are no errors of a restart, and end everything. */
const endsAll = ({ _tag }: FitError): boolean =>
  _tag === 'Cancelled' || _tag === 'CallbackFailed' || _tag === 'InvalidOption' || _tag.startsWith('Checkpoint')

const noSave = (): TE.TaskEither<never, void> => TE.right(undefined)

/** The restart with the highest objective, the first one on ties; -1 where all have failed. */
const bestOf = (ends: ReadonlyArray<E.Either<FitError, number>>): number => {
  const heights = ends.map(E.getOrElse(() => Number.NEGATIVE_INFINITY))
  return heights.reduce((best, height, i) => (height > (heights[best] ?? Number.NEGATIVE_INFINITY) ? i : best), -1)
}

const notBegun: E.Either<FitError, never> = E.left({ _tag: 'Cancelled', iteration: 0 })

/**
 * Runs every restart, as many at a time as told, each from where the state has left it; a failed one does not take the others
 * with it. The result does not depend on which of them ends first. Errors: the first of the restarts where none has an end; a
 * cancelled restart and one that cannot be saved end them all.
 */
export const runRestarts = async <P, S>(
  runOne: RunOne<P, S>,
  { count, parallel, ends, state, where, save, isOver }: RestartsOptions<P>,
): Promise<E.Either<FitError, Restarts<P, S>>> => {
  const all: (E.Either<FitError, Progress<P>> | null)[] = Array.from(state, progress => progress ?? null)
  const store = (restart: number, progress: E.Either<FitError, Progress<P>>): RestartsState<P> => {
    for (let i = all.length; i < restart; i++) all.push(null)
    all[restart] = progress
    return all
  }
  let found: { readonly restart: number; readonly run: Run<P, S> } | undefined
  let failure: FitError | undefined
  let next = 0

  const runNext = async (restart: number): Promise<FitError | undefined> => {
    const before = all[restart] ?? undefined
    if (before && E.isLeft(before)) return undefined
    const isDone = before ? hasEnded(ends, { ...before.right, where }) : E.right(false)
    if (E.isLeft(isDone)) return isDone.left
    if (isDone.right) return undefined
    const ended = await runOne(restart, before?.right, progress => save(store(restart, E.right(progress))), false)()
    if (E.isLeft(ended)) {
      if (endsAll(ended.left)) return ended.left
      const saved = await save(store(restart, ended))()
      return E.isLeft(saved) ? saved.left : undefined
    }
    const run = ended.right
    store(restart, E.right({ position: run.last.position, objectives: run.objectives }))
    const height = found?.run.last.objective ?? Number.NEGATIVE_INFINITY
    if (run.last.objective > height || (run.last.objective === height && restart < (found?.restart ?? count)))
      found = { restart, run }
    return undefined
  }
  const work = async (): Promise<void> => {
    while (next < count && failure === undefined && !(all.some(p => p !== null && E.isRight(p)) && isOver()))
      failure = (await runNext(next++)) ?? failure
  }
  await Promise.all(Array.from({ length: Math.min(parallel, count) }, work))
  if (failure !== undefined) return E.left(failure)

  const begun = all.slice(0, count).map(progress => progress ?? notBegun)
  const heights = begun.map(E.map(({ objectives }: Progress<P>): number => objectives.at(-1)!))
  const restart = bestOf(heights)
  const best = begun[restart]
  if (best === undefined || E.isLeft(best)) return E.left((begun.find(E.isLeft) as E.Left<FitError>).left)
  if (found?.restart === restart) return E.right({ ends: heights, best: found.run })
  // It ended before this process began; its last E-step is not part of the state.
  const again = await runOne(restart, best.right, noSave, true)()
  return E.isLeft(again) ? again : E.right({ ends: heights, best: again.right })
}
