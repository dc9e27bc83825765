import { describeUnreadableData, describeValue } from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'

/**
 * `InvalidSource`: what is wrong with what was said of rows in a database, or of where to write, before any statement is made of it:
 * of which part, what was expected, and what there was, in a few words. `WritingFailed`: nothing was written; what the database says, in a line.
 */
export type SqlError =
  | { readonly _tag: 'InvalidSource'; readonly what: string; readonly expected: string; readonly received: string }
  | { readonly _tag: 'WritingFailed'; readonly reason: string }

/** The error of what was said of a source, or of where to write. */
export const invalidSource = (what: string, expected: string, received: unknown): E.Either<SqlError, never> =>
  E.left({ _tag: 'InvalidSource', what, expected, received: describeValue(received) })

/** Describes the error in one line for a person. */
export const describeSqlError = (error: SqlError): string =>
  error._tag === 'WritingFailed' ? `nothing was written: ${error.reason}` : describeUnreadableData(error)
