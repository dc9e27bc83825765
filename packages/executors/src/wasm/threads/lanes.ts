import * as E from 'fp-ts/lib/Either.js'
import type { ExecutorError } from '../../contract/executor.js'
import { sumLane } from '../blocks/pieces.js'
import type { Memory } from '../kernel/host.js'
import type { Kernel, KernelExports } from '../kernel/kernel.js'
import { sharedMemories } from '../kernel/memories.js'
import { awakeOnLanes } from './channel.js'
import * as control from './control.js'
import { startCrew } from './crew.js'

/** Threads that add up what lanes of a memory are told to. */
export interface Crew {
  /** How many they are, the calling one among them. */
  readonly threads: number
  /** Why they are fewer than was asked for. */
  readonly missing: string | undefined
  /** Works on all lanes. The calling thread takes part, or has its hands free meanwhile. */
  readonly sums: (takesPart: boolean) => Promise<ExecutorError | undefined>
  readonly end: () => void
}

/** The calling thread alone. */
export const alone = (kernel: KernelExports, memory: Memory, missing?: string): Crew => ({
  threads: 1,
  missing,
  sums: async () => {
    sumLane(kernel, memory.buffer, 0)
    return undefined
  },
  end: () => {},
})

/** Where a crew works: a shared memory with so many lanes. */
interface Place {
  readonly kernel: Kernel
  readonly exports: KernelExports
  readonly memory: Memory
  readonly lanes: number
}

/**
 * Starts threads, and waits until they are there. Errors: one does not start, unless they are `optional`: then there are as many as
 * can be had.
 */
export const startLanes = (
  { kernel, exports, memory, lanes }: Place,
  threads: number,
  optional: boolean,
): Promise<E.Either<ExecutorError, Crew>> => {
  const counters = control.controlOf(memory.buffer, threads)
  control.reset(counters, threads)
  const awake = awakeOnLanes()
  const areDone = (): boolean => control.allDone(counters, lanes)
  /** Wakes the calling thread, which waits for workers. */
  let wake: ((failure: ExecutorError | undefined) => void) | undefined
  const end = (): void => control.shutDown(counters)
  return new Promise(resolve => {
    const crew = startCrew(
      Array.from({ length: threads - 1 }, (_, i) => ({
        module: kernel.module,
        skipping: undefined,
        memory,
        thread: i + 1,
        threads,
        lanes,
      })),
      {
        onReport: () => {
          if (areDone()) wake?.(undefined)
        },
        onFailure: failure => wake?.(failure),
        onReady: () => {
          isReady()
          const failure = crew.failure()
          if (!failure) return resolve(E.right({ threads: crew.ready() + 1, missing: crew.missing(), sums, end }))
          end()
          resolve(E.left(failure))
        },
        onEnded: () => sharedMemories.release(memory),
      },
      optional,
    )
    const isReady = crew.need()
    const sums = async (takesPart: boolean): Promise<ExecutorError | undefined> => {
      const before = crew.failure()
      if (before) return before
      control.dispatch(counters, control.LANES, lanes)
      if (takesPart) {
        const take = (): number => control.take(counters, control.CALLER)
        let summed = 0
        for (let lane = take(); lane !== control.NONE; lane = take(), summed++) sumLane(exports, memory.buffer, lane)
        control.finish(counters, summed, lanes)
        if (control.lookFor(areDone, awake)) return undefined
      }
      const isOver = crew.need()
      const woken = new Promise<ExecutorError | undefined>(resolve => {
        wake = resolve
      })
      control.callerSleeps(counters)
      // A worker may have finished before the flag was set, and then wakes nobody: look again.
      const failure = areDone() ? undefined : await woken
      wake = undefined
      isOver()
      return failure
    }
  })
}
