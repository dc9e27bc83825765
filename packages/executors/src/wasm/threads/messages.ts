import type { Memory, Module } from '../kernel/host.js'
import type { PassResults } from '../kernel/results.js'

/** To a worker, once: what it works with. All later orders come by shared memory. */
export interface Start {
  readonly module: Module
  /** What leaves out what rounds away, where rows are so many that it may be worth it. */
  readonly skipping: Module | undefined
  readonly memory: Memory
  /** From 1 on; the calling thread is 0. */
  readonly thread: number
  /** How many there are, the calling one among them. */
  readonly threads: number
  /** How many lanes there are, where rows are not in memory: what is taken in turn are these. */
  readonly lanes?: number
}

/** From a worker. */
export type Report =
  /** It has begun to look for work. */
  | { readonly _tag: 'Ready' }
  /** The last range of an order for sums is done, which the caller sleeps for. */
  | { readonly _tag: 'Finished' }
  /** Results of the rows of a range. */
  | { readonly _tag: 'Results'; readonly range: number; readonly values: PassResults[keyof PassResults] }
  /** It doesn't touch the memory any more. */
  | { readonly _tag: 'Ended' }
