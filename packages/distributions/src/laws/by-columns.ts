import type { ExponentialFamily } from '../family.js'
import {
  columnsOf,
  evaluateStatistic,
  type StatisticExpression,
  statisticLength,
  writeStatistic,
} from '../statistic.js'
import { holds, near, nearAll } from './assert.js'

/**
 * The expression of log h gives log h of each value, and no value is outside the interval that the support tells, which the
 * numbers beside it are.
 */
export const baseByColumns = <P, X>(
  {
    support,
    logBaseMeasure,
    logBaseExpression,
  }: Pick<ExponentialFamily<P, X, unknown, unknown>, 'support' | 'logBaseMeasure' | 'logBaseExpression'>,
  values: ReadonlyArray<X>,
): void => {
  for (const x of values) {
    const columns = columnsOf(x)
    const entry = (of: StatisticExpression): number => evaluateStatistic(of)(columns)[0]!
    if (logBaseExpression !== undefined) {
      const { constant, terms = [], ofNumbers = [] } = logBaseExpression(columns.length)
      let log = constant
      for (const { factor, of } of terms) log += factor * entry(of)
      for (const { of, log: logOf } of ofNumbers) log += logOf(entry(of))
      near(log, logBaseMeasure(x), 1e-13, 'log h by its expression')
    }
    if (support === undefined || support._tag === 'Table' || support.values === undefined) continue
    const { least, greatest, isOpen, isWhole } = support.values
    for (const v of columns) {
      holds(isOpen ? v > least && v < greatest : v >= least && v <= greatest, 'a value is outside the interval told')
      holds(!isWhole || Number.isInteger(v), 'a value is not whole')
    }
  }
}

/** The expression of the statistic gives the statistic: of each value, and of all values at once, column by column. */
export const statisticByColumns = <P, X>(
  {
    statistic,
    statisticExpression,
  }: Pick<ExponentialFamily<P, X, unknown, unknown>, 'statistic' | 'statisticExpression'>,
  values: ReadonlyArray<X>,
): void => {
  if (statisticExpression === undefined) return
  const rows = values.map(columnsOf)
  const columns = rows[0]?.length ?? 0
  const expression = statisticExpression(columns)
  const width = statisticLength(expression)
  const first = 1
  const all = new Float64Array(values.length * (width + first))
  const strided = Array.from({ length: columns }, (_, i) => ({
    values: Float64Array.from(rows.flat()),
    first: i,
    step: columns,
  }))
  writeStatistic(expression, strided, 0, values.length, all, first, width + first)
  for (const [n, x] of values.entries()) {
    const t = statistic(x)
    const at = n * (width + first)
    nearAll(evaluateStatistic(expression)(rows[n]!), t, 1e-14, 'the statistic')
    nearAll(all.subarray(at + first, at + first + width), t, 1e-14, 'the statistic by columns')
    holds(all[at] === 0, 'the statistic by columns is beside its place')
  }
}
