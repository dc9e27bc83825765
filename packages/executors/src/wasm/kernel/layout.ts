import type { Densities, DensitiesTag, FactorShape, FactorTag } from '../../contract/executor.js'
import {
  AFTER_CONSTANTS,
  FACTOR,
  factorFields,
  kindNames,
  LANES,
  NUMBER,
  PAIR_ROWS,
  PAIRS_AT_ONCE,
  TABLE,
  TILE,
  tableFields,
} from './memory.generated.js'

export { AFTER_CONSTANTS, PAIR_ROWS }

/** What the sizes of densities and statistics depend on. */
export interface DensitiesShape extends Pick<Densities, 'components' | 'columns'> {
  readonly _tag: DensitiesTag | FactorTag
  readonly levels?: number
  /** The factors, where densities are products. */
  readonly factors?: ReadonlyArray<FactorShape> | undefined
}

/** What addresses depend on besides the sizes of densities. */
export interface RowsShape {
  readonly rows: number
  readonly columns: number
  readonly weighted: boolean
  /** What products on these rows are of. */
  readonly factors?: ReadonlyArray<FactorShape> | undefined
  /** How many threads may work at a time. */
  readonly threads: number
  /** Where threads work on rows that lie apart: each has factors of its own, and slots are so many numbers. */
  readonly slotsApart?: number | undefined
}

/**
 * Where things are for one thread. Addresses are in bytes. Blocks are what fits in the nearest cache, and ranges of them are
 * what a thread takes at a time; each has a slot for its sums where several threads work, and otherwise they share one. Sums over all ranges are behind the last slot.
 */
export type Layout = Readonly<Record<(typeof tableFields)[number], number>>

/** What E-steps need besides that leave out what rounds away. */
export interface Besides {
  /** Where the area ends, from an address on, in which they remember what is below all that counts. */
  readonly endOfArea: (
    base: number,
    sizes: Pick<Layout, 'components' | 'blocks' | 'ranges' | 'columns' | 'blockPairs'>,
  ) => number
  /** Bytes behind all else. */
  readonly behind: number
}

/** The kinds of densities as the kernel counts them. */
const kindOf = (tag: DensitiesTag | FactorTag): number => kindNames.indexOf(tag)

/**
 * How many numbers describe a component, constant and parameters, which is also how many its statistics are: weight, sum
 * and of quadratic densities the lower triangle of the outer product, of diagonal ones the squares. Offsets have a constant and
 * a weight, and indices a sum for each level. Of products those of all factors, besides one constant.
 */
export const numbersOf = ({ _tag, columns, levels = 0, factors = [] }: Omit<DensitiesShape, 'components'>): number =>
  _tag === 'Product'
    ? factors.reduce((sum, factor) => sum + numbersOf(factor), 0)
    : 1 +
      {
        Quadratic: columns + (columns * (columns + 1)) / 2,
        Diagonal: 2 * columns,
        Linear: columns,
        Offset: 0,
        Indexed: levels,
      }[_tag]

/** Numbers that the kernel leaves for one range: statistics, then maxima, exponents and product. */
const slotNumbersOf = (densities: DensitiesShape): number => densities.components * numbersOf(densities) + 3

/** Bytes of the sums over all ranges, an even number of numbers. */
const totalBytes = (slotNumbers: number): number => Math.ceil((slotNumbers * NUMBER) / LANES) * LANES

const WORD = 4
const LEAST_BLOCKS = 4
const [LEAST_RANGES, MOST_RANGES] = [8, 128]

/** How many bytes all slots take, where there are more than the least number of ranges. */
const SLOTS = 2 ** 22

/** Blocks of a range: from the shape of rows and densities alone, so that sums have the same bits for any number of threads. */
const rangeBlocksOf = (blocks: number, slotNumbers: number): number => {
  const most = Math.min(MOST_RANGES, Math.max(LEAST_RANGES, Math.floor(SLOTS / (slotNumbers * NUMBER))))
  return Math.max(LEAST_BLOCKS, Math.ceil(blocks / most))
}

