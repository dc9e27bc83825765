import type { Vector } from '@conjugate/linalg'

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
  /** x_i log x_j, of two columns. */
  | { readonly _tag: 'TimesLog'; readonly columns: readonly [number, number] }
  | { readonly _tag: 'Reciprocal'; readonly column: number }
  /** 1 where the column is the value, and 0 elsewhere. */
  | { readonly _tag: 'Indicator'; readonly column: number; readonly value: number }
  | { readonly _tag: 'Sum'; readonly parts: ReadonlyArray<StatisticExpression> }
  | { readonly _tag: 'Concat'; readonly parts: ReadonlyArray<StatisticExpression> }

/** log h(x) of a row of columns as data: a constant, entries of statistics with factors, and functions of single entries. */
export interface LogBaseExpression {
  readonly constant: number
  readonly terms?: ReadonlyArray<{ readonly factor: number; readonly of: StatisticExpression }>
  /** Functions that engines may lack, such as log x!, of entries that take few values. */
  readonly ofNumbers?: ReadonlyArray<{ readonly of: StatisticExpression; readonly log: (entry: number) => number }>
}

/** log h(x) that is the same for all x. */
export const constantBase = (constant: number) => (): LogBaseExpression => ({ constant })

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
    case 'TimesLog':
      return { ...expression, columns: [expression.columns[0] + by, expression.columns[1] + by] }
    case 'Sum':
    case 'Concat':
      return { ...expression, parts: expression.parts.map(part => shifted(part, by)) }
    default:
      return { ...expression, column: expression.column + by }
  }
}

const pushStatistic = (expression: StatisticExpression, x: Vector, found: number[]): void => {
  switch (expression._tag) {
    case 'Column':
      found.push(x[expression.column]!)
      break
    case 'Product':
      found.push(x[expression.columns[0]]! * x[expression.columns[1]]!)
      break
    case 'TimesLog':
      found.push(x[expression.columns[0]]! * Math.log(x[expression.columns[1]]!))
      break
    case 'Log':
      found.push(Math.log(x[expression.column]!))
      break
    case 'LogComplement':
      found.push(Math.log1p(-x[expression.column]!))
      break
    case 'Reciprocal':
      found.push(1 / x[expression.column]!)
      break
    case 'Indicator':
      found.push(x[expression.column] === expression.value ? 1 : 0)
      break
    case 'Sum': {
      const terms: number[] = []
      for (const part of expression.parts) pushStatistic(part, x, terms)
      found.push(terms.reduce((a, b) => a + b, 0))
      break
    }
    case 'Concat':
      for (const part of expression.parts) pushStatistic(part, x, found)
  }
}

/** t(x) of a row as plain numbers: the reference that engines have to agree with. */
export const evaluateStatistic =
  (expression: StatisticExpression) =>
  (x: Vector): ReadonlyArray<number> => {
    const found: number[] = []
    pushStatistic(expression, x, found)
    return found
  }

/** The numbers of a column of float64: the first is at `first`, and each is `step` places after the one before it. */
export interface StridedColumn {
  readonly values: Float64Array
  readonly first: number
  readonly step: number
}

/** How many entries t(x) has. */
export const statisticLength = (expression: StatisticExpression): number =>
  expression._tag === 'Concat' ? expression.parts.reduce((sum, part) => sum + statisticLength(part), 0) : 1

/** What is made of one number. */
const LEAVES = { Log: Math.log, LogComplement: (x: number) => Math.log1p(-x), Reciprocal: (x: number) => 1 / x }

/** The column of which a statistic is the indicators of 0, 1, 2 and so on. */
export const indexOf = (expression: StatisticExpression): number | undefined => {
  if (expression._tag !== 'Concat') return undefined
  const { parts } = expression
  const [first] = parts
  if (first?._tag !== 'Indicator') return undefined
  const { column } = first
  const isNext = (part: StatisticExpression, i: number): boolean =>
    part._tag === 'Indicator' && part.column === column && part.value === i
  return parts.every(isNext) ? column : undefined
}

/**
 * Writes t of the rows `start`, ..., `start + count - 1` of columns, column by column, as {@link evaluateStatistic} has it: that of
 * the first row from `at` on in `target`, and of each further one `width` places later. What the target holds at indicators has to
 * be 0. A number that is missing, NaN, gives NaN, and 0 as indicators.
 */
export const writeStatistic = (
  expression: StatisticExpression,
  columns: ReadonlyArray<StridedColumn>,
  start: number,
  count: number,
  target: Float64Array,
  at: number,
  width: number,
): void => {
  const end = at + count * width
  const of = (index: number): StridedColumn => columns[index]!
  switch (expression._tag) {
    case 'Column': {
      const { values, first, step } = of(expression.column)
      for (let to = at, from = first + start * step; to < end; to += width, from += step) target[to] = values[from]!
      return
    }
    case 'Indicator': {
      const { values, first, step } = of(expression.column)
      const { value } = expression
      for (let to = at, from = first + start * step; to < end; to += width, from += step)
        if (values[from] === value) target[to] = 1
      return
    }
    case 'Product':
    case 'TimesLog': {
      const [a, b] = [of(expression.columns[0]), of(expression.columns[1])]
      const isLog = expression._tag === 'TimesLog'
      for (let to = at, n = start; to < end; to += width, n++) {
        const factor = b.values[b.first + n * b.step]!
        target[to] = a.values[a.first + n * a.step]! * (isLog ? Math.log(factor) : factor)
      }
      return
    }
    case 'Sum': {
      const parts = concat(...expression.parts)
      const length = statisticLength(parts)
      const terms = new Float64Array(count * length)
      writeStatistic(parts, columns, start, count, terms, 0, length)
      for (let to = at, from = 0; to < end; to += width) {
        let sum = 0
        for (let i = 0; i < length; i++) sum += terms[from++]!
        target[to] = sum
      }
      return
    }
    case 'Concat': {
      let next = at
      for (const part of expression.parts) {
        writeStatistic(part, columns, start, count, target, next, width)
        next += statisticLength(part)
      }
      return
    }
    default: {
      const { values, first, step } = of(expression.column)
      const leaf = LEAVES[expression._tag]
      for (let to = at, from = first + start * step; to < end; to += width, from += step)
        target[to] = leaf(values[from]!)
    }
  }
}

/** A value as the columns that expressions of statistics are about: a number, a vector or a record of numbers. */
export const columnsOf = (x: unknown): number[] => {
  if (typeof x === 'number') return [x]
  return Symbol.iterator in (x as object)
    ? Array.from(x as Iterable<number>)
    : Object.values(x as Record<string, number>)
}
