import type * as E from 'fp-ts/lib/Either.js'
import type { Densities, ExecutorError } from '../executor.js'
import type { Variant } from '../wasm/kernel.js'
import type { Part, Pass } from './share.js'

/** To a worker: first its part of the rows, then what to compute on it. */
export type Order =
  | { readonly _tag: 'Load'; readonly variant: Variant; readonly part: Part }
  | { readonly _tag: 'Run'; readonly pass: Pass; readonly densities: Densities }

/** From a worker: one for each order, in their order; an array of numbers, or nothing for a load. */
export type Reply = E.Either<ExecutorError, Float64Array | Int32Array | undefined>
