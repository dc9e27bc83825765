// Rows of a block that have any responsibility, side by side: with many columns most have none for most components.
import { gather, list } from './block-rows'
import { layout } from './layout'
import { LANES, NUMBER, TILE } from './memory.generated'

/** From so many columns on: what a row adds to products of columns then takes far longer than to copy it. */
const WIDE: usize = 64

/** Where the rows of so many pairs are. */
export function liveRows(pairs: usize): usize {
  return layout.products + 2 * TILE * pairs * LANES
}

/**
 * How many pairs the rows make that have a responsibility. These are copied there, and responsibilities where the sums of exponentials
 * were. Where that is nearly all, nothing is copied: it would not be worth it, and behind the products of two tiles, which have as
 * much room as those of all columns would take, there is none.
 */
export function gatherLive(x: usize, q: usize, columns: usize, pairs: usize): usize {
  if (columns < WIDE) return pairs
  let count: usize = 0
  let other: usize = 0
  for (let n: usize = 0; n < pairs << 1; n++) {
    list(count, n)
    if (load<f64>(q + n * NUMBER) != 0) count++
    else other = n
  }
  const live = (count + 1) >> 1
  if (live << 3 > pairs * 7) return pairs
  // In a last pair that is not full.
  list(count, other)
  gather(live << 1, x, q, columns, liveRows(live), layout.sums)
  return live
}
