import {
  type CellFamily,
  type ExponentialFamily,
  type StatisticExpression,
  type StridedColumn,
  statisticLength,
  writeStatistic,
} from '@conjugate/distributions'
import type { OwnMatrix, Vector } from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import type { Cells } from '../../observations/cells.js'
import { type ColumnSizes, columnSizes } from '../sizes.js'

/** What reading observations of a family takes. */
export type Observed<P, X> = Pick<
  ExponentialFamily<P, X, unknown, unknown>,
  'support' | 'statistic' | 'statisticExpression' | 'logBaseMeasure' | 'columns'
>

/** A statistic that overflows: anything as great is as unlikely. */
export const saturated = (t: number): number => Math.max(-Number.MAX_VALUE, Math.min(Number.MAX_VALUE, t))

/** Writes some of the rows; gives the number of the first whose values no member has, or `count` where there is none. */
export type Writer = (start: number, count: number) => number

/** Numbers of the target that are written by all writers before they go on: as many as are near to a processor. */
const NEAR = 2 ** 15

/**
 * Lets all write the rows, some of them at a time, and tells how large columns are. Otherwise the number of the first row that
 * one of them cannot write.
 */
export const writeRows = (
  target: OwnMatrix,
  writers: ReadonlyArray<Writer>,
  weights: Vector | undefined,
): E.Either<number, ColumnSizes> => {
  const { rows, columns } = target
  const sizes = columnSizes(target, weights)
  const most = Math.max(16, Math.floor(NEAR / columns))
  for (let start = 0; start < rows; start += most) {
    const count = Math.min(most, rows - start)
    let wrong = count
    for (const write of writers) wrong = Math.min(wrong, write(start, count))
    if (wrong < count) return E.left(start + wrong)
    sizes.add(start, start + count)
  }
  return E.right(sizes.found())
}

/** Where the statistics of a column go. */
export interface StatisticPlace {
  readonly target: OwnMatrix
  /** The column of the target that has the first of them, and how many there are. */
  readonly first: number
  readonly length: number
  /** The column to which log h is added. */
  readonly logColumn: number
  /** The column that is 1 where the cell is there. */
  readonly presence?: number
  /** Rows of weight 0 may overflow. */
  readonly weights: Vector | undefined
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

/** How many numbers a statistic has. */
export const lengthOf = (source: StatisticSource): number => {
  const expression = expressionOf(source)
  return expression ? statisticLength(expression) : source.family.statistic(source.at(0) as never).length
}

/** Whole numbers below it have a log h that is computed once. */
const KNOWN = 1024

/** Adds log h of numbers, which is computed once of each small whole one; gives the place of the first that no member has. */
const logsOfNumbers = ({ family }: StatisticSource, { target, logColumn }: StatisticPlace) => {
  const { columns: width, data } = target
  const logBaseMeasure = family.logBaseMeasure as (x: number) => number
  const known = new Float64Array(KNOWN).fill(Number.NaN)
  return (values: Float64Array, first: number, start: number, count: number): number => {
    for (let n = 0, to = start * width + logColumn; n < count; n++, to += width) {
      const x = values[first + n]!
      if (Number.isNaN(x)) continue
      const isSmall = x >= 0 && x < KNOWN && Math.floor(x) === x
      let log = isSmall ? known[x]! : logBaseMeasure(x)
      if (Number.isNaN(log) && isSmall) {
        log = logBaseMeasure(x)
        known[x] = log
      }
      // Written so that NaN fails it too.
      if (!(log > Number.NEGATIVE_INFINITY)) return n
      data[to]! += log
    }
    return count
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
  const { target, first, length, presence, weights } = place
  const { columns: width, data } = target
  const expression = expressionOf(source)
  const size = cells?.size ?? 0
  const isNumber = cells !== undefined && !isVector
  const writeLogs = isNumber ? logsOfNumbers(source, place) : logsOfOthers(source, place)
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

  /** What is missing is 0, and what is there is known by a 1. */
  const tell = (numbers: Float64Array, from: number, start: number, count: number): void => {
    if (presence !== undefined) for (let n = 0, to = start * width + presence; n < count; n++, to += width) data[to] = 1
    if (!cells?.hasGaps) return
    for (let n = 0, at = start * width; n < count; n++, at += width) {
      if (!Number.isNaN(numbers[from + n])) continue
      data.fill(0, at + first, at + first + length)
      if (presence !== undefined) data[at + presence] = 0
    }
  }

  return (start, count) => {
    const [numbers, from] = numbersOf(start, count)
    let good = writeLogs(numbers, from, start, count)
    if (moved && expression) move(numbers, start, good)
    if (expression) {
      const strided: StridedColumn[] = []
      for (let i = 0; i < size; i++) strided.push({ values: numbers, first: from + i, step: size })
      writeStatistic(expression, strided, 0, good, data, start * width + first, width)
    } else good = writeEach(start, good)
    tell(numbers, from, start, good)
    return isPlain ? good : unbounded(start, good)
  }
}
