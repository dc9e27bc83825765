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
  let check: f64 = 0
  for (let row: usize = 0; row < rows; row++) {
    let to = target + (row >> 1) * columns * LANES + (row & 1) * NUMBER
    for (let column: usize = 0; column < columns; column++) {
      const value = load<f64>(source) - load<f64>(origin + column * NUMBER)
      check += value - value
      store<f64>(to, value)
      source += NUMBER
      to += LANES
    }
    source += (width - columns) * NUMBER
  }
  return check == 0
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
