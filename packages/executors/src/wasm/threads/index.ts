import { describeValue, type Matrix } from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { Executor, ExecutorError, FactorShape, FactorTag, LoadOptions } from '../../contract/executor.js'
import { checkShapes } from '../../contract/rows.js'
import { executorOf, forSteps } from '../kernel/index.js'
import { bestKernel, type Kernel, kernelOf } from '../kernel/kernel.js'
import { layoutOf } from '../kernel/layout.js'
import { failed } from '../kernel/resident.js'
import { processors, sharesMemory } from './channel.js'
import { describeMost, describeThreads } from './describe.js'

/** A number of threads of at least 1, or `auto`: as many as the work keeps busy. */
export type ThreadCount = number | 'auto'

/** Milliseconds of work in one E-step that make a thread worth its messages and its start. */
const WORTH = 4

/** Nanoseconds that a component costs for the columns of a row, as measured on one thread for D from 2 to 64. */
const columnsCost: { readonly [T in FactorTag]: (columns: number) => number } = {
  Quadratic: columns => 0.14 * columns * columns,
  Diagonal: columns => 0.6 * columns,
  Linear: columns => 0.25 * columns,
  Offset: () => 0.25,
  Indexed: () => 1,
}

/** Milliseconds of an E-step of two components. */
const workOf = (rows: number, factors: ReadonlyArray<FactorShape>): number =>
  2e-6 * rows * factors.reduce((sum, { _tag, columns }) => sum + columnsCost[_tag](columns), 3)

const factorsOf = (columns: number, { kind = 'Quadratic', factors }: LoadOptions = {}): ReadonlyArray<FactorShape> =>
  factors ?? [{ _tag: kind === 'Product' ? 'Linear' : kind, columns }]

/** The most ranges that the rows can be divided into. */
const rangesOf = (rows: number, columns: number): number =>
  layoutOf({ rows, columns, weighted: false, threads: 1 }, { _tag: 'Linear', components: 1 }).ranges

/** The most threads that a page or process can have. */
const mostThreads = (): number => (sharesMemory() ? processors() : 1)

/** How many threads work on rows. */
export const countFor = (
  threads: ThreadCount,
  { rows, columns }: Pick<Matrix, 'rows' | 'columns'>,
  options: LoadOptions | undefined,
): number => {
  const wanted =
    threads === 'auto'
      ? Math.min(mostThreads(), Math.floor(workOf(rows, factorsOf(columns, options)) / WORTH))
      : threads
  return Math.max(1, Math.min(wanted, rangesOf(rows, columns)))
}

/** One for rows that are none, which are for the checks of the load. */
const countOr1 = (threads: ThreadCount, rows: Matrix, options: LoadOptions | undefined): number => {
  try {
    const count = countFor(threads, rows, options)
    return Number.isSafeInteger(count) ? count : 1
  } catch {
    return 1
  }
}

/** With the reason, where it has fewer threads than were asked for. */
const executorWith = (kernel: Kernel, threads: ThreadCount, why?: string): Executor => {
  const single = executorOf(kernel)
  return {
    ...single,
    description: describeMost(kernel, threads === 'auto' ? mostThreads() : threads, why),
    load: (rows, options) => {
      const count = countOr1(threads, rows, options)
      return count === 1
        ? pipe(
            single.load(rows, options),
            TE.map(loaded => ({ ...loaded, ranOn: () => describeThreads(kernel, 1, why) })),
          )
        : pipe(
            TE.fromIOEither(() => checkShapes(rows, options)),
            TE.chainFirstTaskK(forSteps),
            TE.bindTo('checked'),
            TE.bind('shared', () => kernelOf(kernel.variant, 'shared memory')),
            TE.bind('team', () => TE.tryCatch(() => import('./team.js'), failed)),
            // Who asked for a number is told where workers are forbidden, and `auto` means whatever there is.
            TE.chain(({ checked, shared, team }) => team.loadTeam(shared, checked, count, threads === 'auto')),
          )
    },
  }
}

const unavailable = (reason: string, hint: string): E.Either<ExecutorError, never> =>
  E.left({ _tag: 'BackendUnavailable', backend: 'wasm', reason, hint })

/** Errors: what is no number of threads, on any backend. */
export const checkThreads = (threads: unknown): E.Either<ExecutorError, ThreadCount> =>
  threads === 'auto' || (Number.isSafeInteger(threads) && (threads as number) >= 1)
    ? E.right(threads as ThreadCount)
    : unavailable(`${describeValue(threads)} is no number of threads`, "choose a whole number of at least 1, or 'auto'")

const NOT_ISOLATED = 'threads share memory, which only a cross-origin isolated page may'

/**
 * The same with as many of the threads as there can be: rows say how many those were, and why there were no more.
 */
export const wasmThreadsThatCanBe = (threads: ThreadCount): TE.TaskEither<ExecutorError, Executor> =>
  threads === 'auto' || threads === 1 || sharesMemory()
    ? wasmThreads(threads)
    : pipe(
        bestKernel,
        TE.map(kernel => executorWith(kernel, 1, NOT_ISOLATED)),
      )

/**
 * The WebAssembly executor on several threads, which share the memory of the rows and take ranges of them one by one. Sums are
 * added in the order of the rows, so that results have the same bits for any number of threads. Workers end when the rows
 * are disposed of, and never keep a process alive. `auto` takes as many as the work is worth, and one in a page that is not
 * cross-origin isolated.
 * Errors: the number is none of threads, or is more than one where memory cannot be shared; there is no WebAssembly SIMD. A
 * worker that fails turns every call into an error.
 */
export const wasmThreads = (threads: ThreadCount): TE.TaskEither<ExecutorError, Executor> => {
  const checked = checkThreads(threads)
  if (E.isLeft(checked)) return TE.left(checked.left)
  if (threads !== 'auto' && threads > 1 && !sharesMemory())
    return TE.fromEither(
      unavailable(
        NOT_ISOLATED,
        'serve it with the headers Cross-Origin-Opener-Policy: same-origin and Cross-Origin-Embedder-Policy: require-corp',
      ),
    )
  return pipe(
    bestKernel,
    TE.map(kernel => executorWith(kernel, threads)),
  )
}
