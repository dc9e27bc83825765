// The E-step of a mixture, fused over blocks of rows that fit in the nearest cache.
import { blockStride, layout, pairsOf, setLayout, sumsEnd } from './layout'
import { likelihood } from './likelihood'
import { logits, logitsOfSoftmax } from './logits'
import { PRODUCT } from './memory.generated'
import { productPlaces } from './product'
import { greatest } from './rows'
import { softmax, softmaxOfTwo } from './softmax'
import { statistics } from './statistics'
import { clearSums, foldLanes } from './sums'

/** Tells where the table of this thread is, before anything else. */
export function useLayout(table: usize): void {
  setLayout(table)
}

export { beginGroups, groupCount, groupRows, roomForGroups, sortGroups } from './groups'
// For `skipping.ts`, which works on the same blocks.
export { likelihood } from './likelihood'
export { logitsOf } from './logits'
export { divide, draw } from './row-results'
export { areTaken, arrangeRows } from './rows'
export { softmax } from './softmax'
export { statisticsOf } from './statistics'
export { addNumbers, clearSums, foldLanes } from './sums'
export { subtract, whiten } from './tiles.generated'

/** Leaves the most probable component of each row of a block where their ratios will be, as 32-bit numbers. */
export function blockAssignments(block: u32): void {
  const pairs = pairsOf(block)
  logitsOfSoftmax(block, pairs)
  greatest(layout.logits, blockStride(), layout.components, 2 * pairs, layout.ratios)
}

/** Leaves the exponentials, maxima and sums of a block. */
export function blockSoftmax(block: u32): void {
  const pairs = pairsOf(block)
  logitsOfSoftmax(block, pairs)
  softmax(block, pairs, layout.components)
}

/** Leaves the base-2 logits of a block. */
export function blockLogits(block: u32): void {
  logits(block, pairsOf(block))
}

/** Begins sums over blocks. */
export function beginSums(): void {
  clearSums(sumsEnd())
}

/** Adds a block whose responsibilities are given: written where the logits are, beside ratios of 1. */
export function addBlock(block: u32): void {
  const pairs = pairsOf(block)
  if (layout.kind == PRODUCT) productPlaces(block, pairs)
  statistics(block, pairs)
}

/** Leaves the sums, and the likelihood, at `target`. */
export function endSums(target: usize): void {
  foldLanes(sumsEnd(), target)
}

/** Adds the blocks from `first` to before `end` to the sums that have begun. */
export function addExpectation(first: u32, end: u32): void {
  const totals = sumsEnd()
  for (let block = first; block < end; block++) {
    const pairs = pairsOf(block)
    logitsOfSoftmax(block, pairs)
    if (layout.components == 2) softmaxOfTwo(block, pairs, totals)
    else {
      softmax(block, pairs, layout.components)
      likelihood(block, pairs, totals)
    }
    statistics(block, pairs)
  }
}

/**
 * Leaves the partial sums of the blocks from `first` to before `end` at `target`, one number each: numbers that depend on
 * nothing but these blocks, so that ranges can be worked through in any order, by any number of threads, and added up in a
 * fixed one.
 */
export function expectation(first: u32, end: u32, target: usize): void {
  beginSums()
  addExpectation(first, end)
  endSums(target)
}
