import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { BackendName, ExecutorError } from './executor.js'

/** Something whose code is loaded when it is asked for, so that a page without it is smaller. */
export const onDemand = <Module, A>(
  backend: BackendName,
  load: () => Promise<Module>,
  use: (module: Module) => TE.TaskEither<ExecutorError, A>,
): TE.TaskEither<ExecutorError, A> =>
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
    TE.chain(use),
  )
