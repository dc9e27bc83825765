import { computed, signal } from '@preact/signals'
import * as E from 'fp-ts/lib/Either.js'
import { type Client, openClient } from '../work/client.js'
import type { Candidate, Outcome, Progress } from './fit/fit.js'
import { type Plan, planOf, type Shape } from './fit/plan.js'
import { type Choice, suggested, type Table } from './table.js'
import { certaintiesOf } from './tell/rows.js'
import type { TableTasks } from './work/tasks.js'

/** What a table is called that has no file. */
export const PASTED = 'pasted.csv'

export type Criterion = 'bic' | 'icl' | 'aic'

/** What was fitted: results belong to it, whatever is chosen meanwhile. */
export interface Fitted {
  readonly table: Table
  readonly choices: ReadonlyArray<Choice>
  readonly plan: Plan
  readonly shape: Shape
  readonly to: number
  readonly restarts: number
}

/** Whether the table came with the page. */
export const isPackaged = signal(false)
export const table = signal<Table | undefined>(undefined)
export const choices = signal<ReadonlyArray<Choice>>([])
export const shape = signal<Shape>('together')
/** Numbers of components from 1 to this are fitted. */
export const to = signal(8)
export const restarts = signal(1)
export const criterion = signal<Criterion>('bic')

export const fitted = signal<Fitted | undefined>(undefined)
export const outcomes = signal<ReadonlyArray<Outcome>>([])
export const progress = signal<Progress | undefined>(undefined)
/** The number of components that somebody chose instead of the best one. */
export const picked = signal<number | undefined>(undefined)
/** The row that is pointed out, in the chart and in the list. */
export const pointedOut = signal<number | undefined>(undefined)
export const isReading = signal(false)
export const isFitting = signal(false)
/** What went wrong, and how things stand. */
export const failure = signal<string | undefined>(undefined)
export const status = signal<string | undefined>(undefined)

export const candidates = computed<ReadonlyArray<Candidate>>(() =>
  outcomes.value.flatMap(outcome => (outcome._tag === 'Fitted' ? [outcome.candidate] : [])),
)

/** The candidate where the criterion is lowest. */
export const best = computed<Candidate | undefined>(() =>
  candidates.value.reduce<Candidate | undefined>(
    (a, b) => (a === undefined || b.criteria[criterion.value] < a.criteria[criterion.value] ? b : a),
    undefined,
  ),
)

/** The candidate that is looked at. */
export const current = computed<Candidate | undefined>(
  () => candidates.value.find(({ count }) => count === picked.value) ?? best.value,
)

export const certainties = computed<Float64Array>(() =>
  current.value ? certaintiesOf(current.value) : new Float64Array(),
)

/** Whether what is chosen is not what was fitted. */
export const isStale = computed(() => {
  const done = fitted.value
  if (done === undefined || done.table !== table.value) return false
  return (
    done.shape !== shape.value ||
    done.to !== to.value ||
    done.restarts !== restarts.value ||
    done.choices.some((choice, i) => choice.used !== choices.value[i]!.used || choice.kind !== choices.value[i]!.kind)
  )
})

let opened: Client<TableTasks> | undefined
/** The worker of tables, which starts when this part of the page is looked at. */
export const client = (): Client<TableTasks> => {
  opened ??= openClient<TableTasks>('tables')
  return opened
}
let cancelling = new AbortController()
let reading = new AbortController()

/** Cells up to which a table is fitted as it arrives. */
const AT_ONCE = 60_000

