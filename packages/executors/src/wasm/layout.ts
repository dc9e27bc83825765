/** Rows that are worked on together, one in each lane. */
export const PAIR_ROWS = 2

/** The number of pairs is a multiple of this, for the functions that take as many at a time. */
const PAIRS_AT_ONCE = 4

const NUMBER = 8
const LANES = 16

/** First come the table at address 0 (`assembly/layout.ts` has the same fields in the same order) and constants. */
const DATA = 1024

/** What the addresses depend on. */
export interface Shape {
  readonly rows: number
  readonly columns: number
  readonly components: number
  readonly weighted: boolean
}

export interface Layout {
  readonly columns: number
  readonly components: number
  readonly pairs: number
  readonly blockPairs: number
  readonly weighted: number
  /** Addresses, in bytes. */
  readonly data: number
  readonly weights: number
  readonly densities: number
  readonly logits: number
  readonly maxima: number
  readonly sums: number
  readonly ratios: number
  readonly residuals: number
  readonly products: number
  readonly partials: number
  /** Bytes of everything. */
  readonly end: number
}

/** The fields of the table, in order. */
export const fieldsOf = (layout: Layout): readonly number[] => [
  layout.columns,
  layout.components,
  layout.pairs,
  layout.blockPairs,
  layout.weighted,
  layout.data,
  layout.weights,
  layout.densities,
  layout.logits,
  layout.maxima,
  layout.sums,
  layout.ratios,
  layout.residuals,
  layout.products,
  layout.partials,
]

/** Numbers in the statistics of one component: weight, sum, lower triangle of the outer product. */
export const statisticsOf = (columns: number): number => 1 + columns + (columns * (columns + 1)) / 2

/** Pairs in a block, of which the working set should fit in the nearest cache. */
export const blockPairsOf = (columns: number): number => (columns <= 8 ? 128 : 32)

/**
 * Data and weights of their own come first and stay where they are; what depends on the components comes after, so that
 * more components only need more memory at the end.
 */
export const layoutOf = ({ rows, columns, components, weighted }: Shape): Layout => {
  const pairs = PAIRS_AT_ONCE * Math.ceil(rows / (PAIRS_AT_ONCE * PAIR_ROWS))
  const blockPairs = blockPairsOf(columns)
  const padded = pairs * PAIR_ROWS
  const blockRows = blockPairs * PAIR_ROWS
  const data = DATA
  const weights = data + padded * columns * NUMBER
  const densities = weights + (weighted ? padded : 2 * blockRows) * NUMBER
  const logits = densities + Math.ceil((components * statisticsOf(columns) * NUMBER) / LANES) * LANES
  const maxima = logits + components * blockRows * NUMBER
  const sums = maxima + blockRows * NUMBER
  const ratios = sums + blockRows * NUMBER
  const residuals = ratios + blockRows * NUMBER
  const products = residuals + blockRows * columns * NUMBER
  const partials = products + blockRows * columns * NUMBER
  const end = partials + (components * statisticsOf(columns) + 3) * LANES
  return {
    columns,
    components,
    pairs,
    blockPairs,
    weighted: weighted ? 1 : 0,
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
    end,
  }
}
