// Rows of which few numbers are not 0, in a module of its own. A lane is a component, so that sums are in the order of the columns
// and have the bits of loops over single components.
import { LANES, NUMBER } from './memory.generated'
import { products, sums } from './sparse.generated'

/** Two places for each row, where its columns and numbers begin and end. */
let extents: usize = 0
/** 32 bits each. */
let indices: usize = 0
let values: usize = 0
/** Bytes of the numbers of all components: those of a column, or the line of a row. */
let stride: usize = 0

/** Pairs of components that are taken at once, where more than `MOST` are left. */
const USUAL: usize = 4
const MOST: usize = 5

export function useRows(extentsAt: usize, indicesAt: usize, valuesAt: usize, pairs: u32): void {
  extents = extentsAt
  indices = indicesAt
  values = valuesAt
  stride = <usize>pairs * LANES
}

function forEachRow(first: u32, end: u32, numbers: usize, line: usize, isSum: bool): void {
  for (let row: usize = first; row < end; row++) {
    const begin = <usize>load<u32>(extents + row * 8)
    const column = indices + (begin << 2)
    const value = values + (begin << 3)
    const last = values + ((<usize>load<u32>(extents + row * 8, 4)) << 3)
    let k: usize = 0
    for (let left = stride / LANES; left > 0; ) {
      const width = left > MOST ? USUAL : left
      if (isSum) sums(width, column, value, last, stride, numbers + k, line + k)
      else products(width, column, value, last, stride, numbers + k, line + k)
      left -= width
      k += width * LANES
    }
    line += stride
  }
}

/** Writes the inner products of rows with the numbers of components, which lie column by column, as lines. */
export function innerProducts(first: u32, end: u32, numbers: usize, lines: usize): void {
  forEachRow(first, end, numbers, lines, false)
}

/** Adds rows to sums of components, which lie column by column, by the shares in lines. */
export function addRows(first: u32, end: u32, lines: usize, target: usize): void {
  forEachRow(first, end, target, lines, true)
}

/**
 * Adds a row, which begins and ends at these places, times a share and the squares of the scales of its columns, to the sums of one component. Returns the inner product
 * of the row with what was there before.
 */
export function addScaled(begin: u32, end: u32, component: u32, share: f64, scales: usize, target: usize): f64 {
  const to = target + <usize>component * NUMBER
  let inner: f64 = 0
  for (let i: usize = begin; i < end; i++) {
    const column = <usize>load<u32>(indices + (i << 2))
    const at = to + column * stride
    const scale = load<f64>(scales + column * NUMBER)
    const value = load<f64>(values + (i << 3))
    const before = load<f64>(at)
    inner += value * before
    store<f64>(at, before + value * scale * scale * share)
  }
  return inner
}