/** Fits what is chosen, in place of whatever is being fitted. */
export const fitAll = async (): Promise<void> => {
  cancelling.abort()
  const own = new AbortController()
  cancelling = own
  const chosen = table.value
  if (chosen === undefined) return
  const plan = planOf(chosen, choices.value, shape.value)
  if (plan === undefined) {
    failure.value = 'No column is taken in. Choose at least one to learn from.'
    return
  }
  failure.value = undefined
  status.value = undefined
  picked.value = undefined
  pointedOut.value = undefined
  outcomes.value = []
  fitted.value = {
    table: chosen,
    choices: choices.value,
    plan,
    shape: shape.value,
    to: to.value,
    restarts: restarts.value,
  }
  isFitting.value = true
  const result = await client().run(
    'fit',
    { plan, range: { from: 1, to: to.value, restarts: restarts.value, seed: 0 } },
    {
      signal: own.signal,
      onProgress: told => {
        if (own.signal.aborted) return
        if (told._tag === 'Outcome') outcomes.value = [...outcomes.value, told.outcome]
        else progress.value = told.progress
      },
    },
  )
  if (cancelling !== own) return
  isFitting.value = false
  progress.value = undefined
  const reasons = outcomes.value.flatMap(outcome => (outcome._tag === 'Unfit' ? [outcome.reason] : []))
  if (E.isLeft(result) && result.left._tag === 'Failed') failure.value = `The fit failed: ${result.left.message}`
  else if (candidates.value.length === 0 && reasons.length > 0) failure.value = `There is no fit: ${reasons[0]}.`
  else if (E.isLeft(result))
    status.value = candidates.value.length > 0 ? 'Cancelled; what was found until then stays.' : 'Cancelled.'
}

export const cancel = (): void => cancelling.abort()

/** Takes a table in, with what recognition suggests, and fits it where that is quick. */
const take = (found: Table, leftOut: ReadonlyArray<string>): void => {
  cancelling.abort()
  // What is cancelled by another table has nothing to say.
  cancelling = new AbortController()
  table.value = found
  choices.value = suggested(found).map((choice, i) =>
    leftOut.includes(found.columns[i]!.name) ? { ...choice, used: false } : choice,
  )
  fitted.value = undefined
  outcomes.value = []
  picked.value = undefined
  pointedOut.value = undefined
  isFitting.value = false
  progress.value = undefined
  const used = choices.value.filter(choice => choice.used).length
  if (used > 0 && used * found.rows <= AT_ONCE) void fitAll()
  else status.value = used > 0 ? 'The table is read. Fit it when the columns are right.' : 'No column is taken in yet.'
}

/** The bytes that were read last, to read them again. */
let source: { readonly name: string; readonly bytes: ArrayBuffer; readonly options: ReadOptions } | undefined

let asked = 0

/** Notes that a table is asked for; what it gives says whether no other one has been asked for since. */
export const ask = (): (() => boolean) => {
  asked += 1
  const own = asked
  return () => own === asked
}

/** What is known of a file beforehand. */
export interface ReadOptions {
  /** Columns that are not learnt from at first. */
  readonly leftOut?: ReadonlyArray<string>
  /** Whether its first line has names, where somebody said so. */
  readonly header?: boolean
  readonly isPackaged?: boolean
}

/** Reads a file; what is no table leaves the last one there, with a message. */
export const read = async (
  name: string,
  bytes: ArrayBuffer,
  { leftOut = [], header, isPackaged: comesWithPage = false }: ReadOptions = {},
): Promise<void> => {
  reading.abort()
  const own = new AbortController()
  reading = own
  isReading.value = true
  failure.value = undefined
  status.value = undefined
  const input = { name, bytes, ...(header !== undefined && { header }) }
  const result = await client().run('read', input, { signal: own.signal })
  if (reading !== own) return
  isReading.value = false
  if (E.isRight(result)) {
    source = { name, bytes, options: { leftOut, isPackaged: comesWithPage } }
    isPackaged.value = comesWithPage
    take(result.right, leftOut)
  } else if (result.left._tag === 'Failed') failure.value = result.left.message
}

/** Reads the same file again, with or without names in its first line. */
export const readAgain = (header: boolean): void => {
  if (source) void read(source.name, source.bytes, { ...source.options, header })
}

/** Changes what a column is taken for, or whether it is learnt from. */
export const choose = (column: number, change: Partial<Choice>): void => {
  choices.value = choices.value.map((choice, i) => (i === column ? { ...choice, ...change } : choice))
}
