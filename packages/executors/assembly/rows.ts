import { LANES, NUMBER } from './memory.generated'

/**
 * Stores rows less their origin two at a time, column by column, from an even row on, and tells whether all numbers are
 * finite then. The source is row-major, with rows of `width` numbers of which the first are stored, and the missing half of a
 * last pair is left as it is.
 */
export function arrangeRows(
  source: usize,
  rows: usize,
  width: usize,
  columns: usize,
  origin: usize,
  target: usize,
): bool {
  // A number less itself is 0, and NaN where it is not finite.
  let checks = f64x2.splat(0)
  const bytes = width * NUMBER
  const end = origin + (columns & ~1) * NUMBER
  for (const last = source + (rows & ~1) * bytes; source < last; source += 2 * bytes) {
    let one = source
    let other = source + bytes
    for (let from = origin; from < end; from += LANES) {
      const less = v128.load(from)
      const a = f64x2.sub(v128.load(one), less)
      const b = f64x2.sub(v128.load(other), less)
      checks = f64x2.add(checks, f64x2.add(f64x2.sub(a, a), f64x2.sub(b, b)))
      v128.store(target, v128.shuffle<f64>(a, b, 0, 2))
      v128.store(target, v128.shuffle<f64>(a, b, 1, 3), LANES)
      one += LANES
      other += LANES
      target += 2 * LANES
    }
    if (columns & 1) {
      const both = v128.load64_lane(other, v128.load64_zero(one), 1)
      const value = f64x2.sub(both, v128.load64_splat(end))
      checks = f64x2.add(checks, f64x2.sub(value, value))
      v128.store(target, value)
      target += LANES
    }
  }
  let check = f64x2.extract_lane(checks, 0) + f64x2.extract_lane(checks, 1)
  if (rows & 1)
    for (let column: usize = 0; column < columns; column++) {
      const value = load<f64>(source + column * NUMBER) - load<f64>(origin + column * NUMBER)
      check += value - value
      store<f64>(target + column * LANES, value)
    }
  return check == 0
}

/**
 * Whether rows less their origin can be taken by columns of which each has two numbers in `kinds`: how many levels there are, or 0
 * where it is no index, and 1 where a number may be missing.
 */
export function areTaken(source: usize, rows: usize, columns: usize, origin: usize, kinds: usize): bool {
  const bytes = columns * NUMBER
  for (const last = source + rows * bytes; source < last; source += bytes)
    for (let at: usize = 0; at < bytes; at += NUMBER) {
      const given = load<f64>(source + at)
      const value = given - load<f64>(origin + at)
      const levels = load<f64>(kinds + 2 * at)
      if (value - value == 0) {
        if (levels > 0 && !(value >= 0 && value < levels && floor(value) == value)) return false
      } else if (given == given || load<f64>(kinds + 2 * at, NUMBER) == 0) return false
    }
  return true
}

/** Writes the component of the greatest logit of every row of a block, the first one on exact ties. */
export function greatest(logits: usize, stride: usize, components: u32, rows: usize, target: usize): void {
  for (let row: usize = 0; row < rows; row++) {
    let most = -Infinity
    let found = 0
    let logit = logits + row * NUMBER
    for (let k: u32 = 0; k < components; k++) {
      const value = load<f64>(logit)
      if (value > most) {
        most = value
        found = k
      }
      logit += stride
    }
    store<i32>(target + row * 4, found)
  }
}
