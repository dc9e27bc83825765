import type { CheckpointError, Progress, Run, SaveOptions } from '@conjugate/em'
import * as E from 'fp-ts/lib/Either.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { FitError } from '../errors.js'

/** How far all restarts have come: plain data. */
export interface RestartsState<P> {
  /** How each finished restart ended: its last objective, or why it has none. */
  readonly ends: ReadonlyArray<E.Either<FitError, number>>
  readonly best: { readonly restart: number; readonly progress: Progress<P> } | null
  /** Of the restart after the finished ones. */
  readonly current: Progress<P> | null
}

export interface Restarts<P, S> {
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

/** Of a checkpoint, these end everything; any other error is that of one restart. */
const endsAll = ({ _tag }: FitError): boolean => _tag === 'Cancelled' || _tag.startsWith('Checkpoint')

/**
 * Runs every restart in turn, from a state on; a failed one does not take the others with it. Errors: the first of the
 * restarts where none has an end; a cancelled restart and one that cannot be saved end them all.
 */
export const runRestarts = async <P, S>(
  count: number,
  runOne: RunOne<P, S>,
  state: RestartsState<P> = { ends: [], best: null, current: null },
  save: (state: RestartsState<P>) => TE.TaskEither<CheckpointError, void> = () => TE.right(undefined),
  isOver: () => boolean = () => false,
): Promise<E.Either<FitError, Restarts<P, S>>> => {
  const ends = [...state.ends]
  let { best } = state
  let run: Run<P, S> | undefined
  for (let restart = ends.length; restart < count && !(ends.length > 0 && isOver()); restart++) {
    const from = restart === state.ends.length ? (state.current ?? undefined) : undefined
    const ended = await runOne(restart, from, current => save({ ends, best, current }), false)()
    if (E.isLeft(ended) && endsAll(ended.left)) return ended
    const bestSoFar = best?.progress.objectives.at(-1) ?? Number.NEGATIVE_INFINITY
    if (E.isRight(ended) && (best === null || ended.right.last.objective > bestSoFar)) {
      run = ended.right
      best = { restart, progress: { position: run.last.position, objectives: run.objectives } }
    }
    ends.push(E.isLeft(ended) ? ended : E.right(ended.right.last.objective))
    const saved = await save({ ends, best, current: null })()
    if (E.isLeft(saved)) return saved
  }
  if (best === null) return E.left((ends.find(E.isLeft) as E.Left<FitError>).left)
  if (run !== undefined) return E.right({ ends, best: run })
  // Its last E-step is not part of the state.
  const again = await runOne(best.restart, best.progress, () => TE.right(undefined), true)()
  return E.isLeft(again) ? again : E.right({ ends, best: again.right })
}
