import {
  type CellFamily,
  type Interval,
  type LogBaseExpression,
  type StatisticExpression,
  type Support,
  shifted,
} from '@conjugate/distributions'
import { invalidOption } from '@conjugate/em'
import type { Vector } from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import type { FitError } from '../../errors.js'

/** One number of each observation, as it is stored. */
export interface PlanCell {
  /** The name of its column. */
  readonly column: string
  /** Which number of the cell, where a cell of the column is a list of them. */
  readonly part?: number
  readonly values: Interval
  /** The same in words that follow `expected`. */
  readonly expected: string
  /** Whether there may be none, which counts as not observed. */
  readonly mayMiss: boolean
  /** Subtracted wherever the cell is used, but for log h. */
  readonly centre: number
}

/** log h of a cell, or of several: its columns are numbers of cells. */
export interface PlanBase extends LogBaseExpression {
  /** Where this cell is missing, there is nothing to add. */
  readonly cell: number
}

/** One of the F numbers of a row that densities are about, as it follows from the cells. */
export type RowColumn =
  /** The cell about its centre; missing where it is. */
  | { readonly _tag: 'Cell'; readonly cell: number }
  /** One entry of a statistic, whose columns are numbers of cells about their centres; 0 where one is missing. */
  | { readonly _tag: 'Statistic'; readonly of: StatisticExpression }
  /** 1 where the cell is there, and 0 where it is missing. */
  | { readonly _tag: 'Presence'; readonly cell: number }
  /** A number whose digits are categories, the last the least; the greatest digit of a radix above the levels is a missing cell. */
  | {
      readonly _tag: 'Index'
      readonly digits: ReadonlyArray<{ readonly cell: number; readonly levels: number; readonly radix: number }>
    }
  /** The sum of log h. */
  | { readonly _tag: 'LogBase'; readonly parts: ReadonlyArray<PlanBase> }

/** How rows follow from what is stored, as data, for engines that compute where the rows are. */
export interface RowPlan {
  /** How observations are given: numbers, vectors, or columns by name. */
  readonly form: 'numbers' | 'vectors' | 'table'
  readonly cells: ReadonlyArray<PlanCell>
  readonly columns: ReadonlyArray<RowColumn>
}

/** Refuses what no other engine could compute. */
export const unplanned = (what: string): E.Either<FitError, never> =>
  invalidOption(
    'model',
    'components whose statistics, values and log h are expressions, as a database computes them',
    `one of ${what}`,
  )

const entriesOf = (expression: StatisticExpression): ReadonlyArray<StatisticExpression> =>
  expression._tag === 'Concat' ? expression.parts.flatMap(entriesOf) : [expression]

/** The entries of the statistic of a family whose cells are these and the following ones. */
export const statisticsFrom = (expression: StatisticExpression, first: number): ReadonlyArray<RowColumn> =>
  entriesOf(shifted(expression, first)).map(of => ({ _tag: 'Statistic', of }))

/** log h of a family whose cells are these and the following ones; `undefined` where no expression of it is known. */
export const baseFrom = (
  { logBaseExpression, logBaseMeasure, support }: CellFamily,
  size: number,
  first: number,
): PlanBase | undefined => {
  const isWhole = support?._tag === 'Number' && support.values?.isWhole
  const each: LogBaseExpression = {
    constant: 0,
    ofNumbers: [{ of: { _tag: 'Column', column: 0 }, log: logBaseMeasure as (x: number) => number }],
  }
  const found = logBaseExpression?.(size) ?? (isWhole ? each : undefined)
  return (
    found && {
      cell: first,
      constant: found.constant,
      ...(found.terms && { terms: found.terms.map(term => ({ ...term, of: shifted(term.of, first) })) }),
      ...(found.ofNumbers && { ofNumbers: found.ofNumbers.map(part => ({ ...part, of: shifted(part.of, first) })) }),
    }
  )
}

