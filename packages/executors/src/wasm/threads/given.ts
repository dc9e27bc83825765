// What rows are given for their sums, some ranges at a time, behind all that the memory is laid out for, where every thread reads it.
import type { Memory } from '../kernel/host.js'
import { type Layout, PAIR_ROWS } from '../kernel/layout.js'
import { type Given, sumGiven } from '../kernel/passes.js'
import type { Workspace } from '../kernel/workspace.js'
import { LABELS, RESPONSIBILITIES } from './control.js'

/** So many numbers stay near the processor, and cost large data no memory; but threads have so many ranges at least. */
const [WINDOW, LEAST_RANGES] = [2 ** 19, 8]

/** Statistics of a component that make it worth to hand over what is given: to copy and to lay out one number takes as long as some. */
const WORTH = 32

/** Whether threads are worth it. */
export const isWorthThreads = ({ numbers }: Layout): boolean => numbers >= WORTH

/** The order by which threads add up what is given. */
export const orderOf = (given: Given): number => (given instanceof Int32Array ? LABELS : RESPONSIBILITIES)

/** How many ranges have their numbers there together, how many rows a range has, and a row numbers of so many bytes. */
const sizesOf = ({ components, rangeBlocks, blockPairs, ranges, end }: Layout, order: number) => {
  const [width, bytes] = order === LABELS ? [1, 4] : [components, 8]
  const rangeRows = rangeBlocks * blockPairs * PAIR_ROWS
  const atOnce = Math.min(ranges, Math.max(LEAST_RANGES, Math.floor(WINDOW / (rangeRows * width))))
  return { width, rangeRows, atOnce, address: 8 * Math.ceil(end / 8), bytes: atOnce * rangeRows * width * bytes }
}

/** How many ranges are added up at a time. */
export const rangesAtOnce = (layout: Layout, order: number): number => sizesOf(layout, order).atOnce

/** Where the memory has to end for that. */
export const endOfGiven = (layout: Layout, order: number): number => {
  const { address, bytes } = sizesOf(layout, order)
  return address + bytes
}

/** Where the numbers of all ranges from one on are that are added up with it. */
const placeFor = ({ buffer }: Memory, layout: Layout, order: number, first: number): Given => {
  const { width, rangeRows, atOnce, address } = sizesOf(layout, order)
  const length = (Math.min((first + atOnce) * rangeRows, layout.rows) - first * rangeRows) * width
  return order === LABELS
    ? new Int32Array(buffer, address, length)
    : (new Float64Array(buffer, address, length) as Float64Array)
}

/** Puts what is given for the ranges from one on where threads find it. */
export const putGiven = (memory: Memory, layout: Layout, given: Given, first: number): void => {
  const order = orderOf(given)
  const { width, rangeRows } = sizesOf(layout, order)
  const target = placeFor(memory, layout, order, first)
  const from = first * rangeRows * width
  target.set(given.subarray(from, from + target.length))
}

/** Leaves the sums of a range in its slot, where it is one of those that are added up with the first one. */
export const sumPut = (memory: Memory, workspace: Workspace, range: number, order: number, first: number): void => {
  const { layout } = workspace
  const { rangeRows, atOnce } = sizesOf(layout, order)
  if (range < first || range >= first + atOnce) return
  sumGiven(workspace, range, range, placeFor(memory, layout, order, first), first * rangeRows)
}
