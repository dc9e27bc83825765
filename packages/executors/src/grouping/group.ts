import { type CheckedRows, copyRows } from '../contract/rows.js'
import { host, type Memory } from '../wasm/kernel/host.js'
import type { Kernel, KernelExports } from '../wasm/kernel/kernel.js'
import { AFTER_CONSTANTS } from '../wasm/kernel/layout.js'
import { growTo, pagesOf } from '../wasm/kernel/resident.js'
import { numbers } from '../wasm/kernel/transfer.js'

/** Rows of equal values gathered into one, which counts as often as they occur. */
export interface Groups {
  /** U x D, row-major; sorted by small weights, so that rows that count as often lie together. */
  readonly values: Float64Array
  /** U: how often each occurs, or the sum of its row weights. */
  readonly weights: Float64Array
  /** N: the group of each row, in the order of their first rows. */
  readonly groupOf: Int32Array
  /** U: where each group is among the values. */
  readonly placeOf: Int32Array
}

/** Rows to be grouped. */
export type GivenRows = Pick<CheckedRows, 'rows' | 'columns' | 'data' | 'write'>

const NUMBER = 8

/** Rows that go to the kernel at a time. */
const CHUNK = 16384

/** Room for groups at the beginning, where there are as many rows. */
const ROOM = 65536

/** Bytes of the numbers of rows that count as often. */
const COUNTS = 1032

/** Where things are, in bytes: chunks of rows, weights and groups, then the distinct rows, which grow. */
const placesFor = (columns: number) => {
  const weights = AFTER_CONSTANTS + CHUNK * columns * NUMBER
  const groups = weights + CHUNK * NUMBER
  return { source: AFTER_CONSTANTS, weights, groups, records: groups + CHUNK * 4 }
}

/** Bytes of so many distinct rows with their weights, and of the table behind them. */
const bytesOf = (room: number, columns: number): number => room * (columns + 1) * NUMBER + 2 * room * NUMBER

/** Where values, weights and places by weight are, behind everything else, and where they end. */
const sortedAt = (behind: number, count: number, columns: number) => {
  const values = behind + COUNTS
  const weights = values + count * columns * NUMBER
  const places = weights + count * NUMBER
  return { values, weights, places, end: places + count * 4 }
}

const sorted = (kernel: KernelExports, memory: Memory, columns: number, behind: number) => {
  const count = kernel.groupCount()
  const at = sortedAt(behind, count, columns)
  growTo(memory, pagesOf(at.end))
  kernel.sortGroups(behind, at.values, at.weights, at.places)
  return {
    values: numbers(memory.buffer, at.values, count * columns),
    weights: numbers(memory.buffer, at.weights, count),
    placeOf: new Int32Array(memory.buffer, at.places, count),
  }
}

/**
 * Groups N x D rows by the bits of every column: 0 and -0 differ, which costs a group and no accuracy. In a memory of its own,
 * of which the result is a part, and which is large enough from the start unless groups are very many: once a memory has grown, V8
 * looks for arrays whose memory is gone at every access to any, and loops over them take half as long again. Throws where there is no
 * memory.
 */
export const group =
  (kernel: Kernel) =>
  async (given: GivenRows, rowWeights: Float64Array | undefined): Promise<Groups> => {
    const { rows, columns } = given
    const { source, weights, groups, records } = placesFor(columns)
    let room = 2 ** Math.ceil(Math.log2(Math.max(16, Math.min(rows, ROOM))))
    const behind = (): number => records + bytesOf(room, columns)
    const memory = new host.WebAssembly!.Memory({ initial: pagesOf(sortedAt(behind(), room, columns).end) })
    const exports = await kernel.instantiate(memory)
    exports.beginGroups(columns, records)
    exports.roomForGroups(room)
    const groupOf = new Int32Array(rows)
    for (let row = 0; row < rows; ) {
      const count = Math.min(CHUNK, rows - row)
      copyRows(given, row, row + count, numbers(memory.buffer, source, count * columns))
      if (rowWeights) numbers(memory.buffer, weights, count).set(rowWeights.subarray(row, row + count))
      const done = exports.groupRows(source, rowWeights ? weights : 0, count, groups)
      groupOf.set(new Int32Array(memory.buffer, groups, done), row)
      row += done
      if (done < count) {
        room *= 4
        growTo(memory, pagesOf(behind()))
        exports.roomForGroups(room)
      }
    }
    return { ...sorted(exports, memory, columns, behind()), groupOf }
  }

