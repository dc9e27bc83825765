/**
 * Where everything is: the host writes such a table for each thread (`src/wasm/layout.ts` names the same fields in the same
 * order). Two rows at a time fill the two lanes, and are stored column by column: element (n, c) is number
 * ((n >> 1) D + c) 2 + (n & 1). The number of pairs is a multiple of four; padding rows are zero and have weight zero.
 * Other arrays have one number per row of a block, or of a component and a row of a block.
 */
@unmanaged
export class Layout {
  columns: u32
  components: u32
  /** Of all rows. */
  pairs: u32
  /** Of every block but the last, which may have fewer. */
  blockPairs: u32
  /** 1 where rows have weights of their own; 0 where all but the padding weigh 1. */
  weighted: u32
  /** What the densities are: see below. */
  kind: u32
  /** How many numbers describe a component, and as many are its statistics. */
  numbers: u32
  data: usize
  /** Weighted: of every row. Otherwise: of a full block, then of the last one. */
  weights: usize
  /** Per component: log2 constant and parameters; of linear densities per two components. */
  densities: usize
  /** Base-2 logits, then in the same place their exponentials less the maximum, then responsibilities. */
  logits: usize
  maxima: usize
  /** Of the exponentials. */
  sums: usize
  /** Row weights over these sums. */
  ratios: usize
  /** x - mean of one component, stored as the rows are or, for statistics, in tiles of four columns. */
  residuals: usize
  /** The same, times the responsibility, in tiles. */
  products: usize
  /** Two lanes each: per component weight, sums and products; log-likelihood. */
  partials: usize
  /** Of products: a table of `Factor` for each. */
  factors: usize
  factorCount: u32
}

/** One of the factors of a product, whose densities and sums lie behind those of the factors before it, for all components. */
@unmanaged
export class Factor {
  kind: u32
  columns: u32
  /** As in the layout, of this factor alone. */
  numbers: u32
  /** Its columns, stored as if there were no others. */
  data: usize
}

export const FACTOR: usize = 16

/** That of the thread that runs here. */
export let layout: Layout = changetype<Layout>(0)

export function setLayout(table: usize): void {
  layout = changetype<Layout>(table)
}

// Quadratic densities, of kind 0, are described by constant, mean, and whitening in tile order; their statistics are
// weight, sum, and lower triangle of the outer products by rows.

/** Constant, mean, scale; weight, sum, squares. */
export const DIAGONAL: u32 = 1

/** Two components together, or the last alone: their constants, then their natural parameters column by column; weight, sum. */
export const LINEAR: u32 = 2

/** Factors of these kinds; behind their densities a log2 constant for each component. */
export const PRODUCT: u32 = 3

export const LANES: usize = 16
export const NUMBER: usize = 8

/** The number of entries of a lower triangle of n rows. */
export function triangle(n: usize): usize {
  return (n * (n + 1)) >> 1
}

/** Bytes of a number per row of a full block. */
export function blockStride(): usize {
  return <usize>layout.blockPairs * LANES
}

export function pairsOf(block: u32): usize {
  return min(layout.blockPairs, layout.pairs - block * layout.blockPairs)
}

export function dataOf(block: u32): usize {
  return layout.data + <usize>block * blockStride() * layout.columns
}

function isLast(block: u32): bool {
  return (block + 1) * layout.blockPairs >= layout.pairs
}

/** Whether the rows of a block do not all weigh 1: the last one may have padding. */
export function hasWeights(block: u32): bool {
  return layout.weighted != 0 || isLast(block)
}

export function weightsOf(block: u32): usize {
  if (layout.weighted) return layout.weights + <usize>block * blockStride()
  return isLast(block) ? layout.weights + blockStride() : layout.weights
}

/** Bytes of the density of one component. */
export function densityStride(): usize {
  return layout.numbers * NUMBER
}

/** Bytes of the partial sums of one component. */
export function partialStride(): usize {
  return layout.numbers * LANES
}
