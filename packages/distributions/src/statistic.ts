import type { Matrix, Vector } from '@conjugate/linalg'

/**
 * Sufficient statistics of a row of columns as data, so that any engine can interpret them: one entry of t(x) each, or
 * several laid end to end. A number is a row of one column.
 */
export type StatisticExpression =
  | { readonly _tag: 'Column'; readonly column: number }
  | { readonly _tag: 'Product'; readonly columns: readonly [number, number] }
  | { readonly _tag: 'Log'; readonly column: number }
  /** log(1 - x). */
  | { readonly _tag: 'LogComplement'; readonly column: number }
  | { readonly _tag: 'Reciprocal'; readonly column: number }
  /** 1 where the column is the value, and 0 elsewhere. */
  | { readonly _tag: 'Indicator'; readonly column: number; readonly value: number }
  | { readonly _tag: 'Sum'; readonly parts: ReadonlyArray<StatisticExpression> }
  | { readonly _tag: 'Concat'; readonly parts: ReadonlyArray<StatisticExpression> }

export const concat = (...parts: ReadonlyArray<StatisticExpression>): StatisticExpression => ({ _tag: 'Concat', parts })

const each = (columns: number, entry: (column: number) => StatisticExpression): StatisticExpression =>
  concat(...Array.from({ length: columns }, (_, column) => entry(column)))

const square = (column: number): StatisticExpression => ({ _tag: 'Product', columns: [column, column] })

export const column = (index: number): StatisticExpression => ({ _tag: 'Column', column: index })

export const log = (index: number): StatisticExpression => ({ _tag: 'Log', column: index })

/** x_1, ..., x_D. */
export const identity = (columns: number): StatisticExpression => each(columns, column)

/** log x_1, ..., log x_D. */
export const logs = (columns: number): StatisticExpression => each(columns, log)

/** x and x x' (row-major): first and second moments. */
export const moments = (columns: number): StatisticExpression =>
  concat(
    identity(columns),
    each(columns, i => each(columns, j => ({ _tag: 'Product', columns: [i, j] }))),
  )

/** x_1, x_1^2, ..., x_D, x_D^2. */
export const momentsOfColumns = (columns: number): StatisticExpression =>
  each(columns, i => concat(column(i), square(i)))

/** x and x'x. */
export const momentsOfLength = (columns: number): StatisticExpression =>
  concat(identity(columns), { _tag: 'Sum', parts: Array.from({ length: columns }, (_, i) => square(i)) })

/** The K indicators of a category. */
export const indicators = (categories: number): StatisticExpression =>
  each(categories, value => ({ _tag: 'Indicator', column: 0, value }))

/** The same of columns that begin so much later. */
export const shifted = (expression: StatisticExpression, by: number): StatisticExpression => {
  switch (expression._tag) {
    case 'Product':
      return { ...expression, columns: [expression.columns[0] + by, expression.columns[1] + by] }
    case 'Sum':
    case 'Concat':
      return { ...expression, parts: expression.parts.map(part => shifted(part, by)) }
    default:
      return { ...expression, column: expression.column + by }
  }
}

/** t(x) of a row as plain numbers: the reference that engines have to agree with. */
export const evaluateStatistic =
  (expression: StatisticExpression) =>
  (x: Vector): ReadonlyArray<number> => {
    switch (expression._tag) {
      case 'Column':
        return [x[expression.column]!]
      case 'Product':
        return [x[expression.columns[0]]! * x[expression.columns[1]]!]
      case 'Log':
        return [Math.log(x[expression.column]!)]
      case 'LogComplement':
        return [Math.log1p(-x[expression.column]!)]
      case 'Reciprocal':
        return [1 / x[expression.column]!]
      case 'Indicator':
        return [x[expression.column] === expression.value ? 1 : 0]
      case 'Sum':
        return [expression.parts.flatMap(part => evaluateStatistic(part)(x)).reduce((a, b) => a + b, 0)]
      case 'Concat':
        return expression.parts.flatMap(part => evaluateStatistic(part)(x))
    }
  }

/** t of every row (N x D) as a matrix (N x F): what linear densities of an executor take. */
export const statisticMatrix =
  (expression: StatisticExpression) =>
  ({ rows, columns, data }: Matrix): Matrix => {
    const evaluate = evaluateStatistic(expression)
    const all = Array.from({ length: rows }, (_, n) =>
      evaluate(Float64Array.from({ length: columns }, (_c, i) => data[n * columns + i]!)),
    )
    const width = all[0]?.length ?? 0
    return { rows, columns: width, data: Float64Array.from(all.flat()) }
  }

/** A value as the columns that expressions of statistics are about: a number, a vector or a record of numbers. */
export const columnsOf = (x: unknown): number[] => {
  if (typeof x === 'number') return [x]
  return Symbol.iterator in (x as object)
    ? Array.from(x as Iterable<number>)
    : Object.values(x as Record<string, number>)
}
