// The sums of squares and products about means, of any number of columns.
import { layout } from './layout'
import { gatherLive, liveRows } from './live-rows'
import { LANES, NUMBER, TILE } from './memory.generated'
import { corner, corners, rectangle, triangle, weigh, weighFactor } from './tiles.generated'

/** Adds them and the sums, four rows of the outer product at a time, by two columns below the diagonal. */
export function addOuter(
  isFactor: bool,
  x: usize,
  means: usize,
  q: usize,
  sums: usize,
  columns: usize,
  pairs: usize,
): void {
  const d = layout.residuals
  const g = layout.products
  const live = gatherLive(x, q, columns, pairs)
  if (live == 0) return
  if (live < pairs) {
    q = layout.sums
    x = liveRows(live)
    pairs = live
  }
  const outer = sums + columns * LANES
  for (let i: usize = 0; i < columns; i += TILE) {
    const rows = columns - i
    if (isFactor) weighFactor(rows, x, means + i * NUMBER, q, d, g, sums, i, columns, pairs)
    else weigh(rows, x, means + i * NUMBER, q, d, g, sums, i, columns, pairs)
    for (let j: usize = 0; j < i; j += 2) rectangle(rows, d, g, outer, i, j, pairs)
    triangle(rows, d, g, outer, i, pairs)
    const isSecond = (i & TILE) != 0
    if (isSecond && rows >= TILE) corners(d, g, outer, i - TILE, pairs)
    else if (rows > 2 && (isSecond || rows < 2 * TILE)) corner(rows, d, g, outer, i, pairs)
  }
}
