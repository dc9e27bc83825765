import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { BlockOptions, LoadedBlocks, RowBlocks } from '../contract/blocks.js'
import type { ExecutorError } from '../contract/executor.js'
import { forSteps } from './kernel/index.js'
import { bestKernel } from './kernel/kernel.js'
import { failed } from './kernel/resident.js'

/**
 * Rows of which few are in memory at a time, such as those of a file, for passes of the WebAssembly kernel: with the bits that
 * passes over the same rows in memory have. They are read once where there is a `scratch`, and otherwise in every pass.
 * Errors: those of the blocks; a value, an origin or a weight that is no finite number, with its row among all; another number of
 * rows or columns than was said; what the scratch cannot hold; no WebAssembly SIMD.
 */
export const loadBlocks = <Failure = never>(
  source: RowBlocks<Failure>,
  options: BlockOptions = {},
): TE.TaskEither<ExecutorError | Failure, LoadedBlocks<Failure>> =>
  pipe(
    bestKernel,
    TE.bindTo('kernel'),
    TE.bind('code', () => TE.tryCatch(() => import('./blocks/index.js'), failed)),
    TE.chainW(({ kernel, code }) => code.blocksOn(kernel)(source, options)),
    TE.chainFirstTaskK(forSteps),
  )