/** Rows of finite numbers about a centre. */
export const planOfRows = (
  form: RowPlan['form'],
  names: ReadonlyArray<string>,
  expected: number,
  centre: Vector | undefined,
): E.Either<FitError, RowPlan> =>
  names.length === expected
    ? E.right({
        form,
        cells: names.map((column, i) => ({
          column,
          values: { least: -Number.MAX_VALUE, greatest: Number.MAX_VALUE },
          expected: 'a finite number',
          mayMiss: false,
          centre: centre?.[i] ?? 0,
        })),
        columns: names.map((_, cell) => ({ _tag: 'Cell', cell })),
      })
    : E.left({ _tag: 'ColumnMismatch', expected, received: names.length })

/** Records of a family, whose columns are in the order of its support. */
const planOfRecords = (
  family: CellFamily,
  { columns, missing }: Extract<Support, { readonly _tag: 'Table' }>,
): E.Either<FitError, RowPlan> => {
  const names = Object.keys(columns)
  const { statisticExpression } = family
  const base = baseFrom(family, names.length, 0)
  if (missing || statisticExpression === undefined || base === undefined)
    return unplanned('a family of records that tells no expressions')
  const cells: PlanCell[] = []
  for (const column of names) {
    const { values, expected } = columns[column]!
    if (values === undefined) return unplanned(`a column ${JSON.stringify(column)} whose cells are each ${expected}`)
    cells.push({ column, values, expected, mayMiss: false, centre: 0 })
  }
  return E.right({
    form: 'table',
    cells,
    columns: [...statisticsFrom(statisticExpression(names.length), 0), { _tag: 'LogBase', parts: [base] }],
  })
}

/** Numbers or vectors of a family as their statistics and log h. */
export const planOfFamily = (
  family: CellFamily & { readonly support?: Support | undefined },
  names: ReadonlyArray<string>,
  centre: ArrayLike<number> | undefined,
): E.Either<FitError, RowPlan> => {
  const { support, statisticExpression } = family
  if (support === undefined) return unplanned('values that are no numbers')
  if (support._tag === 'Table') return planOfRecords(family, support)
  const { values, expected } = support
  if (values === undefined) return unplanned(`values that are each ${expected}`)
  if (support._tag === 'Number' && names.length !== 1)
    return E.left({ _tag: 'ColumnMismatch', expected: 1, received: names.length })
  const base = baseFrom(family, names.length, 0)
  if (statisticExpression === undefined || base === undefined) return unplanned('a family that tells no expressions')
  return E.right({
    form: support._tag === 'Number' ? 'numbers' : 'vectors',
    cells: names.map((column, i) => ({ column, values, expected, mayMiss: false, centre: centre?.[i] ?? 0 })),
    columns: [...statisticsFrom(statisticExpression(names.length), 0), { _tag: 'LogBase', parts: [base] }],
  })
}

/** Columns of families of numbers, by name, as the statistics of each and log h of all. */
export const planOfProduct = (
  columns: ReadonlyArray<readonly [name: string, family: CellFamily]>,
): E.Either<FitError, RowPlan> => {
  const plan = { cells: [] as PlanCell[], columns: [] as RowColumn[], parts: [] as PlanBase[] }
  for (const [column, family] of columns) {
    const { support, statisticExpression } = family
    const base = baseFrom(family, 1, plan.cells.length)
    if (support?._tag !== 'Number' || !support.values || !statisticExpression || !base)
      return unplanned(`a column ${JSON.stringify(column)} of which there is none`)
    plan.columns.push(...statisticsFrom(statisticExpression(1), plan.cells.length))
    plan.parts.push(base)
    plan.cells.push({ column, values: support.values, expected: support.expected, mayMiss: false, centre: 0 })
  }
  const { cells, parts } = plan
  return E.right({ form: 'table', cells, columns: [...plan.columns, { _tag: 'LogBase', parts }] })
}
