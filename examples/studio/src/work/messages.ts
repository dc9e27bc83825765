/** What a worker is asked for: what goes in, what is told on the way, and what comes out. */
export interface Task {
  readonly input: unknown
  readonly progress: unknown
  readonly output: unknown
}

/** The tasks of a part of the page, by name. */
export type Tasks = Readonly<Record<string, Task>>

/** Why there is no output: said in one line, or nothing to say since it was cancelled. */
export type Failure = { readonly _tag: 'Failed'; readonly message: string } | { readonly _tag: 'Cancelled' }

export const failed = (message: string): Failure => ({ _tag: 'Failed', message })

export const cancelled: Failure = { _tag: 'Cancelled' }

/** The parts of the page, each of which has a worker of its own. */
export type Part = 'photos' | 'tables'

export type ToWorker =
  | { readonly _tag: 'Open'; readonly part: Part }
  | { readonly _tag: 'Run'; readonly id: number; readonly name: string; readonly input: unknown }
  | { readonly _tag: 'Cancel'; readonly id: number }

export type FromWorker =
  | { readonly _tag: 'Progress'; readonly id: number; readonly progress: unknown }
  | { readonly _tag: 'Done'; readonly id: number; readonly output: unknown }
  | { readonly _tag: 'Failure'; readonly id: number; readonly failure: Failure }
