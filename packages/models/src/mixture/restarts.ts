import type { Run } from '@conjugate/em'
import * as E from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import type { FitError } from '../errors.js'

type Ends<P, S> = ReadonlyArray<E.Either<FitError, Run<P, S>>>

const isCancelled = (e: E.Either<FitError, unknown>): boolean => E.isLeft(e) && e.left._tag === 'Cancelled'

/** Runs every restart in turn; a failed one does not take the others with it, a cancelled one ends them all. */
export const runAll = async <P, S>(
  count: number,
  runOne: (restart: number) => TaskEither<FitError, Run<P, S>>,
): Promise<Ends<P, S>> => {
  const runs: E.Either<FitError, Run<P, S>>[] = []
  for (let restart = 0; restart < count; restart++) {
    runs.push(await runOne(restart)())
    if (isCancelled(runs.at(-1)!)) break
  }
  return runs
}

/** The run with the highest objective, the first one on ties; the first error where there is none. */
export const best = <P, S>(runs: Ends<P, S>): E.Either<FitError, Run<P, S>> =>
  runs.find(isCancelled) ??
  runs.reduce((a, b) => {
    if (E.isLeft(a)) return E.isLeft(b) ? a : b
    return E.isRight(b) && b.right.last.objective > a.right.last.objective ? b : a
  })
