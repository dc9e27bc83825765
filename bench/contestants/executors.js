import { grouped, selectExecutor } from '@conjugate/executors'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'

/**
 * Our executors: a new one, or one with other options, is a new row.
 * @satisfies {ReadonlyArray<{
 *   name: string, title: string, threads: number | 'all',
 *   executor: TE.TaskEither<import('@conjugate/executors').ExecutorError, import('@conjugate/executors').Executor>
 * }>}
 */
export const executors = [
  { name: 'wasm', title: 'wasm', threads: 1, executor: selectExecutor('wasm', 1) },
  { name: 'wasm-2-threads', title: 'wasm', threads: 2, executor: selectExecutor('wasm', 2) },
  {
    name: 'wasm-grouped',
    title: 'wasm, equal rows grouped',
    threads: 1,
    executor: pipe(selectExecutor('wasm', 1), TE.map(grouped)),
  },
  { name: 'tensorflow', title: 'tensorflow', threads: 'all', executor: selectExecutor('tensorflow') },
  { name: 'javascript', title: 'javascript', threads: 1, executor: selectExecutor('javascript') },
]
