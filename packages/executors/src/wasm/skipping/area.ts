import type { EndOfArea } from '../kernel/layout.js'
import { LANES, NUMBER, PAIR_ROWS, TILE } from '../kernel/memory.generated.js'
import { SKIPPING, skippingFields } from '../kernel/skipping-memory.generated.js'

/** Where E-steps that leave out what rounds away keep what they remember, in bytes. */
export type Area = Readonly<Record<(typeof skippingFields)[number] | 'starts' | 'end', number>>

type Sizes = Parameters<EndOfArea>[1]

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

/** The area from `base` on, which begins with its table. */
export const areaOf = (base: number, { components, blocks, ranges, pairs, columns, blockPairs }: Sizes): Area => {
  const seconds = components <= MOST_SECONDS ? components : 1
  const hashes = components <= FEW ? HASHES : 1
  const inStrips = columns > FEW_COLUMNS && components <= COMPONENTS_OF_COLUMN * columns
  const stripPairs = inStrips ? STRIP_PAIRS : blockPairs
  const strips = Math.ceil(blockPairs / stripPairs)
  let end = align(base + SKIPPING)
  const take = (bytes: number): number => {
    const address = end
    end = align(end + bytes)
    return address
  }
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
    keys: take(pairs * PAIR_ROWS * WORD),
    order: take(pairs * PAIR_ROWS * WORD),
    spare: take(pairs * PAIR_ROWS * Math.min(TILE, columns) * NUMBER),
    seconds,
    hashes,
    starts: take((components * seconds * hashes + 1) * WORD),
    end: base + align(end - base, CACHE),
  }
}

/** The table of an area, to be written and read. */
export const tableIn = (buffer: ArrayBufferLike, base: number): Uint32Array =>
  new Uint32Array(buffer, base, skippingFields.length)
