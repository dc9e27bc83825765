// Squares of whitened residuals, of any number of columns.
import { layout, triangle } from './layout'
import { LANES, NUMBER, TILE } from './memory.generated'
import { subtract, subtractFactor, whiten } from './tiles.generated'

/** Bytes of residuals that stay in the nearest cache until all of them are whitened. */
const STRIP: usize = 16384

/** Pairs of rows whose residuals are written at once at least, however many columns they have: an even number. */
const LEAST_PAIRS: usize = 8

/** From so many columns on the last ones come first, by which most rows are told to be far away (`distant.ts`). */
export const WIDE: usize = 128

/** Where those begin, an eighth of the work on all; without such the first column. */
export function lastColumns(columns: usize): usize {
  return columns < WIDE ? 0 : (columns - (columns >> 4)) & ~(TILE - 1)
}

/** Begins the logits of a component. */
export function writeConstant(density: usize, l: usize, pairs: usize): void {
  const constant = v128.load_splat<f64>(density)
  for (const end = l + pairs * LANES; l < end; l += LANES) v128.store(l, constant)
}

/** Takes those of the columns from `first` to before `end` off the logits, four rows of the whitening matrix, which lies behind the means, at a time. */
export function takeSome(
  isFactor: bool,
  x: usize,
  means: usize,
  l: usize,
  columns: usize,
  pairs: usize,
  first: usize,
  end: usize,
): void {
  const d = layout.residuals
  const tiles = means + columns * NUMBER
  const most = max<usize>(LEAST_PAIRS, (STRIP / (columns * LANES)) & ~1)
  for (const last = l + pairs * LANES; l < last; l += most * LANES) {
    const some = min(most, (last - l) / LANES)
    for (let i: usize = 0; i < end; i += TILE) {
      const rows = columns - i
      if (isFactor) subtractFactor(rows, x + i * LANES, means + i * NUMBER, d + i * LANES, columns, some)
      else subtract(rows, x + i * LANES, means + i * NUMBER, d + i * LANES, columns, some)
      if (i >= first) whiten(rows, d, tiles + triangle(i) * NUMBER, l, i, columns, some)
    }
    x += some * columns * LANES
  }
}
