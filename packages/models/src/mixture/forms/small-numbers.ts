import type { CellFamily } from '@conjugate/distributions'
import type { WrittenRows } from '@conjugate/executors'
import type { Vector } from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import type { Cells } from '../../observations/cells.js'
import { growingSizes } from '../sizes.js'
import { writtenRows } from '../written-rows.js'
import { type Filled, KNOWN } from './statistic-rows.js'

/** A copy of the numbers, where all are small and whole; 0 is, and -0 is not. */
const smallNumbers = (values: Cells['values']): Uint16Array | undefined => {
  if (values instanceof Uint8Array) return new Uint16Array(values)
  const numbers = new Uint16Array(values.length)
  for (let n = 0; n < values.length; n++) {
    const x = values[n]!
    const small = x | 0
    if (small !== x || small < 0 || small >= KNOWN || (small === 0 && 1 / x < 0)) return undefined
    numbers[n] = small
  }
  return numbers
}

/** How often each number is there, or how much its rows count. */
const countsOf = (numbers: Uint16Array, weights: Vector | undefined): Float64Array => {
  const counts = new Float64Array(KNOWN)
  for (let n = 0; n < numbers.length; n++) counts[numbers[n]!]! += weights === undefined ? 1 : weights[n]!
  return counts
}

/** Writes numbers, each with its log h. */
const put = (
  numbers: Uint16Array,
  logs: Float64Array,
  start: number,
  end: number,
  target: Float64Array,
  width: number,
): void => {
  for (let n = start, to = 0; n < end; n++, to += width) {
    const x = numbers[n]!
    target[to] = x
    target[to + 1] = logs[x]!
  }
}

/**
 * Rows of numbers that are their own statistic, and of their log h, which are written where they are needed; `undefined` where not all
 * numbers are small and whole. What is told of rows is told of each of the numbers. Otherwise the number of the first row that no
 * member has.
 */
export const rowsOfSmallNumbers = (
  { values }: Cells,
  { logBaseMeasure }: Pick<CellFamily, 'logBaseMeasure'>,
  weights: Vector | undefined,
): E.Either<number, Omit<Filled, 'rows'> & { readonly rows: WrittenRows }> | undefined => {
  const numbers = smallNumbers(values)
  if (numbers === undefined) return undefined
  const counts = countsOf(numbers, undefined)
  const logs = new Float64Array(KNOWN)
  for (let x = 0; x < KNOWN; x++) {
    if (counts[x] === 0) continue
    logs[x] = logBaseMeasure(x as never)
    // Written so that NaN fails it too.
    if (!(logs[x]! > Number.NEGATIVE_INFINITY)) logs[x] = Number.NaN
  }
  if (logs.some(Number.isNaN)) return E.left(numbers.findIndex(x => Number.isNaN(logs[x])))
  const table = new Float64Array(2 * KNOWN)
  for (let x = 0; x < KNOWN; x++) if (counts[x]! > 0) table.set([x, logs[x]!], 2 * x)
  const sizes = growingSizes({ columns: 2, data: table }, weights ? countsOf(numbers, weights) : counts)
  sizes.add(0, KNOWN)
  return E.right({
    rows: writtenRows(numbers.length, 2, (start, end, target, width) => put(numbers, logs, start, end, target, width), {
      of: numbers,
      count: KNOWN,
    }),
    sizes: sizes.found(),
  })
}
