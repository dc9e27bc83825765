import { loadMatrixKernel } from '@conjugate/linalg'
import { pipe } from 'fp-ts/lib/function.js'
import type * as T from 'fp-ts/lib/Task.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { Executor, ExecutorError } from '../../contract/executor.js'
import { checkShapes } from '../../contract/rows.js'
import { bestKernel, type Kernel } from './kernel.js'
import { loadRows } from './loaded.js'

/** M-steps on rows of many columns are on matrices as large. */
export const forSteps =
  <Rows extends { readonly columns: number }>({ columns }: Rows): T.Task<boolean> =>
  () =>
    loadMatrixKernel(columns)

/** An executor on a given variant of the kernel. */
export const executorOf = (kernel: Kernel): Executor => ({
  backend: 'wasm',
  description: `wasm (${kernel.variant}, float64)`,
  load: (rows, options) =>
    pipe(
      TE.fromIOEither(() => checkShapes(rows, options)),
      TE.chainFirstTaskK(forSteps),
      TE.chain(checked => loadRows(kernel, checked)),
    ),
})

/**
 * Float64 in WebAssembly SIMD, in the calling thread: the default. Compiled when it is first asked for, and once;
 * `BackendUnavailable` where the host has no WebAssembly SIMD.
 */
export const wasm: TE.TaskEither<ExecutorError, Executor> = pipe(bestKernel, TE.map(executorOf))
