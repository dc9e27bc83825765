import type { Candidate, Outcome } from '../fit/fit.js'
import { type Choice, cellText, type Table } from '../table.js'
import { certaintiesOf } from './rows.js'

const cell = (text: string | undefined): string =>
  text === undefined ? '' : /[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text

/** Names that no column of the table has. */
const freeNames = (table: Table, names: ReadonlyArray<string>): ReadonlyArray<string> => {
  const taken = new Set(table.columns.map(({ name }) => name))
  return names.map(name => {
    let free = name
    while (taken.has(free)) free = `${free}_`
    return free
  })
}

/** Rows of a file that are written at a time. */
const AT_A_TIME = 2000

/**
 * The table with a component, from 1 on, for each row, how certain it is, the probability of each component and the log
 * density in nats, as CSV with commas, in parts: between them a page can do something else.
 */
export function* assignmentsFile(table: Table, candidate: Candidate): Generator<string> {
  const { assignments, responsibilities, logDensities, count } = candidate
  const certainties = certaintiesOf(candidate)
  const own = [
    'component',
    'certainty',
    ...Array.from({ length: count }, (_, k) => `probability_${k + 1}`),
    'log_density',
  ]
  yield `${[...table.columns.map(({ name }) => name), ...freeNames(table, own)].map(cell).join()}\n`
  for (let from = 0; from < table.rows; from += AT_A_TIME) {
    let part = ''
    for (let n = from; n < Math.min(table.rows, from + AT_A_TIME); n++) {
      for (const column of table.columns) part += `${cell(cellText(column, n))},`
      part += `${assignments[n]! + 1},${certainties[n]},`
      for (let k = 0; k < count; k++) part += `${responsibilities[n * count + k]},`
      part += `${logDensities[n]}\n`
    }
    yield part
  }
}

/**
 * A fit as JSON: what the columns were taken for, the criteria of all numbers of components, and as `fit` what `fitFromText` reads,
 * with every bit.
 */
export const fitFile = (
  table: Table,
  choices: ReadonlyArray<Choice>,
  outcomes: ReadonlyArray<Outcome>,
  { text }: Candidate,
): string => {
  const columns = table.columns.flatMap(({ name, levels }, i) => {
    const { kind, used } = choices[i]!
    return used ? [{ name, kind, ...(kind === 'category' && { levels }) }] : []
  })
  const criteria = outcomes.map(outcome =>
    outcome._tag === 'Fitted'
      ? { components: outcome.candidate.count, ...outcome.candidate.criteria }
      : { components: outcome.count, reason: outcome.reason },
  )
  const about = JSON.stringify({
    format: 'conjugate-studio-table',
    file: table.name,
    rows: table.rows,
    columns,
    criteria,
  })
  return `${about.slice(0, -1)},"fit":${text}}\n`
}
