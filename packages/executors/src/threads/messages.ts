import type * as E from 'fp-ts/lib/Either.js'
import type { Densities, ExecutorError } from '../executor.js'
import type { Variant } from '../wasm/kernel.js'
import type { Part, Pass } from './share.js'

/**
 * To a worker: first its part of the rows, then what to compute on it, with the memory of a mailbox for later orders of that
 * shape; or that there is an order in the mailbox.
 */
export type Order =
  | { readonly _tag: 'Load'; readonly variant: Variant; readonly part: Part }
  | { readonly _tag: 'Run'; readonly pass: Pass; readonly densities: Densities; readonly mailbox?: SharedArrayBuffer }
  | { readonly _tag: 'Look' }

/** From a worker: one for each load and run, in their order; an array of numbers, or nothing for a load. */
export type Result = E.Either<ExecutorError, Float64Array | Int32Array | undefined>

/** Or that the answer is in the mailbox. */
export type Reply = Result | { readonly _tag: 'Answered' }
