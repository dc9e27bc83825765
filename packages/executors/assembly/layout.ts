import { LANES, Layout, NUMBER } from './memory.generated'

/**
 * Where everything is: the host writes such a table for each thread (`scripts/memory.js` names and explains the fields). Two
 * rows at a time fill the two lanes, and are stored column by column. The number of pairs is a multiple of four; padding rows
 * are zero and have weight zero. Other arrays have one number per row of a block, or of a component and a row of a block.
 */
export let layout: Layout = changetype<Layout>(0)

export function setLayout(table: usize): void {
  layout = changetype<Layout>(table)
}

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

/** Behind the partial sums of all components, where those of the likelihood are. */
export function sumsEnd(): usize {
  return layout.partials + <usize>layout.components * partialStride()
}
