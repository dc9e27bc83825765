// Squares of whitened residuals, of any number of columns.
import { layout, triangle } from './layout'
import { LANES, NUMBER, TILE } from './memory.generated'
import { subtract, subtractFactor, whiten } from './tiles.generated'

/** Bytes of residuals that stay in the nearest cache until all of them are whitened. */
const STRIP: usize = 16384

/** Pairs of rows whose residuals are written at once at least, however many columns they have: an even number. */
const LEAST_PAIRS: usize = 8

/** Takes them off the logits, four rows of the whitening matrix, which lies behind the means, at a time. */
export function takeSquares(isFactor: bool, x: usize, means: usize, l: usize, columns: usize, pairs: usize): void {
  const d = layout.residuals
  const tiles = means + columns * NUMBER
  const most = max<usize>(LEAST_PAIRS, (STRIP / (columns * LANES)) & ~1)
  for (const end = l + pairs * LANES; l < end; l += most * LANES) {
    const some = min(most, (end - l) / LANES)
    for (let i: usize = 0; i < columns; i += TILE) {
      const rows = columns - i
      if (isFactor) subtractFactor(rows, x + i * LANES, means + i * NUMBER, d + i * LANES, columns, some)
      else subtract(rows, x + i * LANES, means + i * NUMBER, d + i * LANES, columns, some)
      whiten(rows, d, tiles + triangle(i) * NUMBER, l, i, columns, some)
    }
    x += some * columns * LANES
  }
}
