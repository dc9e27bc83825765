import type { ExponentialFamily } from '../family.js'
import { columnsOf, evaluateStatistic, statisticLength, writeStatistic } from '../statistic.js'
import { holds, nearAll } from './assert.js'

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
