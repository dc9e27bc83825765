import type { PlanBase, PlanCell, RowColumn, RowPlan } from '@conjugate/models'
import type { Dialect } from './dialect.js'

/** One entry of a statistic. */
type StatisticExpression = Extract<RowColumn, { readonly _tag: 'Statistic' }>['of']

/** Observations in a database: where they are, and which columns mean what. */
export interface Stored {
  /** What comes after FROM, with a name. */
  readonly from: string
  /** The columns of a cell of the model by name, in quotes, one for each number of it. */
  readonly columnOf: (cell: PlanCell) => string
  readonly weight?: string | undefined
  readonly label?: string | undefined
  /** Columns by which rows are known. */
  readonly key: ReadonlyArray<string>
}

/** Cell c of a plan, in all queries. */
export const cell = (c: number): string => `c${c}`

/** Column f of the rows of a plan. */
export const column = (f: number): string => `x${f}`

/** One entry of a statistic of numbers that are told for each cell. */
export const entrySql = (d: Dialect, of: StatisticExpression, at: (cell: number) => string): string => {
  switch (of._tag) {
    case 'Column':
      return at(of.column)
    case 'Product':
      return `${at(of.columns[0])} * ${at(of.columns[1])}`
    case 'TimesLog':
      return `${at(of.columns[0])} * ln(${at(of.columns[1])})`
    case 'Log':
      return `ln(${at(of.column)})`
    case 'LogComplement':
      return `ln(${d.number(1)} - ${at(of.column)})`
    case 'Reciprocal':
      return `${d.number(1)} / ${at(of.column)}`
    case 'Indicator':
      return `CASE WHEN ${at(of.column)} = ${d.number(of.value)} THEN ${d.number(1)} WHEN ${at(of.column)} IS NOT NULL THEN ${d.number(0)} END`
    case 'Sum':
    case 'Concat':
      return of.parts.map(part => `(${entrySql(d, part, at)})`).join(' + ')
  }
}

/** A cell about its centre. */
export const centred =
  (d: Dialect, { cells }: RowPlan) =>
  (c: number): string => {
    const { centre } = cells[c]!
    return centre === 0 ? cell(c) : `(${cell(c)} - ${d.number(centre)})`
  }

/** What expressions can tell of log h in each row; functions of numbers are left to who sums them. */
export const baseSql = (d: Dialect, { cell: first, constant, terms = [] }: PlanBase): string => {
  const sum = [
    ...(constant === 0 ? [] : [d.number(constant)]),
    ...terms.map(({ factor, of }) => `${d.number(factor)} * (${entrySql(d, of, cell)})`),
  ].join(' + ')
  return sum === '' ? '' : `CASE WHEN ${cell(first)} IS NOT NULL THEN ${sum} ELSE ${d.number(0)} END`
}

/** A column of rows, of those that are one number: indices are told by their digits. */
export const columnSql = (d: Dialect, plan: RowPlan, of: RowColumn): string | undefined => {
  const at = centred(d, plan)
  switch (of._tag) {
    case 'Cell':
      return at(of.cell)
    case 'Statistic':
      return `coalesce(${entrySql(d, of.of, at)}, ${d.number(0)})`
    case 'Presence':
      return `CASE WHEN ${cell(of.cell)} IS NULL THEN ${d.number(0)} ELSE ${d.number(1)} END`
    case 'LogBase': {
      const parts = of.parts.map(part => baseSql(d, part)).filter(part => part !== '')
      return parts.length === 0 ? d.number(0) : parts.join(' + ')
    }
    case 'Index':
      return undefined
  }
}

/** A function of numbers that is part of log h. */
export interface FunctionOfNumbers {
  readonly of: StatisticExpression
  readonly log: (entry: number) => number
  /** The cell without which there is nothing. */
  readonly first: number
}

/** Functions of numbers that log h is made of, with the cell without which there is nothing. */
export const functionsIn = ({ columns }: RowPlan): ReadonlyArray<FunctionOfNumbers> =>
  columns.flatMap(of =>
    of._tag === 'LogBase'
      ? of.parts.flatMap(({ cell: first, ofNumbers = [] }) => ofNumbers.map(part => ({ ...part, first })))
      : [],
  )

/**
 * The cells of the observations that count, as numbers of 8 bytes, with their weights (w), their labels (label) and how many there
 * are (n). Rows of weight 0 have no cells where they are kept.
 */
export const cellsSql = (
  d: Dialect,
  { from, columnOf, weight, label, key }: Stored,
  { cells }: Pick<RowPlan, 'cells'>,
  { grouped = false, keyed = false, all = false }: { grouped?: boolean; keyed?: boolean; all?: boolean } = {},
): string => {
  const w = weight === undefined ? undefined : d.double(d.quoted(weight))
  const counts = w && all ? (e: string) => `CASE WHEN ${w} > ${d.number(0)} THEN ${e} END` : (e: string) => e
  const own = [
    ...cells.map(c => counts(d.double(d.quoted(columnOf(c))))),
    ...(label === undefined ? [] : [counts(d.double(d.quoted(label)))]),
  ]
  const named = own.map((e, i) => `${e} AS ${i < cells.length ? cell(i) : 'label'}`)
  const w1 = w ?? d.number(1)
  const sums = grouped ? [`sum(${w1}) AS w`, `count(*) AS n`] : [`${w1} AS w`, '1 AS n']
  const keys = keyed ? key.map((name, i) => `${d.quoted(name)} AS k${i}`) : []
  const where = w && !all ? ` WHERE ${w} > ${d.number(0)}` : ''
  return `SELECT ${[...named, ...sums, ...keys].join(', ')} FROM ${from}${where}${grouped ? ` GROUP BY ${own.join(', ')}` : ''}`
}
