import type { Densities, Executor, ExecutorError, LoadedRows, ThreadCount } from '@conjugate/executors'
import * as E from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import type { Page } from 'playwright-core'
import type { Pass } from '../pages/executors.js'

const remoteRows = (page: Page, index: number, rows: number, columns: number): LoadedRows => {
  const run =
    <A>(name: Pass, densities: Densities): TaskEither<ExecutorError, A> =>
    () =>
      page.evaluate(
        ([index, name, densities]) => globalThis.executorHost.run(index, name, densities) as Promise<never>,
        [index, name, densities] as const,
      )
  return {
    rows,
    columns,
    expectation: (densities, options) => () =>
      page.evaluate(
        ([index, densities, options]) =>
          globalThis.executorHost.expectation(index, densities, options) as Promise<never>,
        [index, densities, options] as const,
      ),
    responsibilities: densities => run('responsibilities', densities),
    assignments: densities => run('assignments', densities),
    logProb: densities => run('logProb', densities),
    prediction: densities => run('prediction', densities),
    logDensities: densities => run('logDensities', densities),
    weightedStatistics: (densities, given) => () =>
      page.evaluate(
        ([index, densities, given]) => globalThis.executorHost.sums(index, densities, given) as Promise<never>,
        [index, densities, { ...given, data: Array.from(given.data) }] as const,
      ),
    // The page may be closed before it gets there.
    dispose: () => void page.evaluate(index => globalThis.executorHost.dispose(index), index).catch(() => undefined),
  }
}

/** An executor of a page, as if it were one of this process. */
export const remoteExecutor =
  (page: Page, name: string, threads: ThreadCount = 'auto'): TaskEither<ExecutorError, Executor> =>
  async () => {
    const made = await page.evaluate(([name, threads]) => globalThis.executorHost.make(name, threads), [
      name,
      threads,
    ] as const)
    if (E.isLeft(made)) return made
    return E.right({
      ...made.right,
      load:
        ({ rows, columns, data }, options) =>
        async () => {
          const loaded = await page.evaluate(
            ([name, threads, matrix, options]) => globalThis.executorHost.load(name, threads, matrix, options),
            // Alone, since rows may have functions that write them.
            [name, threads, { rows, columns, data }, options] as const,
          )
          return E.isLeft(loaded) ? loaded : E.right(remoteRows(page, loaded.right, rows, columns))
        },
    })
  }
