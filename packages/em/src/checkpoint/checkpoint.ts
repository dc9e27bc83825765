import { describeValue } from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as O from 'fp-ts/lib/Option.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { reasonOf } from '../callback.js'
import type { EMError, Iteration, Position } from '../model.js'
import { checkArgument } from '../options.js'
import { type Progress, type Run, type RunOptions, run } from '../run.js'
import { like } from '../schema/like.js'
import { anything, callable, exactly, is, list, object, type Schema, text } from '../schema/schema.js'
import { type Intervals, intervalFields } from '../timing.js'
import { progressOf } from './progress.js'
import type { CheckpointError, Storage } from './storage.js'
import { fromText, sha256, toText } from './text.js'

const FORMAT = 'conjugate-checkpoint'
const VERSION = 1

/** Reads and writes states, plain data, of one kind of work. */
export interface Checkpoint<State> {
  /** Reads the state, which is `none` where there is no checkpoint yet. Errors: the checkpoint is damaged, or of other work. */
  readonly read: TE.TaskEither<CheckpointError, O.Option<State>>
  readonly write: (state: State) => TE.TaskEither<CheckpointError, void>
}

/**
 * Checkpoints in a storage. The fingerprint tells the work that they are of: model, data and options, as texts and arrays. A
 * text that was cut short or changed is told by its checksum, and never taken for no checkpoint; a state of another shape is told
 * by the schema.
 */
export const checkpointIn = <State>(
  storage: Storage,
  fingerprint: ReadonlyArray<string | ArrayBufferView>,
  schema: Schema = anything,
): Checkpoint<State> => {
  const hash = (parts: ReadonlyArray<string | ArrayBufferView>): TE.TaskEither<CheckpointError, string> =>
    TE.tryCatch(
      () => sha256(parts),
      reason => ({ _tag: 'CheckpointUnwritable', where: storage.name, reason: String(reason) }),
    )
  let own: Promise<E.Either<CheckpointError, string>> | undefined
  const ownFingerprint: TE.TaskEither<CheckpointError, string> = () => {
    own ??= hash(fingerprint)()
    return own
  }
  const unreadable = (reason: string): CheckpointError => ({
    _tag: 'CheckpointUnreadable',
    where: storage.name,
    reason,
  })
  const asText = (state: State): E.Either<CheckpointError, string> =>
    E.tryCatch(
      () => toText(state),
      error => ({ _tag: 'CheckpointUnwritable', where: storage.name, reason: String(error) }),
    )
  /** What a storage does, which is a function of the caller and may throw. */
  const trying =
    <A>(_tag: 'CheckpointUnreadable' | 'CheckpointUnwritable', task: () => TE.TaskEither<CheckpointError, A>) =>
    async (): Promise<E.Either<CheckpointError, A>> => {
      try {
        return await task()()
      } catch (thrown) {
        return E.left({ _tag, where: storage.name, reason: reasonOf(thrown) })
      }
    }
  const refused = (what: string, expected: string, received: string): TE.TaskEither<CheckpointError, never> =>
    TE.left({ _tag: 'CheckpointRefused', where: storage.name, what, expected, received })

  const open = (text: string): TE.TaskEither<CheckpointError, State> => {
    const parsed = fromText(text)
    if (E.isLeft(parsed)) return TE.left(unreadable(`it is damaged (${parsed.left})`))
    const file = parsed.right as Partial<Record<'format' | 'version' | 'fingerprint' | 'checksum' | 'state', unknown>>
    if (file?.format !== FORMAT) return refused('format', FORMAT, describeValue(file?.format))
    if (file.version !== VERSION) return refused('version', String(VERSION), describeValue(file.version))
    const { state } = file
    if (typeof state !== 'string') return TE.left(unreadable('it is damaged (no state)'))
    return pipe(
      hash([state]),
      TE.chain(checksum =>
        checksum === file.checksum ? ownFingerprint : TE.left(unreadable('it is damaged (its checksum differs)')),
      ),
      TE.chain(expected =>
        expected === file.fingerprint
          ? pipe(
              fromText(state),
              E.chain(value => {
                const found = schema(value)
                return found
                  ? E.left(`its state${found.path} is ${found.received}, expected ${found.expected}`)
                  : E.right(value as State)
              }),
              TE.fromEither,
              TE.mapLeft(unreadable),
            )
          : refused('fingerprint of model, data and options', expected, describeValue(file.fingerprint)),
      ),
    )
  }

  let last: Promise<unknown> = Promise.resolve()
  return {
    read: pipe(
      trying('CheckpointUnreadable', () => storage.read),
      TE.chain(
        O.match(
          () => TE.right(O.none),
          text => pipe(open(text), TE.map(O.some)),
        ),
      ),
    ),
    write: state => {
      const one = pipe(
        TE.Do,
        TE.bind('text', () => TE.fromEither(asText(state))),
        TE.bind('checksum', ({ text }) => hash([text])),
        TE.bind('fingerprint', () => ownFingerprint),
        TE.chain(({ text, ...hashes }) =>
          trying('CheckpointUnwritable', () =>
            storage.write(toText({ format: FORMAT, version: VERSION, ...hashes, state: text })),
          ),
        ),
      )
      // Restarts that run side by side may ask for it at the same time.
      return () => {
        const written = last.then(one)
        last = written
        return written
      }
    },
  }
}

