import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { BackendName, Executor, ExecutorError } from './executor.js'

/** An executor whose code is loaded when it is asked for, so that a page without it is smaller. */
export const onDemand = <Module>(
  backend: BackendName,
  load: () => Promise<Module>,
  executorOf: (module: Module) => TE.TaskEither<ExecutorError, Executor>,
): TE.TaskEither<ExecutorError, Executor> =>
  pipe(
    TE.tryCatch(
      load,
      (error): ExecutorError => ({
        _tag: 'BackendUnavailable',
        backend,
        reason: E.toError(error).message,
        hint: "a part of this program does not load; choose the backend 'wasm'",
      }),
    ),
    TE.chain(executorOf),
  )
