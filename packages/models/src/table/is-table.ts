import type { ExecutorError, Scratch } from '@conjugate/executors'
import type { Vector } from '@conjugate/linalg'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import type { FitError } from '../errors.js'

/** What fits a model to a table, which the table brings: who has none loads nothing of it. */
export const fitting: unique symbol = Symbol.for('@conjugate/models/table')

/** Fits a model to a table by options; all are checked by it. */
export type FitTable = (model: never, table: Table<never>, options: never) => TaskEither<FitError, unknown>

/** Observations that come in blocks, of which few are in memory at a time. */
export interface Table<Block> {
  readonly [fitting]: FitTable
  readonly read: (isBrief?: boolean) => AsyncIterable<Block> | Iterable<Block>
  readonly rowWeights?: (block: never) => Vector
  readonly key?: (block: never, row: number, place: number, signal?: AbortSignal) => unknown
  readonly scratch?: TaskEither<ExecutorError, Scratch>
}

/** Whether data are a table. */
export const isTable = (data: unknown): data is Table<never> =>
  typeof data === 'object' && data !== null && fitting in data
