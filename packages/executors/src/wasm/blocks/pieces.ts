// How the work of a pass is divided: lanes take stretches of ranges, and go through them piece by piece. Which lane takes
// what, and who works for it, is nothing to the sums: those of a range are added up block by block, in a slot of its own.
import type { KernelExports } from '../kernel/kernel.js'
import { type Layout, readTable, tableOf } from '../kernel/layout.js'
import { numbers } from '../kernel/transfer.js'

/** Blocks of a chunk, from `first` to before `end`. */
export interface Piece {
  readonly chunk: number
  readonly first: number
  readonly end: number
}

/** Numbers that tell a lane what is to be done: a piece, and which of all blocks is its first. */
const ORDER = 3

/** How many numbers the slots of all ranges take, and the orders behind them. */
export const slotsAndOrders = (
  { ranges, slotNumbers }: Pick<Layout, 'ranges' | 'slotNumbers'>,
  lanes: number,
): number => ranges * slotNumbers + ORDER * lanes

/** The order of a lane, in a memory that is laid out for lanes. */
export const orderOf = (
  buffer: ArrayBufferLike,
  { slots, ranges, slotNumbers }: Pick<Layout, 'slots' | 'ranges' | 'slotNumbers'>,
  lane: number,
): Float64Array => numbers(buffer, slots + 8 * (ranges * slotNumbers + ORDER * lane), ORDER)

/** Adds up what a lane is told to: ranges begin, go on and end as its blocks do among all. */
export const sumLane = (kernel: KernelExports, buffer: ArrayBufferLike, lane: number): void => {
  const layout = readTable(buffer, lane)
  const { blocks, rangeBlocks, slots, slotNumbers } = layout
  const order = orderOf(buffer, layout, lane)
  const end = order[1]!
  kernel.useLayout(tableOf(lane))
  for (let local = order[0]!, block = order[2]!; local < end; ) {
    const inRange = block % rangeBlocks
    if (inRange === 0) kernel.beginSums()
    const count = Math.min(end - local, rangeBlocks - inRange)
    kernel.addExpectation(local, local + count)
    local += count
    block += count
    if (block % rangeBlocks === 0 || block === blocks)
      kernel.endSums(slots + 8 * slotNumbers * Math.floor((block - 1) / rangeBlocks))
  }
}

type Ranges = Pick<Layout, 'blocks' | 'rangeBlocks' | 'ranges'>

/** Stretches for each lane, so that none is left with much to do when others are done. */
const STRETCHES = 4

/** The pieces of a stretch of blocks, a chunk each. */
function* piecesOf(from: number, to: number, chunkBlocks: number): Generator<Piece, void> {
  for (let block = from; block < to; ) {
    const chunk = Math.floor(block / chunkBlocks)
    const first = block - chunk * chunkBlocks
    const end = Math.min(chunkBlocks, first + to - block)
    yield { chunk, first, end }
    block += end - first
  }
}

/**
 * What lanes work on at a time, where rows can be read anywhere: each takes a stretch of whole ranges, no longer than a chunk if it
 * has several, and the next one when it is through. `undefined` for a lane that has nothing left to do.
 */
export function* inStretches(
  { blocks, rangeBlocks, ranges }: Ranges,
  chunkBlocks: number,
  lanes: number,
): Generator<ReadonlyArray<Piece | undefined>, void> {
  const ofChunk = Math.max(1, Math.floor(chunkBlocks / rangeBlocks))
  // A lane by itself goes through all chunks, and reads none of them twice.
  const length = rangeBlocks * (lanes === 1 ? ranges : Math.min(ofChunk, Math.ceil(ranges / (STRETCHES * lanes))))
  let next = 0
  function* ofLane(): Generator<Piece, void> {
    while (next < blocks) {
      const from = next
      next += length
      yield* piecesOf(from, Math.min(from + length, blocks), chunkBlocks)
    }
  }
  const all = Array.from({ length: lanes }, ofLane)
  for (;;) {
    const pieces = all.map(lane => lane.next().value ?? undefined)
    if (pieces.every(piece => piece === undefined)) return
    yield pieces
  }
}

/** The same where chunks come one after the other: each is divided, and the lane of a range that goes on in the next one keeps it. */
export function* inChunks(
  { blocks, rangeBlocks }: Ranges,
  chunkBlocks: number,
  lanes: number,
): Generator<ReadonlyArray<Piece | undefined>, void> {
  let keeper = 0
  for (let chunk = 0; chunk * chunkBlocks < blocks; chunk++) {
    const before = chunk * chunkBlocks
    const length = Math.min(chunkBlocks, blocks - before)
    const range = Math.floor(before / rangeBlocks)
    const within = Math.ceil((before + length) / rangeBlocks) - range
    const pieces: (Piece | undefined)[] = Array.from({ length: lanes })
    const parts = Math.min(lanes, within)
    let first = 0
    for (let part = 0; part < parts; part++) {
      const boundary = range + Math.floor(((part + 1) * within) / parts)
      const end = Math.min(length, boundary * rangeBlocks - before)
      const lane = (keeper + part) % lanes
      pieces[lane] = { chunk, first, end }
      if (part === parts - 1) keeper = lane
      first = end
    }
    yield pieces
  }
}
