import type { Outcome, Progress, Range } from '../fit/fit.js'
import type { Plan } from '../fit/plan.js'
import type { Table } from '../table.js'

/** What the worker of tables is asked for. */
export type TableTasks = {
  /** The bytes of a file as a table; `header` says whether its first line has names, where somebody knows better. */
  readonly read: {
    readonly input: { readonly name: string; readonly bytes: ArrayBuffer; readonly header?: boolean }
    readonly progress: never
    readonly output: Table
  }
  readonly fit: {
    readonly input: { readonly plan: Plan; readonly range: Range }
    readonly progress:
      | { readonly _tag: 'Iteration'; readonly progress: Progress }
      | { readonly _tag: 'Outcome'; readonly outcome: Outcome }
    readonly output: undefined
  }
}
