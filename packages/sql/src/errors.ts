import { describeUnreadableData, describeValue } from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'

/** What is wrong with what was said of rows in a database, before any statement is made of it. */
export interface SqlError {
  readonly _tag: 'InvalidSource'
  /** Of which part of it. */
  readonly what: string
  readonly expected: string
  /** In a few words. */
  readonly received: string
}

export const invalidSource = (what: string, expected: string, received: unknown): E.Either<SqlError, never> =>
  E.left({ _tag: 'InvalidSource', what, expected, received: describeValue(received) })

/** Describes the error in one line for a person. */
export const describeSqlError = ({ what, expected, received }: SqlError): string =>
  describeUnreadableData({ what, expected, received })