/**
 * The layout of the first thread. Data and weights of their own come first and stay where they are; what depends on the
 * densities comes after, so that more of them only need more memory at the end, and so do weights that are given in place of
 * those, and what is remembered in order to leave out what rounds away.
 */
export const layoutOf = (
  shape: RowsShape,
  { _tag, components }: Omit<DensitiesShape, 'columns'>,
  reweighted = false,
  besides?: Besides,
): Layout => {
  const { rows, columns, weighted, factors: parts = [], threads, slotsApart } = shape
  const numbers = numbersOf({ _tag, columns, factors: parts })
  const slotNumbers = slotNumbersOf({ _tag, components, columns, factors: parts })
  const pairs = PAIRS_AT_ONCE * Math.ceil(rows / (PAIRS_AT_ONCE * PAIR_ROWS))
  const blockPairs = columns <= 8 ? 128 : 64
  const blocks = Math.ceil(pairs / blockPairs)
  const rangeBlocks = rangeBlocksOf(blocks, slotNumbers)
  const ranges = Math.ceil(blocks / rangeBlocks)
  const blockRows = blockPairs * PAIR_ROWS
  const data = AFTER_CONSTANTS + threads * TABLE
  const ownWeights = data + pairs * PAIR_ROWS * columns * NUMBER
  const ownEnd = ownWeights + (weighted ? pairs * PAIR_ROWS : 2 * blockRows) * NUMBER
  const weights = reweighted ? ownEnd : ownWeights
  const densities = ownEnd + (reweighted ? pairs * PAIR_ROWS * NUMBER : 0)
  const constants = _tag === 'Product' ? components : 0
  const factors = densities + Math.ceil(((components * numbers + constants) * NUMBER) / LANES) * LANES
  const behindFactors = factors + parts.length * FACTOR * (slotsApart === undefined ? 1 : threads)
  const slots = besides
    ? besides.endOfArea(behindFactors, { components, blocks, ranges, columns, blockPairs })
    : behindFactors
  const slotsEnd = slots + (slotsApart ?? (threads === 1 ? 1 : ranges) * slotNumbers) * NUMBER
  const logits = Math.ceil(slotsEnd / LANES) * LANES + totalBytes(slotNumbers)
  const maxima = logits + components * blockRows * NUMBER
  const sums = maxima + blockRows * NUMBER
  const ratios = sums + blockRows * NUMBER
  const residuals = ratios + blockRows * NUMBER
  const residualBytes = blockRows * TILE * Math.ceil(columns / TILE) * NUMBER
  const products = residuals + residualBytes
  const partials = products + residualBytes
  const places = Math.max(partials + slotNumbers * LANES, residuals + components * blockRows * NUMBER)
  const live = places + blockRows * parts.length * (NUMBER / PAIR_ROWS)
  const floors = live + LANES * Math.ceil(components / 4)
  const own = (besides ? floors + blockPairs * NUMBER : live) - logits
  return {
    columns,
    components,
    pairs,
    blockPairs,
    weighted: weighted || reweighted ? 1 : 0,
    kind: kindOf(_tag),
    numbers,
    data,
    weights,
    densities,
    logits,
    maxima,
    sums,
    ratios,
    residuals,
    products,
    partials,
    places,
    factors,
    factorCount: parts.length,
    skipping: besides ? behindFactors : 0,
    live,
    floors,
    rows,
    blocks,
    rangeBlocks,
    ranges,
    slots,
    slotNumbers,
    own,
    end: logits + threads * own + (besides?.behind ?? 0),
  }
}

/** The address of the sums over all ranges, which the first thread adds up: behind the slots. */
export const totalsAt = ({ logits, slotNumbers }: Pick<Layout, 'logits' | 'slotNumbers'>): number =>
  logits - totalBytes(slotNumbers)

/** The address of the table of a thread. */
export const tableOf = (thread: number): number => AFTER_CONSTANTS + thread * TABLE

