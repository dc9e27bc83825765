import { type CheckpointError, checkpointIn, type Storage, toText } from '@conjugate/em'
import {
  anything,
  callable,
  exactly,
  finite,
  list,
  object,
  optional,
  type Schema,
  text,
  typedArray,
  whole,
} from '@conjugate/em/schema'
import type { FitError } from '@conjugate/models'
import { pipe } from 'fp-ts/lib/function.js'
import * as O from 'fp-ts/lib/Option.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { RgbImage } from '../grid/image.js'
import type { Learnt } from './learnt.js'

/** Where a path has ended. */
export interface PathEnd {
  readonly index: number
  readonly objectives: ReadonlyArray<number>
  /** The last parameters, with the labels before. */
  readonly learnt: Learnt
}

/** The ends of the paths of a picture, in their order: those of an earlier run, and then those that are added. */
export interface Journal {
  readonly where: string
  /** The end of the next path, if it has been followed before. */
  readonly next: () => PathEnd | undefined
  readonly add: (end: PathEnd) => TE.TaskEither<CheckpointError, void>
}

/** Where checkpoints of pictures are kept. */
export interface PictureCheckpoint {
  /** It gets the ends of all paths so far, after each of them. */
  readonly storage: Storage
}

export const checkpointSchema: Schema = optional(
  exactly({ storage: object({ name: text, read: callable, write: callable }, 'a storage, such as fileStorage') }),
)

const endsSchema = list(
  object({
    index: whole(0),
    objectives: list(finite),
    learnt: object({ weights: typedArray('Float64Array'), components: list(anything) }),
  }),
)

/**
 * Opens the journal of a picture: of its model and the options that decide on its paths, which are plain data, and of all of its
 * pixels. Errors: there is a checkpoint that is damaged, or of something else.
 */
export const openJournal = (
  checkpoint: PictureCheckpoint | undefined,
  { width, height, data, opacity }: RgbImage,
  decisive: object,
  strokes: ReadonlyArray<ArrayLike<unknown> | undefined> = [],
): TE.TaskEither<FitError, Journal | undefined> => {
  if (checkpoint === undefined) return TE.right(undefined)
  const { storage } = checkpoint
  const marks = strokes.map(stroke => Uint8Array.from(stroke ?? [], v => (v ? 1 : 0)))
  const fingerprint = [
    toText({ ...decisive, width, height, bytes: data.BYTES_PER_ELEMENT }),
    data,
    opacity ?? new Uint8Array(),
    ...marks,
  ]
  const { read, write } = checkpointIn<ReadonlyArray<PathEnd>>(storage, fingerprint, endsSchema)
  return pipe(
    read,
    TE.map(O.getOrElse((): ReadonlyArray<PathEnd> => [])),
    TE.map(known => {
      let ends = known
      let at = 0
      return {
        where: storage.name,
        next: () => (at < known.length ? known[at++] : undefined),
        add: end => {
          ends = [...ends, end]
          return write(ends)
        },
      }
    }),
  )
}
