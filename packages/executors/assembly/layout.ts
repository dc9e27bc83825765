/**
 * Where everything is: the host writes this table at address 0 (`src/wasm/layout.ts` names the same fields in the same
 * order). Rows are stored in panels of four, a panel column by column, so that both lane pairs of every column are
 * next to each other and the columns follow: element (n, c) is number ((n >> 2) D + c) 4 + (n & 3). Padding rows are zero
 * and have weight zero. Other arrays have one number per row of a block, or of a component and a row of a block.
 */
@unmanaged
export class Layout {
  columns: u32
  components: u32
  /** Of all rows. */
  panels: u32
  /** Of every block but the last, which may have fewer. */
  blockPanels: u32
  /** 1 where rows have weights of their own; 0 where all but the padding weigh 1. */
  weighted: u32
  data: usize
  /** Weighted: of every row. Otherwise: of a full block, then of the last one. */
  weights: usize
  /** Per component: log2 constant, mean, whitening in tile order. */
  densities: usize
  /** Base-2 logits, then in the same place their exponentials less the maximum, then responsibilities. */
  logits: usize
  maxima: usize
  /** Of the exponentials. */
  sums: usize
  /** Row weights over these sums. */
  ratios: usize
  /** Panels of x - mean of one component. */
  residuals: usize
  /** The same, times the responsibility. */
  products: usize
  /** Two lanes each, then folded to one number each: weight, sum, lower triangle by rows, per component; log-likelihood. */
  partials: usize
}

export const layout = changetype<Layout>(0)

export const LANES: usize = 16
export const PANEL: usize = 32
export const NUMBER: usize = 8

/** The number of entries of a lower triangle of n rows. */
export function triangle(n: usize): usize {
  return (n * (n + 1)) >> 1
}

/** Bytes of a number per row of a full block. */
export function blockStride(): usize {
  return <usize>layout.blockPanels * PANEL
}

export function panelsOf(block: u32): usize {
  return min(layout.blockPanels, layout.panels - block * layout.blockPanels)
}

export function dataOf(block: u32): usize {
  return layout.data + <usize>block * blockStride() * layout.columns
}

export function weightsOf(block: u32): usize {
  if (layout.weighted) return layout.weights + <usize>block * blockStride()
  const last = (block + 1) * layout.blockPanels >= layout.panels
  return last ? layout.weights + blockStride() : layout.weights
}

/** Bytes of the density of one component. */
export function densityStride(): usize {
  const columns = <usize>layout.columns
  return (1 + columns + triangle(columns)) * NUMBER
}

/** Bytes of the partial sums of one component. */
export function partialStride(): usize {
  const columns = <usize>layout.columns
  return (1 + columns + triangle(columns)) * LANES
}
