import { type Densities, type ProductDensities, withFactors } from '@conjugate/executors'
import type { PlaceRows, RowColumn, RowPlan, Survey } from '@conjugate/models'
import { cell, column, columnSql } from './columns.js'
import { type Dialect, statementOf } from './dialect.js'
import type { Asked } from './logits.js'

/** A column of rows as one number, of indices, too: their digits, of which a missing one is the greatest. */
const wholeSql = (d: Dialect, plan: RowPlan, of: RowColumn): string => {
  if (of._tag !== 'Index') return columnSql(d, plan, of)!
  return of.digits.reduce((code, digit) => {
    const own = `coalesce(${cell(digit.cell)}, ${d.number(digit.levels)})`
    return code === '' ? own : `(${code}) * ${d.number(digit.radix)} + ${own}`
  }, '')
}

/** The rows of densities as the kernel takes them, then their labels, and their weights last, of `cells` (see `cellsSql`). */
export const kernelSql = (
  { d, plan, densities, labelled }: Asked,
  cells: string,
  base?: { readonly join: string; readonly sql: string },
): string => {
  const all = plan.columns.slice(0, densities.columns).map((of, f) => {
    const sql = wholeSql(d, plan, of)
    return `${of._tag === 'LogBase' && base ? `${sql} + ${base.sql}` : sql} AS ${column(f)}`
  })
  if (labelled) all.push(`CASE WHEN label >= ${d.number(0)} THEN label END AS ${column(densities.columns)}`)
  return statementOf(d, [['conjugate_x', cells]], `SELECT ${all.join(', ')}, w FROM conjugate_x${base?.join ?? ''}`)
}

/** Densities of rows whose labels are a column behind their own: a label that is known leaves a row one component alone. */
export const withLabels = (densities: Densities): ProductDensities => {
  const { components } = densities
  const natural = new Float64Array(components * components).fill(Number.NEGATIVE_INFINITY)
  for (let k = 0; k < components; k++) natural[k * components + k] = 0
  const logConstant = new Float64Array(components)
  return withFactors(densities, [{ _tag: 'Indexed', components, columns: 1, levels: components, natural, logConstant }])
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
