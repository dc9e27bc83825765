import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { BackendName, Executor, ExecutorError } from './executor.js'
import { javascript } from './javascript/index.js'
import { wasm } from './wasm/index.js'

/** A backend by name, or whatever suits the data. */
export type BackendRequest = BackendName | 'auto'

/** Every executor by name: a new one is a new row. */
const executors: Readonly<Record<BackendName, TE.TaskEither<ExecutorError, Executor>>> = {
  wasm,
  tensorflow: TE.left({ _tag: 'BackendUnavailable', backend: 'tensorflow', reason: 'soon', hint: '' }),
  javascript: TE.right(javascript),
}

export const backendNames: ReadonlyArray<BackendName> = Object.keys(executors) as BackendName[]

const isBackendRequest = (name: string): name is BackendRequest => name === 'auto' || name in executors

/** `CONJUGATE_BACKEND` where there is an environment. */
const requestFromEnvironment = (): string =>
  (globalThis as { process?: { env?: Record<string, string | undefined> } }).process?.env?.['CONJUGATE_BACKEND'] ||
  'auto'

/**
 * The executor for data of a shape. A name is taken at its word: where it is not available that is an error, never
 * another backend. Without one, `CONJUGATE_BACKEND` decides, or else the fastest that is there.
 */
export const selectExecutor = (
  _shape: { readonly rows: number; readonly columns: number; readonly components: number },
  request: string = requestFromEnvironment(),
): TE.TaskEither<ExecutorError, Executor> => {
  if (!isBackendRequest(request))
    return TE.left({
      _tag: 'BackendUnavailable',
      backend: request,
      reason: 'there is no such backend',
      hint: `choose one of auto, ${backendNames.join(', ')}`,
    })
  if (request !== 'auto') return executors[request]
  return pipe(
    wasm,
    TE.orElse(() => executors.javascript),
  )
}