/** Where checkpoints are kept, and how often they are written. */
export interface CheckpointOptions {
  readonly storage: Storage
  /** How many M-steps there are from one checkpoint to the next. */
  readonly everyIterations?: number
  /** How many seconds there are from one checkpoint to the next; 10 by default where no number of iterations is given. */
  readonly everySeconds?: number
}

/** When checkpoints are written: by default every 10 seconds. */
export const intervals = ({ everyIterations, everySeconds }: CheckpointOptions): Intervals => ({
  ...(everyIterations !== undefined && { everyIterations }),
  ...(everySeconds !== undefined && { everySeconds }),
  ...(everyIterations === undefined && everySeconds === undefined && { everySeconds: 10 }),
})

const checkpointSchema = exactly({
  storage: object({ name: text, read: callable, write: callable }, 'a storage'),
  ...intervalFields,
  fingerprint: list(is('a text or an array', part => typeof part === 'string' || ArrayBuffer.isView(part))),
})

/**
 * {@link run} with checkpoints: where the storage has one of the same work, the path goes on from there, and ends with the
 * bits that it would have had without a break, however it was ended. Parameters have to be plain data of one shape all along.
 * Errors: those of the run; the checkpoint is damaged, is of other work, or cannot be written.
 */
export const runWithCheckpoints =
  <P, S>(
    options: RunOptions<P, S>,
    checkpoint: CheckpointOptions & { readonly fingerprint: ReadonlyArray<string | ArrayBufferView> },
  ) =>
  <F>(path: (initial: P, position?: Position<P>) => AsyncIterable<E.Either<EMError<F>, Iteration<P, S>>>) =>
  (initial: P): TE.TaskEither<EMError<F>, Run<P, S>> => {
    const checked = checkArgument('checkpoint', checkpointSchema)(checkpoint)
    if (E.isLeft(checked)) return TE.left(checked.left)
    const { read, write } = checkpointIn<Progress<P>>(
      checkpoint.storage,
      checkpoint.fingerprint,
      progressOf(like(initial)),
    )
    return pipe(
      read,
      TE.map(O.toUndefined),
      TE.chainW(progress =>
        run<P, S>({
          ...options,
          ...(progress && { previous: { objectives: progress.objectives, where: checkpoint.storage.name } }),
          save: { ...intervals(checkpoint), write },
        })<F>(path(initial, progress?.position)),
      ),
    )
  }
