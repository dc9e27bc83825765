import { describeFitError, type FitError } from '@conjugate/models'
import { describeSqlError, type SqlError } from '@conjugate/sql'
import * as E from 'fp-ts/lib/Either.js'

/** What can go wrong, or what has a description of its own. */
export type Failed = FitError | SqlError | string

const describe = (error: Failed): string => {
  if (typeof error === 'string') return error
  return error._tag === 'InvalidSource' || error._tag === 'WritingFailed'
    ? describeSqlError(error)
    : describeFitError(error)
}

/** What was found; throws what went wrong, in a line. */
export const right = <A>(found: E.Either<Failed, A>): A => {
  if (E.isLeft(found)) throw new Error(describe(found.left))
  return found.right
}
