// Logits that are left unfinished once it is clear that they add nothing.
import { logitsOf, subtract, whiten } from './kernel'
import { layout, triangle } from './layout'
import { DIAGONAL, LANES, NUMBER, TILE } from './memory.generated'

/** Pairs that are given up together. */
const STRIP: usize = 8

/** No less than any logit of the component that was looked at last. */
export let greatest: f64 = 0

/**
 * Leaves the logits of a component, and tells whether one of them is above the maximum of its row plus `limit`. Strips of rows
 * without such a one are given up as soon as all their logits are below `low` besides, and become -Infinity.
 */
export function logitsAbove(
  x: usize,
  density: usize,
  l: usize,
  maxima: usize,
  pairs: usize,
  limit: f64,
  low: f64,
): bool {
  const columns = <usize>layout.columns
  if (layout.kind == DIAGONAL || columns <= TILE) {
    logitsOf(x, density, l, pairs)
    greatest = most(l, pairs)
    const above = isAbove(l, maxima, pairs, limit)
    if (!above) for (let n: usize = 0; n < pairs * LANES; n += LANES) v128.store(l + n, f64x2.splat(-Infinity))
    return above
  }
  const constant = v128.load_splat<f64>(density)
  const means = density + NUMBER
  const tiles = means + columns * NUMBER
  let any = false
  greatest = -Infinity
  for (let first: usize = 0; first < pairs; first += STRIP) {
    const some = min(STRIP, pairs - first)
    const bytes = some * LANES
    for (let n: usize = 0; n < bytes; n += LANES) v128.store(l + n, constant)
    let above = true
    for (let i: usize = 0; above && i < columns; i += TILE) {
      subtract(columns - i, x + i * LANES, means + i * NUMBER, layout.residuals + i * LANES, columns, some)
      whiten(columns - i, layout.residuals, tiles + triangle(i) * NUMBER, l, i, columns, some)
      above = isAbove(l, maxima, some, limit) || (i + TILE < columns && most(l, some) > low)
    }
    greatest = max<f64>(greatest, most(l, some))
    if (!above) for (let n: usize = 0; n < bytes; n += LANES) v128.store(l + n, f64x2.splat(-Infinity))
    any = any || above
    l += bytes
    maxima += bytes
    x += bytes * columns
  }
  return any
}

function most(l: usize, pairs: usize): f64 {
  let a = f64x2.splat(-Infinity)
  for (const end = l + pairs * LANES; l < end; l += LANES) a = f64x2.pmax(a, v128.load(l))
  return max<f64>(f64x2.extract_lane(a, 0), f64x2.extract_lane(a, 1))
}

/** Two pairs at a time. A difference that is NaN is below every limit. */
function isAbove(l: usize, maxima: usize, pairs: usize, limit: f64): bool {
  let a = f64x2.splat(-Infinity)
  let b = a
  for (const end = l + pairs * LANES; l < end; l += 2 * LANES) {
    a = f64x2.pmax(a, f64x2.sub(v128.load(l), v128.load(maxima)))
    b = f64x2.pmax(b, f64x2.sub(v128.load(l, 16), v128.load(maxima, 16)))
    maxima += 2 * LANES
  }
  a = f64x2.pmax(a, b)
  return max<f64>(f64x2.extract_lane(a, 0), f64x2.extract_lane(a, 1)) > limit
}
