import type { Densities } from '@conjugate/executors'
import type { PlaceRows, RowColumn, RowPlan, Survey } from '@conjugate/models'
import { cell, column, columnSql } from './columns.js'
import { type Dialect, statementOf } from './dialect.js'

/** A column of rows as one number, of indices, too: their digits, of which a missing one is the greatest. */
const wholeSql = (d: Dialect, plan: RowPlan, of: RowColumn): string => {
  if (of._tag !== 'Index') return columnSql(d, plan, of)!
  return of.digits.reduce((code, digit) => {
    const own = `coalesce(${cell(digit.cell)}, ${d.number(digit.levels)})`
    return code === '' ? own : `(${code}) * ${d.number(digit.radix)} + ${own}`
  }, '')
}

/** The rows of densities as the kernel takes them, with their weights behind, of `cells` (see `cellsSql`). */
export const kernelSql = (
  d: Dialect,
  plan: RowPlan,
  { columns }: Densities,
  cells: string,
  base?: { readonly join: string; readonly sql: string },
): string => {
  const all = plan.columns.slice(0, columns).map((of, f) => {
    const sql = wholeSql(d, plan, of)
    return `${of._tag === 'LogBase' && base ? `${sql} + ${base.sql}` : sql} AS ${column(f)}`
  })
  return statementOf(d, [['conjugate_x', cells]], `SELECT ${all.join(', ')}, w FROM conjugate_x${base?.join ?? ''}`)
}

/** The greatest size of a number of the rows, or more. */
export const largestIn = (
  { cells }: RowPlan,
  { least, greatest }: Pick<Survey, 'least' | 'greatest'>,
  sizes: PlaceRows['sizes'],
): number => {
  let largest = 0
  // Of a cell that is missing everywhere they are none.
  for (const [c, { centre }] of cells.entries())
    for (const end of [least[c]!, greatest[c]!]) if (Math.abs(end - centre) > largest) largest = Math.abs(end - centre)
  for (const size of sizes?.greatest ?? []) if (size > largest) largest = size
  return largest
}
