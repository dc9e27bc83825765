import type { ExecutorError, Scratch } from '@conjugate/executors'
import type { Vector } from '@conjugate/linalg'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import { fitTable } from './fit.js'
import { type FitTable, fitting, type Table } from './is-table.js'

/** What else is known of a table. */
export interface TableOptions<Block> {
  /** What each observation of a block counts for, by default 1. Those of weight 0 may hold anything. */
  readonly rowWeights?: (block: Block) => Vector
  /**
   * What an observation is known by, such as a cell of a column that the model is not of: of a block, by its number there, which is
   * `place` among all of the table. Called where something is wrong with it, for the error to say. It may be a promise, which nobody
   * waits for once the signal says so.
   */
  readonly key?: (block: Block, row: number, place: number, signal?: AbortSignal) => unknown
  /**
   * Where the rows are kept as the kernel takes them, such as `scratchFile()` of `@conjugate/executors/node`. Without it the blocks
   * are read again for every E-step.
   */
  readonly scratch?: TaskEither<ExecutorError, Scratch>
}

/**
 * Observations that do not fit into memory, for `fit`. `read` begins again with the first block every time it is called; it is called
 * three or four times, and without `scratch` once more for every E-step. A block holds observations in any form that the model
 * takes, such as columns or a record batch of Apache Arrow, and any number of them. Where it is read briefly, no block is held once the next
 * one is asked for, and may lie in the same memory.
 */
export const table = <Block>(
  read: (isBrief?: boolean) => AsyncIterable<Block> | Iterable<Block>,
  options: TableOptions<Block> = {},
): Table<Block> => ({ [fitting]: fitTable as FitTable, ...options, read })
