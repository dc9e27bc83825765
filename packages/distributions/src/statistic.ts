import type { Vector } from '@conjugate/linalg'

/**
 * Sufficient statistics of a row of columns as data, so that any executor can interpret them: one entry of t(x) each, or
 * several laid end to end.
 */
export type StatisticExpression =
  | { readonly _tag: 'Column'; readonly column: number }
  | { readonly _tag: 'Product'; readonly columns: readonly [number, number] }
  | { readonly _tag: 'Log'; readonly column: number }
  | { readonly _tag: 'Concat'; readonly parts: ReadonlyArray<StatisticExpression> }

const concat = (parts: ReadonlyArray<StatisticExpression>): StatisticExpression => ({ _tag: 'Concat', parts })

const each = (columns: number, entry: (column: number) => StatisticExpression): StatisticExpression =>
  concat(Array.from({ length: columns }, (_, column) => entry(column)))

/** x_1, ..., x_D. */
const identity = (columns: number): StatisticExpression => each(columns, column => ({ _tag: 'Column', column }))

/** log x_1, ..., log x_D. */
export const logs = (columns: number): StatisticExpression => each(columns, column => ({ _tag: 'Log', column }))

/** x and x x' (row-major): first and second moments. */
export const moments = (columns: number): StatisticExpression =>
  concat([identity(columns), each(columns, i => each(columns, j => ({ _tag: 'Product', columns: [i, j] })))])

/** t(x) as plain numbers: the reference that executors have to agree with. */
export const evaluate =
  (expression: StatisticExpression) =>
  (x: Vector): number[] => {
    switch (expression._tag) {
      case 'Column':
        return [x[expression.column]!]
      case 'Product':
        return [x[expression.columns[0]]! * x[expression.columns[1]]!]
      case 'Log':
        return [Math.log(x[expression.column]!)]
      case 'Concat':
        return expression.parts.flatMap(part => evaluate(part)(x))
    }
  }
