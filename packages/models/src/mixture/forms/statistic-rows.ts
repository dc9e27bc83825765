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
  | 'support'
  | 'statistic'
  | 'statisticExpression'
  | 'logBaseMeasure'
  | 'logBaseExpression'
  | 'compared'
  | 'columns'
  | 'toldApartBy'
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

/** Rows that have been written, and how large their columns are. */
export interface Filled {
  readonly rows: OwnMatrix
  readonly sizes: ColumnSizes
}

/**
 * Lets all write the rows, some of them at a time, and tells how large columns are. Otherwise the number of the first row that
 * one of them cannot write.
 */
export const writeRows = (
  { rows, columns, data, sizes }: Target,
  writers: ReadonlyArray<Writer>,
): E.Either<number, Filled> => {
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
  /** Whether nothing else is added to log h. */
  readonly isOnly?: boolean
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

/** Whether the statistic of numbers is the number itself, which is written in one loop with log h. */
export const isTheNumber = (source: StatisticSource): boolean => {
  const expression = expressionOf(source)
  const [only, ...others] = expression?._tag === 'Concat' ? expression.parts : [expression]
  return only?._tag === 'Column' && others.length === 0 && !source.isVector && source.moved === undefined
}

/** Whole numbers below it have a log h that is computed once. */
export const KNOWN = 1024

/** The sum of the sizes of numbers, the greatest and the least: float64, of which sums in a loop need no memory. */
type Size = Float64Array

/** Takes another number. */
const grow = (size: Size, t: number, weight: number): void => {
  size[0]! += weight * Math.abs(t)
  size[1] = Math.max(size[1]!, t)
  size[2] = Math.min(size[2]!, t)
}

/** Where numbers and log h are written, from a row on: numbers only where they are their own statistic. */
interface NumberPlace {
  readonly data: Float64Array
  readonly width: number
  readonly first: number
  readonly logColumn: number
  readonly isOwn: boolean
}

/**
 * Adds log h of numbers that all are known small whole ones, and writes them, as long as that is so; gives how many there were. One
 * loop and small, since a program that reads once waits for it to be compiled.
 */
const writeKnown = (
  values: ArrayLike<number>,
  from: number,
  end: number,
  known: Float64Array,
  { data, width, first, logColumn, isOwn }: NumberPlace,
  ofNumbers: Size,
  ofLogs: Size,
): number => {
  let total = ofNumbers[0]!
  let greatest = ofNumbers[1]!
  let least = ofNumbers[2]!
  let totalLog = ofLogs[0]!
  let greatestLog = ofLogs[1]!
  let leastLog = ofLogs[2]!
  let i = from
  for (let row = from * width; i < end; i++, row += width) {
    const x = values[i]!
    const small = x | 0
    if (small !== x || small < 0 || small >= KNOWN) break
    const log = known[small]!
    if (Number.isNaN(log)) break
    data[row + logColumn]! += log
    totalLog += Math.abs(log)
    greatestLog = Math.max(greatestLog, log)
    leastLog = Math.min(leastLog, log)
    if (isOwn) {
      data[row + first] = x
      total += Math.abs(x)
      greatest = Math.max(greatest, x)
      least = Math.min(least, x)
    }
  }
  ofNumbers[0] = total
  ofNumbers[1] = greatest
  ofNumbers[2] = least
  ofLogs[0] = totalLog
  ofLogs[1] = greatestLog
  ofLogs[2] = leastLog
  return i - from
}

/**
 * Adds log h of numbers, which is computed once of each small whole one, and tells which are there; gives the place of the first
 * that no member has. Columns of 1 and 0 are written and told how large they are, also those of categories, and so are numbers that
 * are their own statistic.
 */
const logsOfNumbers = (
  source: StatisticSource,
  { target, logColumn, presence = -1, first, length, isOnly = false }: StatisticPlace,
) => {
  const { columns: width, data, weights, sizes } = target
  const { total, greatest, least, told } = sizes
  const logBaseMeasure = source.family.logBaseMeasure as (x: number) => number
  const known = new Float64Array(KNOWN).fill(Number.NaN)
  const isIndex = isOfCategories(source)
  const isOwn = isTheNumber(source)
  const place: NumberPlace = { data, width, first, logColumn, isOwn }
  const ofNumbers: Size = new Float64Array(3)
  const ofLogs: Size = new Float64Array(3)
  if (isIndex || isOwn) told.fill(1, first, first + length)
  if (isOnly) told[logColumn] = 1
  if (presence >= 0) told[presence] = 1
  /** Whether a member has the number of a row, which is taken unless it is missing. */
  const writeOne = (x: number, n: number): boolean => {
    if (Number.isNaN(x)) return true
    const isSmall = x >= 0 && x < KNOWN && Math.floor(x) === x
    let log = isSmall ? known[x]! : Number.NaN
    if (Number.isNaN(log)) log = logBaseMeasure(x)
    if (isSmall) known[x] = log
    // Written so that NaN fails it too.
    if (!(log > Number.NEGATIVE_INFINITY)) return false
    data[n * width + logColumn]! += log
    if (isOwn) data[n * width + first] = x
    const weight = weights === undefined ? 1 : weights[n]!
    if (weight > 0) {
      grow(ofLogs, log, weight)
      if (isOwn) grow(ofNumbers, x, weight)
    }
    return true
  }
  const addLogs = (values: ArrayLike<number>, from: number, start: number, count: number): number => {
    for (let n = 0; n < count; ) {
      const before = n
      // What is written of rows is told of by their own numbers.
      if (weights === undefined && from === start)
        n += writeKnown(values, from + n, from + count, known, place, ofNumbers, ofLogs)
      // Where few are known, each by itself.
      const end = n === before ? count : Math.min(n + 1, count)
      for (; n < end; n++) if (!writeOne(values[from + n]!, start + n)) return n
    }
    return count
  }
  const tellSizes = (): void => {
    for (const [column, size, isTold] of [
      [logColumn, ofLogs, isOnly],
      [first, ofNumbers, isOwn],
    ] as const) {
      if (!isTold) continue
      total[column] = size[0]!
      greatest[column] = size[1]!
      least[column] = size[2]!
    }
  }
  const tell = (values: ArrayLike<number>, from: number, start: number, count: number): void => {
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
  return (values: ArrayLike<number>, from: number, start: number, count: number): number => {
    const good = addLogs(values, from, start, count)
    tellSizes()
    if (presence >= 0 || isIndex) tell(values, from, start, good)
    return good
  }
}

/** The same of observations one by one. */
const logsOfOthers =
  (
    { family, cells, at }: StatisticSource,
    { target: { columns: width, data }, logColumn, presence = -1 }: StatisticPlace,
  ) =>
  (_values: unknown, _from: number, start: number, count: number): number => {
    for (let n = 0; n < count; n++) {
      if (cells?.hasGaps && Number.isNaN(cells.values[(start + n) * cells.size])) continue
      if (presence >= 0) data[(start + n) * width + presence] = 1
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
  const isWritten = isOfCategories(source) || isTheNumber(source)
  let own = new Float64Array(0)

  /** The numbers of some rows in float64, and where the first of them is. */
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
      if (Number.isNaN(numbers[from + n * size])) data.fill(0, at, at + length)
  }

  return (start, count) => {
    if (isWritten) return writeLogs(cells!.values, start, start, count)
    const [numbers, from] = numbersOf(start, count)
    let good = writeLogs(numbers, from, start, count)
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
