import { readFileSync } from 'node:fs'
import * as E from 'fp-ts/lib/Either.js'
import { type Candidate, fitRange, type Outcome, type Range } from '../../src/tables/fit/fit.js'
import type { Plan } from '../../src/tables/fit/plan.js'
import { describeNoTable } from '../../src/tables/read/error.js'
import { readTable } from '../../src/tables/read/read.js'
import { type Choice, suggested, type Table } from '../../src/tables/table.js'

/** The bytes of a packaged data set. */
export const packaged = (name: string): Uint8Array =>
  readFileSync(new URL(`../../public/tables/${name}`, import.meta.url))

export const tableOf = (name: string, bytes: Uint8Array | string): Table => {
  const table = readTable(name, typeof bytes === 'string' ? new TextEncoder().encode(bytes) : bytes)
  if (E.isLeft(table)) throw new Error(describeNoTable(table.left))
  return table.right
}

/** What recognition suggests, without some columns. */
export const choicesWithout = (table: Table, without: ReadonlyArray<string>): ReadonlyArray<Choice> =>
  suggested(table).map((choice, i) => (without.includes(table.columns[i]!.name) ? { ...choice, used: false } : choice))

export const RANGE: Range = { from: 1, to: 6, restarts: 1, seed: 0 }

export const outcomesOf = async (plan: Plan, range: Range = RANGE): Promise<ReadonlyArray<Outcome>> => {
  const outcomes: Outcome[] = []
  await fitRange(plan, range, {
    onProgress: () => undefined,
    onOutcome: outcome => outcomes.push(outcome),
    signal: new AbortController().signal,
  })
  return outcomes
}

export const fittedOf = (outcomes: ReadonlyArray<Outcome>): ReadonlyArray<Candidate> =>
  outcomes.map(outcome => {
    if (outcome._tag === 'Unfit') throw new Error(outcome.reason)
    return outcome.candidate
  })
