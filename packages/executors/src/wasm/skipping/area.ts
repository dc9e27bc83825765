import type { Besides, Layout } from '../kernel/layout.js'
import { LANES, NUMBER, PAIR_ROWS, TILE } from '../kernel/memory.generated.js'
import { SKIPPING, skippingFields } from '../kernel/skipping-memory.generated.js'

/** What is needed to lay out rows anew, and no sooner. */
type Moving = 'keys' | 'order' | 'spare' | 'starts'

/** Where E-steps that leave out what rounds away keep what they remember, in bytes. */
export type Area = Readonly<Record<Exclude<(typeof skippingFields)[number], Moving> | 'end', number>>

/** Where there is room to move rows: a number by which, their order, a few columns, and where each key begins. */
export type Room = Readonly<Record<Moving | 'end', number>>

type Sizes = Parameters<Besides['endOfArea']>[1]

const WORD = 4

/** Up to so many components, sets of them are told apart by a hash besides. */
const [FEW, HASHES] = [32, 64]

/** Up to so many, the second one is told. */
const MOST_SECONDS = 1024

/**
 * Pairs of rows that are remembered by themselves: not where columns are so few that the looks cost more than they save, nor where
 * there are many components a column, since that takes memory.
 */
const [STRIP_PAIRS, FEW_COLUMNS, COMPONENTS_OF_COLUMN] = [8, 8, 4]

const align = (bytes: number, to = LANES): number => Math.ceil(bytes / to) * to

/** What lies behind an area stays where it would be in the sets of a cache. */
const CACHE = 4096

/** Gives one piece of memory after the other. */
const pieces = (from: number) => {
  let end = align(from)
  const take = (bytes: number): number => {
    const address = end
    end = align(end + bytes)
    return address
  }
  return { take, end: () => end }
}

const keysOf = (components: number) => ({
  seconds: components <= MOST_SECONDS ? components : 1,
  hashes: components <= FEW ? HASHES : 1,
})

/** The area from `base` on, which begins with its table. */
export const areaOf = (base: number, { components, blocks, ranges, columns, blockPairs }: Sizes): Area => {
  const inStrips = columns > FEW_COLUMNS && components <= COMPONENTS_OF_COLUMN * columns
  const stripPairs = inStrips ? STRIP_PAIRS : blockPairs
  const strips = Math.ceil(blockPairs / stripPairs)
  const { take, end } = pieces(base + SKIPPING)
  return {
    everything: 1,
    firsts: take(blocks * WORD),
    bounds: take(blocks * components * strips * WORD),
    strips,
    stripPairs,
    limits: take(components * NUMBER),
    shares: take(components * NUMBER),
    shrinks: take(components * NUMBER),
    shifts: take(components * NUMBER),
    tallies: take(ranges * LANES),
    rangeBlocks: 0,
    ...keysOf(components),
    end: base + align(end() - base, CACHE),
  }
}

/** The room from an address on. */
export const roomAt = (
  from: number,
  { components, pairs, columns }: Pick<Layout, 'components' | 'pairs' | 'columns'>,
): Room => {
  const { seconds, hashes } = keysOf(components)
  const { take, end } = pieces(from)
  return {
    keys: take(pairs * PAIR_ROWS * WORD),
    order: take(pairs * PAIR_ROWS * WORD),
    spare: take(pairs * PAIR_ROWS * Math.min(TILE, columns) * NUMBER),
    starts: take((components * seconds * hashes + 1) * WORD),
    end: end(),
  }
}

/** The table of an area, to be written and read. */
export const tableIn = (buffer: ArrayBufferLike, base: number): Uint32Array =>
  new Uint32Array(buffer, base, skippingFields.length)
