import * as E from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'

/** The value of a Right, or a failure that shows the Left. */
export const right = <A>(either: E.Either<unknown, A>): A => {
  if (E.isLeft(either)) throw new Error(JSON.stringify(either.left))
  return either.right
}

/** The value of a task that succeeds. */
export const rightOf = async <A>(task: TaskEither<unknown, A>): Promise<A> => right(await task())
