import { describeValue } from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { describeExecutorError } from './contract/errors.js'
import type { BackendName, Executor, ExecutorError } from './contract/executor.js'
import { webgl, webgpu } from './gpu/index.js'
import { javascript } from './javascript/index.js'
import { tensorflow } from './tensors/index.js'
import { checkThreads, type ThreadCount, wasmThreads, wasmThreadsThatCanBe } from './wasm/threads/index.js'

/** What a user asks for: a backend by its name, or `auto`. */
export type BackendRequest = BackendName | 'auto'

/** Every executor by name: a new one is a new row. */
const executors: Readonly<Record<BackendName, (threads: ThreadCount) => TE.TaskEither<ExecutorError, Executor>>> = {
  wasm: wasmThreads,
  tensorflow: () => tensorflow,
  javascript: () => TE.right(javascript),
  webgl: () => webgl,
  webgpu: () => webgpu,
}

/** The names of all backends, whether they can be had here or not. */
export const backendNames: ReadonlyArray<BackendName> = Object.keys(executors) as BackendName[]

/** An executor that says why it is not another one. */
const standIn = (executor: Executor, error: ExecutorError): Executor => ({
  ...executor,
  description: `${executor.description}, since ${error._tag === 'BackendUnavailable' ? `there is no ${error.backend}: ${error.reason}` : describeExecutorError(error)}`,
})

/** Whether a request can be shown in a message as it is. */
const isName = (request: unknown): request is string => typeof request === 'string' && /^[\w-]{1,40}$/.test(request)

const isBackendName = (name: unknown): name is BackendName => typeof name === 'string' && Object.hasOwn(executors, name)

/** `CONJUGATE_BACKEND` where there is an environment. */
const requestFromEnvironment = (): string =>
  (globalThis as { process?: { env?: Record<string, string | undefined> } }).process?.env?.['CONJUGATE_BACKEND'] ||
  'auto'

/**
 * The executor of a name, `auto` by default. A name is taken at its word: where it is not available that is an error,
 * never another backend. `auto` is the fused WebAssembly kernel, which on two threads was the fastest at every shape measured
 * (D from 3 to 512, all kinds of densities, see docs/decisions), and plain JavaScript where an engine has no SIMD. The number
 * of threads is for that kernel; the others see to themselves. What `auto` has to do without, such as threads in a page that is not cross-origin
 * isolated, or WebAssembly where a policy forbids it, is said with the reason by the rows or the executor.
 */
export const selectExecutor = (
  request: string = requestFromEnvironment(),
  threads: ThreadCount = 'auto',
): TE.TaskEither<ExecutorError, Executor> => {
  const checked = checkThreads(threads)
  if (E.isLeft(checked)) return TE.left(checked.left)
  if (request === 'auto')
    return pipe(
      wasmThreadsThatCanBe(threads),
      TE.orElse(error => TE.right(standIn(javascript, error))),
    )
  return isBackendName(request)
    ? executors[request](threads)
    : TE.left({
        _tag: 'BackendUnavailable',
        backend: isName(request) ? request : describeValue(request),
        reason: 'there is no such backend',
        hint: `choose one of auto, ${backendNames.join(', ')}`,
      })
}
