import { mkdirSync, renameSync, rmdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import type { IOEither } from 'fp-ts/lib/IOEither.js'
import { reasonOf } from './reason.js'
import { tidyAtEnd } from './tidying.js'

// All of it is synchronous: a signal is handled between two writes of a set, never within one.

export type OutputError =
  | { readonly _tag: 'FolderUnusable'; readonly folder: string; readonly reason: string }
  | { readonly _tag: 'WriteFailed'; readonly file: string; readonly reason: string }

/** The error in one line. */
export const describeOutputError = (error: OutputError): string =>
  error._tag === 'FolderUnusable'
    ? `--out ${error.folder}: cannot write there (${error.reason}); choose another folder`
    : `${error.file}: cannot be written (${error.reason})`

/** What is to stand in each file, by its name. */
export type Files = Readonly<Record<string, Uint8Array | string>>

/** A folder that was seen to take files. */
export interface OutputFolder {
  readonly path: string
  /** Whether files of these names could be written, without writing them. */
  readonly check: (names: readonly string[]) => IOEither<OutputError, void>
  /** Writes all of the files or none; gives their paths. A file is never seen half-written. */
  readonly write: (files: Files) => IOEither<OutputError, readonly string[]>
  /** Removes the folder again where it is new and empty. */
  readonly close: () => void
}

const removeEmpty = (folders: readonly string[]): void => {
  try {
    for (const folder of folders) rmdirSync(folder)
  } catch {
    // One of them holds files: it and those above it stay.
  }
}

/**
 * Makes a folder and those above it; gives the new ones, the deepest first. Node's own recursive mkdir never returns
 * where the system denies that a folder can be made (in /proc, for one).
 */
export const makeFolders = (path: string): readonly string[] => {
  const found = statSync(path, { throwIfNoEntry: false })
  if (found?.isDirectory()) return []
  if (found !== undefined || path === dirname(path)) throw new Error('a file has that name')
  const above = makeFolders(dirname(path))
  try {
    mkdirSync(path)
  } catch (cause) {
    removeEmpty(above)
    throw cause
  }
  return [path, ...above]
}

const remove = (files: readonly string[]): void => {
  for (const file of files) rmSync(file, { force: true })
}

/** A name that no other program chooses, nor this one again. */
export const temporaryIn = (folder: string): string =>
  join(folder, `.${process.pid}-${Math.random().toString(36).slice(2)}.part`)

/** Runs one step of work on a file, and names the file where it fails. */
const onFile = <A>(file: string, step: () => A): E.Either<OutputError, A> =>
  E.tryCatch(step, cause => ({ _tag: 'WriteFailed', file, reason: reasonOf(cause) }))

const refuseFolder = (file: string): void => {
  if (statSync(file, { throwIfNoEntry: false })?.isDirectory()) throw new Error('a folder has that name')
}

const checkIn = (folder: string, names: readonly string[]): E.Either<OutputError, void> =>
  pipe(
    names,
    E.traverseArray(name => onFile(join(folder, name), () => refuseFolder(join(folder, name)))),
    E.map(() => undefined),
  )

// First every content under a temporary name, where a full disk shows; then the renames, which are quick.
const writeIn = (folder: string, files: Files): E.Either<OutputError, readonly string[]> => {
  const plan = Object.entries(files).map(([name, content]) => ({
    file: join(folder, name),
    temporary: temporaryIn(folder),
    content,
  }))
  const renamed: string[] = []
  return pipe(
    plan,
    E.traverseArray(({ file, temporary, content }) => onFile(file, () => writeFileSync(temporary, content))),
    E.chain(() =>
      pipe(
        plan,
        E.traverseArray(({ file, temporary }) =>
          onFile(file, () => {
            renameSync(temporary, file)
            renamed.push(file)
            return file
          }),
        ),
      ),
    ),
    E.mapLeft(error => {
      remove([...renamed, ...plan.map(({ temporary }) => temporary)])
      return error
    }),
  )
}

const probe = (folder: string): void => {
  const file = temporaryIn(folder)
  try {
    writeFileSync(file, '')
  } finally {
    remove([file])
  }
}

/**
 * Makes the folder if need be and writes a file there for a moment, so that a long computation is not in vain. Until it is
 * closed, it is closed where the program ends.
 */
export const openOutputFolder =
  (folder: string): IOEither<OutputError, OutputFolder> =>
  () => {
    const path = resolve(folder)
    const unusable = (cause: unknown): OutputError => ({ _tag: 'FolderUnusable', folder, reason: reasonOf(cause) })
    let made: readonly string[] = []
    // From before there is anything to remove.
    const untidy = tidyAtEnd(() => removeEmpty(made))
    const close = (): void => {
      untidy()
      removeEmpty(made)
    }
    return pipe(
      E.tryCatch(() => {
        made = makeFolders(path)
        probe(path)
      }, unusable),
      E.mapLeft(error => {
        close()
        return error
      }),
      E.map(() => ({
        path,
        check: names => () => checkIn(path, names),
        write: files => () =>
          pipe(
            checkIn(path, Object.keys(files)),
            E.chain(() => writeIn(path, files)),
          ),
        close,
      })),
    )
  }
