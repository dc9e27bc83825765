// Rows that are laid out anew, by a counting sort.
import { layout } from './layout'
import { LANES, NUMBER, Skipping, TILE } from './memory.generated'

/** No component yet. */
const NONE: u32 = 0xffffffff

/** Rows of one call: a host makes a function fast from one call to the next, but not within one. */
const SOME: usize = 1024

/**
 * Makes places of the keys of all rows, in the order of the keys and, among equal ones, of the rows. Blocks of these places then
 * count on the components that their keys are made of, and know nothing of the others. `starts` has room for a u32 for each
 * possible key and one more.
 */
export function placeRows(rows: usize, starts: usize): void {
  const skipping = changetype<Skipping>(layout.skipping)
  const keys = skipping.keys
  const count = layout.components * skipping.seconds * skipping.hashes
  memory.fill(starts, 0, (<usize>count + 1) << 2)
  for (let n: usize = 0; n < rows; n++) {
    const at = starts + ((<usize>load<u32>(keys + (n << 2))) << 2)
    store<u32>(at, load<u32>(at, 4) + 1, 4)
  }
  forgetAll(skipping)
  let start: u32 = 0
  for (let key: u32 = 0; key < count; key++) {
    const at = starts + ((<usize>key) << 2)
    const end = start + load<u32>(at, 4)
    store<u32>(at, start)
    if (end > start) countOn(skipping, key, start, end)
    start = end
  }
  for (let n: usize = 0; n < rows; n++) {
    const at = starts + ((<usize>load<u32>(keys + (n << 2))) << 2)
    const place = load<u32>(at)
    store<u32>(at, place + 1)
    store<u32>(keys + (n << 2), place)
  }
}

function blocksOf(pairs: u32): u32 {
  return (pairs + layout.blockPairs - 1) / layout.blockPairs
}

function forgetAll(skipping: Skipping): void {
  const blocks = <usize>blocksOf(layout.pairs)
  memory.fill(skipping.bounds, 0, (blocks * layout.components * skipping.strips) << 2)
  memory.fill(skipping.firsts, 0xff, blocks << 2)
}

/** Of the blocks that rows of a key are in, which are those from `start` to before `end`. */
function countOn(skipping: Skipping, key: u32, start: u32, end: u32): void {
  const set = key / skipping.hashes
  const first = set / skipping.seconds
  const second = skipping.seconds == 1 ? first : set % skipping.seconds
  const blockRows = 2 * layout.blockPairs
  for (let block = start / blockRows; block <= (end - 1) / blockRows; block++) {
    const bounds = skipping.bounds + ((<usize>block * layout.components * skipping.strips) << 2)
    store<f32>(bounds + ((<usize>first * skipping.strips) << 2), -1)
    store<f32>(bounds + ((<usize>second * skipping.strips) << 2), -1)
    const at = skipping.firsts + ((<usize>block) << 2)
    if (load<u32>(at) == NONE) store<u32>(at, first)
  }
}

/**
 * Moves every row, and its weight where it has one, to its place: a few columns at a time, so that there is little to set aside;
 * and the numbers by which rows were loaded.
 */
export function moveRows(rows: usize): void {
  const columns = <usize>layout.columns
  for (let first: usize = 0; first < columns; first += TILE)
    moveColumns(rows, layout.data + first * LANES, columns * LANES, min(TILE, columns - first))
  if (layout.weighted) moveColumns(rows, layout.weights, LANES, 1)
  const skipping = changetype<Skipping>(layout.skipping)
  for (let n: usize = 0; n < rows; n += SOME)
    scatterNumbers(n, min(n + SOME, rows), skipping.keys, skipping.order, skipping.spare)
  memory.copy(skipping.order, skipping.spare, rows << 2)
}

/** So many columns of pairs of rows that are so many bytes apart. */
function moveColumns(rows: usize, data: usize, step: usize, width: usize): void {
  const skipping = changetype<Skipping>(layout.skipping)
  const spare = skipping.spare
  for (let n: usize = 0; n < rows; n += SOME) scatter(n, min(n + SOME, rows), skipping.keys, data, step, spare, width)
  for (let n: usize = 0; n < rows; n += SOME) gather(n, min(n + SOME, rows), data, step, spare, width)
}

function scatterNumbers(n: usize, end: usize, places: usize, order: usize, spare: usize): void {
  for (; n < end; n++) store<u32>(spare + ((<usize>load<u32>(places + (n << 2))) << 2), load<u32>(order + (n << 2)))
}

function scatter(n: usize, end: usize, places: usize, data: usize, step: usize, spare: usize, width: usize): void {
  for (; n < end; n++) {
    let from = data + (n >> 1) * step + (n & 1) * NUMBER
    let to = spare + <usize>load<u32>(places + (n << 2)) * width * NUMBER
    for (const last = to + width * NUMBER; to < last; to += NUMBER) {
      store<f64>(to, load<f64>(from))
      from += LANES
    }
  }
}

function gather(n: usize, end: usize, data: usize, step: usize, spare: usize, width: usize): void {
  let from = spare + n * width * NUMBER
  for (; n < end; n++) {
    let to = data + (n >> 1) * step + (n & 1) * NUMBER
    for (const last = from + width * NUMBER; from < last; from += NUMBER) {
      store<f64>(to, load<f64>(from))
      to += LANES
    }
  }
}
