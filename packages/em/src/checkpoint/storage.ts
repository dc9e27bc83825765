import type { Option } from 'fp-ts/lib/Option.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'

/** Why a checkpoint cannot be read, written or used. */
export type CheckpointError =
  | { readonly _tag: 'CheckpointUnreadable'; readonly where: string; readonly reason: string }
  | { readonly _tag: 'CheckpointUnwritable'; readonly where: string; readonly reason: string }
  | {
      /** It is whole, but not of this model, data, options or version. */
      readonly _tag: 'CheckpointRefused'
      readonly where: string
      readonly what: string
      readonly expected: string
      readonly received: string
    }

/** Describes the error in one line. */
export const describeCheckpointError = (e: CheckpointError): string => {
  switch (e._tag) {
    case 'CheckpointUnreadable':
      return `the checkpoint ${e.where} cannot be read: ${e.reason}`
    case 'CheckpointUnwritable':
      return `the checkpoint ${e.where} cannot be written: ${e.reason}`
    case 'CheckpointRefused':
      return `the checkpoint ${e.where} does not belong to this run: its ${e.what} is ${e.received}, expected ${e.expected}`
  }
}

/** A place for one text. `@conjugate/em/node` has one in a file; a page may use its own. */
export interface Storage {
  /** For a person: the name of a file. */
  readonly name: string
  /** `none` where nothing has been written yet. */
  readonly read: TaskEither<CheckpointError, Option<string>>
  /** All of the text or nothing: whoever reads while this is going on, or after it was killed, gets the text before. */
  readonly write: (text: string) => TaskEither<CheckpointError, void>
}