/**
 * How much the rows of each number count together, and the first row of each, -1 where there is none. A function by itself: what waits
 * for something is compiled anew each time.
 */
const tally = ({ of, count }: NonNullable<CheckedRows['equal']>, rowWeights: Float64Array | undefined) => {
  const weights = new Float64Array(count)
  const firsts = new Int32Array(count).fill(-1)
  for (let row = 0; row < of.length; row++) {
    const number = of[row]!
    weights[number]! += rowWeights === undefined ? 1 : rowWeights[row]!
    if (firsts[number]! < 0) firsts[number] = row
  }
  return { weights, firsts }
}

/** What is told of each number, for every row. */
const spread = (of: Uint16Array, ofNumber: Int32Array): Int32Array => {
  const ofRow = new Int32Array(of.length)
  for (let row = 0; row < of.length; row++) ofRow[row] = ofNumber[of[row]!]!
  return ofRow
}

/**
 * Groups rows that are known to be equal, by the numbers that they have in common: the same groups, without a look at the rows. None where
 * that does not pay.
 */
export const groupKnown =
  (kernel: Kernel) =>
  async (
    given: GivenRows,
    equal: NonNullable<CheckedRows['equal']>,
    rowWeights: Float64Array | undefined,
  ): Promise<Groups | undefined> => {
    const { rows, columns } = given
    const { weights, firsts } = tally(equal, rowWeights)
    const found = Array.from(firsts.keys())
      .filter(number => firsts[number]! >= 0)
      .sort((a, b) => firsts[a]! - firsts[b]!)
    if (rows < 2 || !pays(found.length, rows)) return undefined
    const data = new Float64Array(found.length * columns)
    for (const [i, number] of found.entries())
      copyRows(given, firsts[number]!, firsts[number]! + 1, data.subarray(i * columns, (i + 1) * columns))
    const distinct = { rows: found.length, columns, data }
    const groups = await group(kernel)(
      distinct,
      Float64Array.from(found, number => weights[number]!),
    )
    const groupOfNumber = new Int32Array(equal.count)
    for (const [i, number] of found.entries()) groupOfNumber[number] = groups.groupOf[i]!
    return { ...groups, groupOf: spread(equal.of, groupOfNumber) }
  }

/** Rows looked at, evenly spread, to tell whether grouping could pay. */
const SAMPLE = 2048

/**
 * Whether so many rows of a sample are equal that all rows may well have few distinct values. If values are alike in
 * frequency and U in number, pairs of a sample are equal at a rate of 1 / U, and N rows hold U (1 - exp(-N / U)) of them.
 */
export const mayPay =
  (kernel: Kernel) =>
  async (given: GivenRows): Promise<boolean> => {
    const { rows, columns } = given
    if (rows < 2) return false
    const count = Math.min(rows, SAMPLE)
    const sample = new Float64Array(count * columns)
    for (let i = 0; i < count; i++) {
      const row = Math.floor((i * rows) / count)
      copyRows(given, row, row + 1, sample.subarray(i * columns, (i + 1) * columns))
    }
    const { weights } = await group(kernel)({ rows: count, columns, data: sample }, undefined)
    let equalPairs = 0
    for (let i = 0; i < weights.length; i++) equalPairs += (weights[i]! * (weights[i]! - 1)) / 2
    if (equalPairs === 0) return false
    const distinct = (count * (count - 1)) / 2 / equalPairs
    return pays(distinct * -Math.expm1(-rows / distinct), rows)
  }

/** Whether the weights and the expansion of results cost less than the rows that are saved. */
export const pays = (distinct: number, rows: number): boolean => distinct <= 0.7 * rows
