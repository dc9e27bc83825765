import type { Densities, DensitiesTag } from '../executor.js'

/** Rows that are worked on together, one in each lane. */
export const PAIR_ROWS = 2

/** The number of pairs is a multiple of this, for the functions that take as many at a time. */
const PAIRS_AT_ONCE = 4

const NUMBER = 8
const LANES = 16

/** First come the table at address 0 (`assembly/layout.ts` has the same fields in the same order) and constants. */
const DATA = 1024

/** What the sizes of densities and statistics depend on. */
export type DensitiesShape = Pick<Densities, '_tag' | 'components' | 'columns'>

/** What else the addresses depend on. */
export interface RowsShape {
  readonly rows: number
  readonly columns: number
  readonly weighted: boolean
}

export interface Layout {
  readonly columns: number
  readonly components: number
  readonly pairs: number
  readonly blockPairs: number
  readonly weighted: number
  readonly kind: number
  /** Of a component. */
  readonly numbers: number
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
  layout.kind,
  layout.numbers,
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

/** The kinds of densities as `assembly/layout.ts` counts them. */
const kinds: Readonly<Record<DensitiesTag, number>> = { Quadratic: 0, Diagonal: 1, Linear: 2 }

/**
 * How many numbers describe a component, constant and parameters, which is also how many its statistics are: weight, sum
 * and of quadratic densities the lower triangle of the outer product, of diagonal ones the squares.
 */
export const numbersOf = ({ _tag, columns }: Omit<DensitiesShape, 'components'>): number =>
  1 + columns + { Quadratic: (columns * (columns + 1)) / 2, Diagonal: columns, Linear: 0 }[_tag]

/** How rows are divided: pairs of them, and pairs in a block, of which the working set should fit in the nearest cache. */
export const blocksOf = ({
  rows,
  columns,
}: Pick<RowsShape, 'rows' | 'columns'>): Pick<Layout, 'pairs' | 'blockPairs'> => ({
  pairs: PAIRS_AT_ONCE * Math.ceil(rows / (PAIRS_AT_ONCE * PAIR_ROWS)),
  blockPairs: columns <= 8 ? 128 : 32,
})

/**
 * Data and weights of their own come first and stay where they are; what depends on the densities comes after, so that
 * more of them only need more memory at the end.
 */
export const layoutOf = (rows: RowsShape, { _tag, components }: Omit<DensitiesShape, 'columns'>): Layout => {
  const { columns, weighted } = rows
  const { pairs, blockPairs } = blocksOf(rows)
  const numbers = numbersOf({ _tag, columns })
  const padded = pairs * PAIR_ROWS
  const blockRows = blockPairs * PAIR_ROWS
  const data = DATA
  const weights = data + padded * columns * NUMBER
  const densities = weights + (weighted ? padded : 2 * blockRows) * NUMBER
  const logits = densities + Math.ceil((components * numbers * NUMBER) / LANES) * LANES
  const maxima = logits + components * blockRows * NUMBER
  const sums = maxima + blockRows * NUMBER
  const ratios = sums + blockRows * NUMBER
  const residuals = ratios + blockRows * NUMBER
  const products = residuals + blockRows * columns * NUMBER
  const partials = products + blockRows * columns * NUMBER
  const end = partials + (components * numbers + 3) * LANES
  return {
    columns,
    components,
    pairs,
    blockPairs,
    weighted: weighted ? 1 : 0,
    kind: kinds[_tag],
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
    end,
  }
}
