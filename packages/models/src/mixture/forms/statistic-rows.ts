import {
  type CellFamily,
  type ExponentialFamily,
  indexOf,
  type StatisticExpression,
  type StridedColumn,
  statisticLength,
  writeStatistic,
} from '@conjugate/distributions'
import type { OwnMatrix, Vector } from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import type { Cells } from '../../observations/cells.js'
import { type ColumnSizes, type GrowingSizes, growingSizes } from '../sizes.js'

/** What reading observations of a family takes. */
export type Observed<P, X> = Pick<
  ExponentialFamily<P, X, unknown, unknown>,
  'support' | 'statistic' | 'statisticExpression' | 'logBaseMeasure' | 'logBaseExpression' | 'columns'
>

/** A statistic that overflows: anything as great is as unlikely. */
export const saturated = (t: number): number => Math.max(-Number.MAX_VALUE, Math.min(Number.MAX_VALUE, t))

/** Writes some of the rows; gives the number of the first whose values no member has, or `count` where there is none. */
export type Writer = (start: number, count: number) => number

/** Numbers of the target that are written by all writers before they go on: as many as are near to a processor. */
const NEAR = 2 ** 12

/** Rows that are being written. */
export interface Target extends OwnMatrix {
  readonly sizes: GrowingSizes
  /** Rows of weight 0 may overflow. */
  readonly weights: Vector | undefined
}

export const targetOf = (rows: number, columns: number, weights: Vector | undefined): Target => {
  const target = { rows, columns, data: new Float64Array(rows * columns) }
  return { ...target, weights, sizes: growingSizes(target, weights) }
}

/**
 * Lets all write the rows, some of them at a time, and tells how large columns are. Otherwise the number of the first row that
 * one of them cannot write.
 */
export const writeRows = (
  { rows, columns, data, sizes }: Target,
  writers: ReadonlyArray<Writer>,
): E.Either<number, { readonly rows: OwnMatrix; readonly sizes: ColumnSizes }> => {
  const most = Math.max(16, Math.floor(NEAR / columns))
  for (let start = 0; start < rows; start += most) {
    const count = Math.min(most, rows - start)
    let wrong = count
    for (const write of writers) wrong = Math.min(wrong, write(start, count))
    if (wrong < count) return E.left(start + wrong)
    sizes.add(start, start + count)
  }
  return E.right({ rows: { rows, columns, data }, sizes: sizes.found() })
}

/** Where the statistics of a column go. */
export interface StatisticPlace {
  readonly target: Target
  /** The column of the target that has the first of them, and how many there are. */
  readonly first: number
  readonly length: number
  /** The column to which log h is added. */
  readonly logColumn: number
  /** The column that is 1 where the cell is there. */
  readonly presence?: number
}

/** Observations of a family, or the cells of a column. */
export interface StatisticSource {
  readonly family: CellFamily
  /** Absent where observations are neither numbers nor vectors. */
  readonly cells?: Cells | undefined
  /** Whether cells are vectors, also of one number. */
  readonly isVector: boolean
  /** One observation by itself. */
  readonly at: (n: number) => unknown
  /** Moves an observation, or a cell, to where its statistic is taken; log h is that of what was observed. */
  readonly moved?: ((x: never) => unknown) | undefined
}

/** The expression of the statistic, where the cells are numbers that it can be taken of. */
const expressionOf = ({ family, cells }: StatisticSource): StatisticExpression | undefined =>
  cells && family.statisticExpression?.(cells.size)

/** Whether a statistic of finite numbers is finite. */
const givesFinite = (expression: StatisticExpression): boolean =>
  expression._tag === 'Concat'
    ? expression.parts.every(givesFinite)
    : expression._tag === 'Column' || expression._tag === 'Indicator'

/** Whether the statistic is the indicators of 0, 1, 2 and so on. */
const isOfCategories = (source: StatisticSource): boolean => {
  const expression = expressionOf(source)
  return expression !== undefined && !source.isVector && source.moved === undefined && indexOf(expression) !== undefined
}

/** How many numbers a statistic has. */
export const lengthOf = (source: StatisticSource): number => {
  const expression = expressionOf(source)
  return expression ? statisticLength(expression) : source.family.statistic(source.at(0) as never).length
}

/** Whole numbers below it have a log h that is computed once. */
const KNOWN = 1024

/**
 * Adds log h of numbers, which is computed once of each small whole one, and tells which are there; gives the place of the first
 * that no member has. Columns of 1 and 0 are written and told how large they are, also those of categories.
 */
