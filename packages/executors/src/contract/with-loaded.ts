import * as E from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'

/** Something that holds memory, and perhaps threads, until it is told to give them back. */
export interface Loaded {
  readonly dispose: () => void
}

/**
 * Uses what a task loads, and disposes of it whatever happens: after a result, an error, and a throw or rejection, which are
 * passed on. Every load that has an end goes through here.
 */
export const withLoaded =
  <R extends Loaded, UseError, A>(use: (loaded: R) => TaskEither<UseError, A>) =>
  <LoadError>(load: TaskEither<LoadError, R>): TaskEither<LoadError | UseError, A> =>
  async () => {
    const loaded = await load()
    if (E.isLeft(loaded)) return loaded
    try {
      return await use(loaded.right)()
    } finally {
      loaded.right.dispose()
    }
  }

/** Loads several things one after the other. Where one of them fails, those before it are disposed of. */
export const loadEach =
  <A, LoadError, R extends Loaded>(load: (item: A) => TaskEither<LoadError, R>) =>
  (items: Iterable<A>): TaskEither<LoadError, ReadonlyArray<R>> =>
  async () => {
    const all: R[] = []
    let areAll = false
    try {
      for (const item of items) {
        const loaded = await load(item)()
        if (E.isLeft(loaded)) return loaded
        all.push(loaded.right)
      }
      areAll = true
      return E.right(all)
    } finally {
      if (!areAll) for (const loaded of all) loaded.dispose()
    }
  }
