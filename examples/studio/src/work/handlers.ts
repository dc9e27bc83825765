import type { Either } from 'fp-ts/lib/Either.js'
import type { Failure, Task, Tasks } from './messages.js'

/** What a handler is given besides the input. */
export interface Context<Progress> {
  /** Tells the page how far it is; what is in `transfer` is gone here afterwards. */
  readonly report: (progress: Progress, transfer?: ReadonlyArray<Transferable>) => void
  readonly signal: AbortSignal
}

/** An output, and what of it is handed over without a copy. */
export interface Answer<Output> {
  readonly output: Output
  readonly transfer?: ReadonlyArray<Transferable>
}

/** Does a task in the worker. */
export type Handler<T extends Task> = (
  input: T['input'],
  context: Context<T['progress']>,
) => Promise<Either<Failure, Answer<T['output']>>>

/** What does the tasks of a part. */
export type Handlers<All extends Tasks> = { readonly [Name in keyof All]: Handler<All[Name]> }
