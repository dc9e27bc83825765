import type { RowPlan } from '@conjugate/models'
import { cell, entrySql, functionsIn, type Stored } from './columns.js'
import type { Dialect } from './dialect.js'
import type { Engine } from './engine.js'
import type { Asked } from './logits.js'
import { numbersSql } from './survey.js'

/** log h of numbers, as far as databases have no function for it: for each function its values, and their sums over all rows. */
export interface Bases {
  readonly values: ReadonlyArray<{ readonly numbers: Float64Array; readonly logs: Float64Array }>
  /** The sum over all observations, weighted. */
  readonly total: number
  readonly size: number
  readonly greatest: number
}

export const baseValues = async (
  engine: Engine,
  stored: Stored,
  plan: RowPlan,
  signal: AbortSignal,
): Promise<Bases> => {
  const values: { readonly numbers: Float64Array; readonly logs: Float64Array }[] = []
  let [total, size, greatest] = [0, 0, 0]
  const functions = functionsIn(plan)
  for (const [i, sql] of numbersSql(engine.dialect, stored, plan).entries()) {
    // In one order, whatever that of the groups is.
    const rows = (await engine.query(sql, signal)).map(([v, w]) => [Number(v), Number(w)] as const)
    rows.sort(([a], [b]) => a - b)
    const numbers = Float64Array.from(rows, ([v]) => v)
    const logs = numbers.map(v => functions[i]!.log(v))
    for (const [j, [, w]] of rows.entries()) {
      total += w * logs[j]!
      size += Math.abs(w * logs[j]!)
      greatest = Math.max(greatest, Math.abs(logs[j]!))
    }
    values.push({ numbers, logs })
  }
  return { values, total, size, greatest }
}

/** Whether log h counts in the same way for all components, so that its sum can be added at the end: noise has none. */
const isShared = ({ plan, factors, alive }: Asked): boolean => {
  const at = plan.columns.findIndex(of => of._tag === 'LogBase')
  if (at < 0) return true
  return factors.every(
    ({ densities, first }) =>
      densities._tag !== 'Linear' ||
      at < first ||
      at >= first + densities.columns ||
      alive.every(k => densities.natural[k * densities.columns + at - first] === 1),
  )
}

/** What brings values of log h to the rows, and the sum of them there. */
export type Join = { readonly join: string; readonly sql: string } | undefined

/**
 * What is added to the log-likelihood for log h of numbers; or, where each row has to have its own, the join that brings it to the
 * rows and what is to be added there.
 */
export const joinOf = (
  d: Dialect,
  plan: RowPlan,
  { values, total }: Bases,
  asked: Asked,
  isEach = false,
): { readonly total: number; readonly join?: Join } => {
  if (values.length === 0) return { total: 0 }
  if (!isEach && isShared(asked)) return { total }
  const functions = functionsIn(plan)
  const joins = values.map(({ numbers, logs }, i) => {
    const rows = Array.from(numbers, (v, j) => `(${d.number(v)}, ${d.number(logs[j]!)})`)
    const table = rows.length === 0 ? `(${d.number(0)}, ${d.number(0)})` : rows.join(', ')
    return ` LEFT JOIN (VALUES ${table}) AS b${i}(v, l) ON b${i}.v = ${entrySql(d, functions[i]!.of, cell)}`
  })
  return {
    total: 0,
    join: { join: joins.join(''), sql: values.map((_, i) => `coalesce(b${i}.l, ${d.number(0)})`).join(' + ') },
  }
}
