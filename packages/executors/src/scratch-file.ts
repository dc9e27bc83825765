import { randomUUID } from 'node:crypto'
import { open, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { Scratch } from './contract/blocks.js'
import type { ExecutorError } from './contract/executor.js'
import { failureOf } from './contract/resident-rows.js'

/** Reads or writes all of some bytes, however many go at a time. */
const inFull = async (length: number, step: (from: number) => Promise<number>, nothing: string): Promise<void> => {
  for (let done = 0; done < length; ) {
    const count = await step(done)
    if (count === 0) throw new Error(nothing)
    done += count
  }
}

/**
 * A scratch file in a folder, by default that of the system for such files, for `loadBlocks`. Nobody else may read it (mode 600),
 * and where the system allows it has no name once it is open, so that it is gone when the process ends, however it does.
 * Errors: the folder cannot be written to.
 */
export const scratchFile = (folder: string = tmpdir()): TaskEither<ExecutorError, Scratch> =>
  TE.tryCatch(async () => {
    const path = join(folder, `conjugate-${randomUUID()}.scratch`)
    const file = await open(path, 'wx+', 0o600)
    // Windows does not let go of the name of an open file.
    const isUnnamed = await rm(path).then(
      () => true,
      () => false,
    )
    return {
      write: (bytes, position) =>
        inFull(
          bytes.length,
          async from => (await file.write(bytes, from, bytes.length - from, position + from)).bytesWritten,
          'nothing was written to the scratch file',
        ),
      read: (target, position) =>
        inFull(
          target.length,
          async from => (await file.read(target, from, target.length - from, position + from)).bytesRead,
          'the scratch file ended too early',
        ),
      close: async () => {
        await file.close()
        if (!isUnnamed) await rm(path, { force: true })
      },
    }
  }, failureOf('a scratch file'))
