import type { Files, OptionError, OutputError } from '@conjugate/command-line'
import type { FigureError } from '@conjugate/figures'
import type { FitError } from '@conjugate/models'
import type * as TE from 'fp-ts/lib/TaskEither.js'

export type StudyError =
  | FitError
  | FigureError
  | OptionError
  | OutputError
  | { readonly _tag: 'UnknownStudy'; readonly received: string }

/** What a study draws and prints. */
export interface Study {
  /** The names of its figures, in their order. */
  readonly files: readonly string[]
  /** The table that it prints, and its figures. */
  readonly run: TE.TaskEither<StudyError, { readonly found: string; readonly files: Files }>
}
