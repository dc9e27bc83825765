import type { CellFamily } from '@conjugate/distributions'

/** Whether the statistic of a vector of so many numbers is the vector. */
export const isOwnStatistic = ({ statisticExpression }: CellFamily, columns: number): boolean => {
  const expression = statisticExpression?.(columns)
  return (
    expression?._tag === 'Concat' &&
    expression.parts.length === columns &&
    expression.parts.every((part, i) => part._tag === 'Column' && part.column === i)
  )
}
