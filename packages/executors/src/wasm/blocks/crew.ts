import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { BlockOptions, RowBlocks } from '../../contract/blocks.js'
import type { ExecutorError } from '../../contract/executor.js'
import { host } from '../kernel/host.js'
import { type Kernel, kernelOf } from '../kernel/kernel.js'
import type { RowsShape } from '../kernel/layout.js'
import { sharedMemories } from '../kernel/memories.js'
import { failed } from '../kernel/resident.js'
import { checkThreads, countFor } from '../threads/index.js'
import { alone, type Crew, startLanes } from '../threads/lanes.js'
import { type Room, roomFor } from './room.js'

/** Lanes for each thread, so that one that is slower takes fewer. */
const LANES = 2

/** Room for rows, and the threads that work there. */
export interface Place {
  readonly room: Room
  readonly crew: Crew
}

/**
 * Makes room for rows, and starts threads that work there: as many as are asked for, or as the work is worth. Errors: what is no number
 * of threads, or cannot be had; no memory.
 */
export const placeFor = (
  kernel: Kernel,
  { rows, columns, weighted = false }: RowBlocks<unknown>,
  { threads = 'auto', factors }: BlockOptions,
  chunkBytes: number,
): TE.TaskEither<ExecutorError, Place> => {
  const shape: Omit<RowsShape, 'threads'> = { rows, columns, weighted, factors }
  const byItself = (missing?: string): TE.TaskEither<ExecutorError, Place> =>
    TE.tryCatch(async () => {
      const room = await roomFor(kernel, shape, chunkBytes, {
        lanes: 1,
        memoryOf: pages => new host.WebAssembly!.Memory({ initial: pages }),
      })
      return { room, crew: alone(room.kernel, room.memory, missing) }
    }, failed)
  const together = (count: number): TE.TaskEither<ExecutorError, Place> =>
    pipe(
      kernelOf(kernel.variant, 'shared memory'),
      TE.bindTo('shared'),
      TE.bind('room', ({ shared }) =>
        TE.tryCatch(
          () => roomFor(shared, shape, chunkBytes, { lanes: LANES * count, memoryOf: sharedMemories.take }),
          failed,
        ),
      ),
      TE.bind(
        'crew',
        ({ shared, room }) =>
          () =>
            startLanes(
              { kernel: shared, exports: room.kernel, memory: room.memory, lanes: room.lanes },
              count,
              threads === 'auto',
            ),
      ),
    )
  return pipe(
    TE.fromEither(checkThreads(threads)),
    TE.map(asked => countFor(asked, { rows, columns }, factors && { factors })),
    TE.chain(count => (count === 1 ? byItself() : together(count))),
    // Where nobody comes, one lane is as good as several.
    TE.chain(place => {
      if (place.room.lanes === 1 || place.crew.threads > 1) return TE.right(place)
      place.crew.end()
      return byItself(place.crew.missing)
    }),
  )
}