const logsOfNumbers = (
  source: StatisticSource,
  { target, logColumn, presence = -1, first, length }: StatisticPlace,
) => {
  const { columns: width, data, weights, sizes } = target
  const { total, told } = sizes
  const logBaseMeasure = source.family.logBaseMeasure as (x: number) => number
  const known = new Float64Array(KNOWN).fill(Number.NaN)
  const isIndex = isOfCategories(source)
  if (isIndex) told.fill(1, first, first + length)
  if (presence >= 0) told[presence] = 1
  const addLogs = (values: Float64Array, from: number, start: number, count: number): number => {
    for (let n = 0, at = start * width + logColumn; n < count; n++, at += width) {
      const x = values[from + n]!
      const small = x | 0
      let log = small === x && small >= 0 && small < KNOWN ? known[small]! : Number.NaN
      if (Number.isNaN(log)) {
        if (Number.isNaN(x)) continue
        log = logBaseMeasure(x)
        if (small === x && small >= 0 && small < KNOWN) known[small] = log
        // Written so that NaN fails it too.
        if (!(log > Number.NEGATIVE_INFINITY)) return n
      }
      data[at]! += log
    }
    return count
  }
  const tell = (values: Float64Array, from: number, start: number, count: number): void => {
    for (let n = 0, row = start * width; n < count; n++, row += width) {
      const x = values[from + n]!
      if (Number.isNaN(x)) continue
      const weight = weights === undefined ? 1 : weights[start + n]!
      if (presence >= 0) {
        data[row + presence] = 1
        if (weight > 0) total[presence]! += weight
      }
      if (isIndex && x >= 0 && x < length && Math.floor(x) === x) {
        data[row + first + x] = 1
        if (weight > 0) total[first + x]! += weight
      }
    }
  }
  return (values: Float64Array, from: number, start: number, count: number): number => {
    const good = addLogs(values, from, start, count)
    if (presence >= 0 || isIndex) tell(values, from, start, good)
    return good
  }
}

/** The same of observations one by one. */
const logsOfOthers =
  ({ family, at }: StatisticSource, { target: { columns: width, data }, logColumn }: StatisticPlace) =>
  (_values: unknown, _first: number, start: number, count: number): number => {
    for (let n = 0; n < count; n++) {
      const log = family.logBaseMeasure(at(start + n) as never)
      if (!(log > Number.NEGATIVE_INFINITY)) return n
      data[(start + n) * width + logColumn]! += log
    }
    return count
  }

/**
 * Writes statistics and log h: by the expression of the statistic, column by column, and of a family that has none one by one.
 * A cell that is missing has zeros.
 */
export const statisticWriter = (source: StatisticSource, place: StatisticPlace): Writer => {
  const { family, cells, isVector, at: observation, moved } = source
  const { target, first, length } = place
  const { columns: width, data, weights } = target
  const expression = expressionOf(source)
  const size = cells?.size ?? 0
  const isNumber = cells !== undefined && !isVector
  const writeLogs = isNumber ? logsOfNumbers(source, place) : logsOfOthers(source, place)
  const isWritten = isOfCategories(source)
  let own = new Float64Array(0)

  /** The numbers of some rows, and where the first of them is. */
  const numbersOf = (start: number, count: number): readonly [Float64Array, number] => {
    if (cells === undefined) return [own, 0]
    if (cells.values instanceof Float64Array && moved === undefined) return [cells.values, start * size]
    if (own.length < count * size) own = new Float64Array(count * size)
    own.set(cells.values.subarray(start * size, (start + count) * size))
    return [own, 0]
  }

  const move = (numbers: Float64Array, start: number, count: number): void => {
    for (let n = 0; n < count; n++)
      if (isNumber) numbers[n] = moved!(numbers[n] as never) as number
      else numbers.set(moved!(observation(start + n) as never) as ArrayLike<number>, n * size)
  }

  const writeEach = (start: number, count: number): number => {
    for (let n = 0; n < count; n++) {
      const x = observation(start + n)
      if (isNumber && Number.isNaN(x)) continue
      const t = family.statistic((moved ? moved(x as never) : x) as never)
      if (t.length !== length) return n
      for (let f = 0; f < length; f++) data[(start + n) * width + first + f] = t[f]!
    }
    return count
  }

  const isPlain = expression !== undefined && moved === undefined && givesFinite(expression)

  /** The number of the first row with a statistic that is not finite, if it counts. */
  const unbounded = (start: number, count: number): number => {
    for (let n = 0, at = start * width + first; n < count; n++, at += width)
      for (let i = at, end = i + length; i < end; i++) {
        const t = weights?.[start + n] === 0 ? saturated(data[i]!) : data[i]!
        if (!Number.isFinite(t)) return n
        data[i] = t
      }
    return count
  }

  /** The statistics of what is missing are 0. */
  const empty = (numbers: Float64Array, from: number, start: number, count: number): void => {
    for (let n = 0, at = start * width + first; n < count; n++, at += width)
      if (Number.isNaN(numbers[from + n])) data.fill(0, at, at + length)
  }

  return (start, count) => {
    const [numbers, from] = numbersOf(start, count)
    let good = writeLogs(numbers, from, start, count)
    if (isWritten) return good
    if (moved && expression) move(numbers, start, good)
    if (expression) {
      const strided: StridedColumn[] = []
      for (let i = 0; i < size; i++) strided.push({ values: numbers, first: from + i, step: size })
      writeStatistic(expression, strided, 0, good, data, start * width + first, width)
    } else good = writeEach(start, good)
    if (cells?.hasGaps) empty(numbers, from, start, good)
    return isPlain ? good : unbounded(start, good)
  }
}
