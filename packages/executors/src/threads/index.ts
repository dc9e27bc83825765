import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { DensitiesTag, Executor, ExecutorError } from '../executor.js'
import { checkRows } from '../rows.js'
import { executorOf } from '../wasm/index.js'
import { bestKernel, type Kernel } from '../wasm/kernel.js'
import { processors } from './channel.js'
import { loadParts } from './loaded.js'
import { split } from './split.js'

/** A number of threads, or as many as the work keeps busy. */
export type ThreadCount = number | 'auto'

/** Milliseconds of work in one E-step that make a thread worth its messages and its start. */
const WORTH = 4

/** Nanoseconds that a component costs for the columns of a row, as measured on one thread for D from 2 to 64. */
const columnsCost: { readonly [T in DensitiesTag]: (columns: number) => number } = {
  Quadratic: columns => 0.14 * columns * columns,
  Diagonal: columns => 0.6 * columns,
  Linear: columns => 0.25 * columns,
}

/** Milliseconds of an E-step of two components. */
const workOf = (rows: number, columns: number, kind: DensitiesTag): number =>
  2e-6 * rows * (3 + columnsCost[kind](columns))

const countFor = (threads: ThreadCount, rows: number, columns: number, kind: DensitiesTag = 'Quadratic'): number =>
  threads === 'auto' ? Math.max(1, Math.min(processors(), Math.floor(workOf(rows, columns, kind) / WORTH))) : threads

const executorWith = (kernel: Kernel, threads: ThreadCount): Executor => {
  const single = executorOf(kernel)
  return {
    ...single,
    description: `wasm (${kernel.variant}, float64, ${threads === 'auto' ? `up to ${processors()}` : threads} threads)`,
    load: (rows, options) => {
      const count = countFor(threads, rows.rows, rows.columns, options?.kind)
      if (count === 1) return single.load(rows, options)
      const divided = pipe(
        TE.fromIOEither(() => checkRows(rows, options)),
        TE.chain(checked => loadParts(kernel, checked, split(checked, count))),
      )
      // A page may forbid workers; who asked for a number is told, and `auto` means whatever there is.
      return threads === 'auto'
        ? pipe(
            divided,
            TE.orElse(() => single.load(rows, options)),
          )
        : divided
    },
  }
}

/**
 * The WebAssembly executor on several threads. Rows are divided among workers with memories of their own, which needs no
 * shared memory and so no cross-origin isolation of a page; sums are added in the order of the rows, so that results have
 * the same bits for any number of threads. Workers end when the rows are disposed of, and never keep a process alive.
 * Errors: a number that is none of threads; no WebAssembly SIMD. A worker that fails turns every call into an error.
 */
export const wasmThreads = (threads: ThreadCount): TE.TaskEither<ExecutorError, Executor> =>
  threads === 'auto' || (Number.isSafeInteger(threads) && threads >= 1)
    ? pipe(
        bestKernel,
        TE.map(kernel => executorWith(kernel, threads)),
      )
    : TE.left({
        _tag: 'BackendUnavailable',
        backend: 'wasm',
        reason: `${threads} is no number of threads`,
        hint: "choose a whole number of at least 1, or 'auto'",
      })
