import type { FitError } from '@conjugate/models'
import * as E from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import { brokenIn, type Engine, failedIn } from './engine.js'

/** How many milliseconds a statement is waited for that has been told to stop. */
const GRACE = 5000

/** What a promise brings; rejects where it was told to stop and does not end. */
const withinGrace = async <A>(work: Promise<A>, signal: AbortSignal): Promise<A> => {
  let timer: ReturnType<typeof setTimeout> | undefined
  let stopped = (): void => {}
  const late = new Promise<never>((_, reject) => {
    stopped = () => {
      timer = setTimeout(() => reject(new Error('it was told to stop, and goes on')), GRACE)
    }
    signal.addEventListener('abort', stopped)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', stopped)
  }
}

/** Runs something on an engine; whatever it throws is an error of a step that may be taken again, or not. */
export const tried =
  <A>(
    engine: Engine,
    signal: AbortSignal,
    work: () => Promise<E.Either<FitError, A>>,
    isStep = false,
  ): TaskEither<never, A> =>
  async () => {
    // Errors of the place are those of whoever asks: what is promised is told by `Place`.
    const left = (error: FitError) => E.left(error) as unknown as E.Either<never, A>
    if (signal.aborted) return left(brokenIn(engine, signal.reason))
    try {
      const found = await withinGrace(work(), signal)
      return signal.aborted && !E.isRight(found) ? left(brokenIn(engine, signal.reason)) : (found as E.Either<never, A>)
    } catch (error) {
      if (signal.aborted) return left(brokenIn(engine, signal.reason))
      return left(isStep ? brokenIn(engine, error) : failedIn(engine, error))
    }
  }
