import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { ExecutorError, LoadedRows } from '../../contract/executor.js'
import type { CheckedRows } from '../../contract/rows.js'
import type { Memory, Module } from '../kernel/host.js'
import type { Kernel } from '../kernel/kernel.js'
import { sharedMemories } from '../kernel/memories.js'
import { failed, mayLeaveOut, type Resident, storeRows } from '../kernel/resident.js'
import * as control from './control.js'
import { startCrew } from './crew.js'
import { describeThreads } from './describe.js'
import { orders } from './orders.js'

/** Stores rows in a shared memory, which is given back where they are refused. */
const storeShared =
  (kernel: Kernel, checked: CheckedRows, threads: number): TE.TaskEither<ExecutorError, Resident> =>
  async () => {
    let memory: Memory | undefined
    const stored = await storeRows(kernel, checked, threads, pages => {
      memory = sharedMemories.take(pages)
      return memory
    })()
    if (E.isLeft(stored) && memory) sharedMemories.release(memory)
    return stored
  }

/** What workers need to leave out what rounds away. Errors: it does not load. */
const skippingFor = (checked: CheckedRows): TE.TaskEither<ExecutorError, Module | undefined> =>
  mayLeaveOut(checked)
    ? TE.tryCatch(async () => (await import('../skipping/sums.js')).skippingModule('shared memory'), failed)
    : TE.right(undefined)

/**
 * Loads rows into a memory that threads share, of which the calling one is the first. Errors: a worker that does not start.
 * Where workers are `optional` nothing waits for them, and any of them may be missing.
 */
export const loadTeam = (
  kernel: Kernel,
  checked: CheckedRows,
  threads: number,
  optional: boolean,
): TE.TaskEither<ExecutorError, LoadedRows> =>
  pipe(
    skippingFor(checked),
    TE.bindTo('skipping'),
    TE.bind('resident', () => storeShared(kernel, checked, threads)),
    TE.chain(({ resident, skipping }) => () => {
      const { memory } = resident
      control.reset(control.controlOf(memory.buffer, threads), threads)
      return new Promise<E.Either<ExecutorError, LoadedRows>>(resolve => {
        const describe = (ran: number, missing: string | undefined): string =>
          describeThreads(kernel, ran, missing && `a worker did not start: ${missing}`)
        const { crew, rows } = orders(resident, describe, wake =>
          startCrew(
            Array.from({ length: threads - 1 }, (_, i) => ({
              module: kernel.module,
              skipping,
              memory,
              thread: i + 1,
              threads,
            })),
            {
              onReport: report => wake(undefined, report),
              onFailure: wake,
              onReady: () => {
                const failure = crew.failure()
                if (failure) rows.dispose()
                isReady?.()
                resolve(failure ? E.left(failure) : E.right(rows))
              },
              onEnded: () => sharedMemories.release(memory),
            },
            optional,
          ),
        )
        const isReady = optional ? undefined : crew.need()
        if (optional) resolve(E.right(rows))
      })
    }),
  )
