import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { type Files, type OutputError, openOutputFolder } from './output-folder.js'

/** What a program found, and its files by their names. */
export interface Results<A> {
  readonly found: A
  readonly files: Files
}

/**
 * Computes results and writes their files into a folder, after it has been seen that files of these names can be written there.
 * Gives what was found, and the paths of the files. Errors: those of the folder; those of the computation.
 */
export const writeResults = <X, A>(
  folder: string,
  names: readonly string[],
  compute: TE.TaskEither<X, Results<A>>,
): TE.TaskEither<X | OutputError, { readonly found: A; readonly written: readonly string[] }> =>
  TE.bracketW(
    TE.fromIOEither(openOutputFolder(folder)),
    open =>
      pipe(
        TE.fromIOEither(open.check(names)),
        TE.chainW(() => compute),
        TE.chainW(({ found, files }) =>
          pipe(
            TE.fromIOEither(open.write(files)),
            TE.map(written => ({ found, written })),
          ),
        ),
      ),
    open => TE.fromIO(open.close),
  )
