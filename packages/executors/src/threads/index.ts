import type { Matrix } from '@conjugate/linalg'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { DensitiesTag, Executor, ExecutorError } from '../executor.js'
import { checkShapes } from '../rows.js'
import { executorOf } from '../wasm/index.js'
import { bestKernel, type Kernel, kernelOf } from '../wasm/kernel.js'
import { layoutOf } from '../wasm/layout.js'
import { processors, sharesMemory } from './channel.js'
import { loadTeam } from './team.js'

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

/** Ranges that the rows can be divided into at the most. */
const rangesOf = (rows: number, columns: number): number =>
  layoutOf({ rows, columns, weighted: false, threads: 1 }, { _tag: 'Linear', components: 1 }).ranges

const countFor = (threads: ThreadCount, { rows, columns }: Matrix, kind: DensitiesTag = 'Quadratic'): number => {
  const wanted =
    threads === 'auto'
      ? Math.min(sharesMemory() ? processors() : 1, Math.floor(workOf(rows, columns, kind) / WORTH))
      : threads
  return Math.max(1, Math.min(wanted, rangesOf(rows, columns)))
}

const executorWith = (kernel: Kernel, threads: ThreadCount): Executor => {
  const single = executorOf(kernel)
  return {
    ...single,
    description: `wasm (${kernel.variant}, float64, ${threads === 'auto' ? `up to ${processors()}` : threads} threads)`,
    load: (rows, options) => {
      const count = countFor(threads, rows, options?.kind)
      return count === 1
        ? single.load(rows, options)
        : pipe(
            TE.fromIOEither(() => checkShapes(rows, options)),
            TE.bindTo('checked'),
            TE.bind('shared', () => kernelOf(kernel.variant, 'shared memory')),
            // Who asked for a number is told where workers are forbidden, and `auto` means whatever there is.
            TE.chain(({ checked, shared }) => loadTeam(shared, checked, count, threads === 'auto')),
          )
    },
  }
}

const unavailable = (reason: string, hint: string): TE.TaskEither<ExecutorError, never> =>
  TE.left({ _tag: 'BackendUnavailable', backend: 'wasm', reason, hint })

/**
 * The WebAssembly executor on several threads, which share the memory of the rows and take ranges of them in turn. Sums are
 * added in the order of the rows, so that results have the same bits for any number of threads. Workers end when the rows
 * are disposed of, and never keep a process alive. `auto` takes as many as the work is worth, and one in a page that is not
 * cross-origin isolated.
 * Errors: a number that is none of threads, or more than one where memory cannot be shared; no WebAssembly SIMD. A worker that
 * fails turns every call into an error.
 */
export const wasmThreads = (threads: ThreadCount): TE.TaskEither<ExecutorError, Executor> => {
  if (!(threads === 'auto' || (Number.isSafeInteger(threads) && threads >= 1)))
    return unavailable(`${threads} is no number of threads`, "choose a whole number of at least 1, or 'auto'")
  if (threads !== 'auto' && threads > 1 && !sharesMemory())
    return unavailable(
      'threads share memory, which only a cross-origin isolated page may',
      'serve it with the headers Cross-Origin-Opener-Policy: same-origin and Cross-Origin-Embedder-Policy: require-corp',
    )
  return pipe(
    bestKernel,
    TE.map(kernel => executorWith(kernel, threads)),
  )
}