/** Of another thread, which has the places where it computes to itself. */
const ofThread = (layout: Layout, thread: number): Layout => {
  const by = thread * layout.own
  const { logits, maxima, sums, ratios, residuals, products, partials, places, live, floors } = layout
  return {
    ...layout,
    logits: logits + by,
    maxima: maxima + by,
    sums: sums + by,
    ratios: ratios + by,
    residuals: residuals + by,
    products: products + by,
    partials: partials + by,
    places: places + by,
    live: live + by,
    floors: floors + by,
  }
}

/** The address of the word at the end of the table of a thread, by which it is told of its share. */
export const shareAt = (thread: number): number => tableOf(thread + 1) - WORD

const wordsOf = (buffer: ArrayBufferLike, thread: number): Uint32Array =>
  new Uint32Array(buffer, tableOf(thread), tableFields.length)

/** Columns that lie together, as if there were no others. */
interface Part {
  /** The first of them among the columns of rows. */
  readonly first: number
  readonly columns: number
  readonly data: number
}

/** Where the columns of each factor are, one behind the other; those of indices that follow each other lie together. */
export const partsOf = (
  { data, pairs }: Pick<Layout, 'data' | 'pairs'>,
  factors: ReadonlyArray<FactorShape>,
): ReadonlyArray<Part & { readonly factors: number }> => {
  const parts: (Part & { readonly factors: number })[] = []
  let end = 0
  let before: string | undefined
  for (const { _tag, columns } of factors) {
    const last = _tag === 'Indexed' && before === _tag ? parts.pop()! : undefined
    const first = last?.first ?? end
    end += columns
    before = _tag
    parts.push({ first, columns: end - first, data: data + first * pairs * LANES, factors: (last?.factors ?? 0) + 1 })
  }
  return parts
}

/** Writes the table of the factors. */
const writeFactors = (buffer: ArrayBufferLike, layout: Layout, factors: ReadonlyArray<FactorShape>): void => {
  const places = partsOf(layout, factors).flatMap(part => new Array<number>(part.factors).fill(part.data))
  for (const [number, factor] of factors.entries()) {
    const of = { ...factor, data: places[number]!, kind: kindOf(factor._tag), numbers: numbersOf(factor) }
    new Uint32Array(buffer, layout.factors + number * FACTOR, factorFields.length).set(
      factorFields.map(name => of[name]),
    )
  }
}

/** Writes the table of a thread. */
const writeTable = (buffer: ArrayBufferLike, layout: Layout, thread: number): void => {
  const own = ofThread(layout, thread)
  wordsOf(buffer, thread).set(tableFields.map(field => own[field]))
}

/** Writes the tables of all threads, and that of the factors. */
export const writeTables = (
  buffer: ArrayBufferLike,
  layout: Layout,
  { threads, factors = [] }: Pick<RowsShape, 'threads' | 'factors'>,
): void => {
  writeFactors(buffer, layout, factors)
  for (let thread = 0; thread < threads; thread++) writeTable(buffer, layout, thread)
}

/**
 * Writes the table of one of the threads whose rows lie apart, and that of its factors. The last block of all rows may have padding,
 * and is computed with weights; where rows go on behind these, their last one is like any other.
 */
export const writeTableApart = (
  buffer: ArrayBufferLike,
  layout: Layout,
  { factors = [] }: Pick<RowsShape, 'factors'>,
  thread: number,
  goesOn: boolean,
): void => {
  const own = { ...layout, factors: layout.factors + thread * factors.length * FACTOR }
  writeFactors(buffer, own, factors)
  writeTable(buffer, goesOn ? { ...own, pairs: own.pairs + own.blockPairs } : own, thread)
}

/** What the table of a thread says. */
export const readTable = (buffer: ArrayBufferLike, thread: number): Layout => {
  const words = wordsOf(buffer, thread)
  return Object.fromEntries(tableFields.map((field, i) => [field, words[i]])) as Layout
}
