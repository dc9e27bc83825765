import { open, readFile, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import * as O from 'fp-ts/lib/Option.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { CheckpointError, Storage } from './checkpoint/storage.js'

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

const isMissing = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && (error as { readonly code: unknown }).code === 'ENOENT'

/** Forces what was written to the disk. Folders cannot be opened on every system, where the rename has to do. */
const flush = async (path: string): Promise<void> => {
  const folder = await open(path, 'r').catch(() => undefined)
  await folder?.sync().catch(() => undefined)
  await folder?.close()
}

/**
 * A text in a file. It is written beside it under the name with `.tmp`, forced to the disk and renamed, so that the file is
 * always whole, even if the process is killed or the machine stops. One process at a time may write it.
 */
export const fileStorage = (path: string): Storage => ({
  name: path,
  read: TE.tryCatch(
    async () => {
      try {
        return O.some(await readFile(path, 'utf8'))
      } catch (error) {
        if (isMissing(error)) return O.none
        throw error
      }
    },
    (error): CheckpointError => ({ _tag: 'CheckpointUnreadable', where: path, reason: reasonOf(error) }),
  ),
  write: text =>
    TE.tryCatch(
      async () => {
        const temporary = `${path}.tmp`
        try {
          const file = await open(temporary, 'w')
          try {
            await file.writeFile(text)
            await file.sync()
          } finally {
            await file.close()
          }
          await rename(temporary, path)
        } catch (error) {
          // On a full disk half a text would take what room is left.
          await rm(temporary, { force: true }).catch(() => undefined)
          throw error
        }
        await flush(dirname(path))
      },
      (error): CheckpointError => ({ _tag: 'CheckpointUnwritable', where: path, reason: reasonOf(error) }),
    ),
})
