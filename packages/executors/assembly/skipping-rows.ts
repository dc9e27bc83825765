// What is looked up for each row of a block, whose logits are those of the components that are listed.
import { blockStride, layout } from './layout'
import { LANES, NUMBER, Skipping } from './memory.generated'

/** The least of the maxima of the rows of a strip. */
export function floorOf(strip: u32): f64 {
  return load<f64>(layout.floors + ((<usize>strip) << 3))
}

/** Writes the maxima of so many logits of each row, and the least of each strip. */
export function takeMaxima(skipping: Skipping, count: u32, pairs: usize): void {
  const stride = blockStride()
  for (let n: usize = 0; n < pairs * LANES; n += LANES) {
    let l = layout.logits + n
    let m = f64x2.splat(-Infinity)
    for (let s: u32 = 0; s < count; s++) {
      m = f64x2.pmax(m, v128.load(l))
      l += stride
    }
    v128.store(layout.maxima + n, m)
  }
  findFloors(skipping, pairs)
}

/** The same with the logits of one component more. */
export function raiseMaxima(skipping: Skipping, l: usize, pairs: usize): void {
  for (let n: usize = 0; n < pairs * LANES; n += LANES)
    v128.store(layout.maxima + n, f64x2.pmax(v128.load(layout.maxima + n), v128.load(l + n)))
  findFloors(skipping, pairs)
}

function findFloors(skipping: Skipping, pairs: usize): void {
  const bytes = <usize>skipping.stripPairs * LANES
  const end = pairs * LANES
  let floor = layout.floors
  for (let n: usize = 0; n < end; n += bytes) {
    let low = f64x2.splat(Infinity)
    for (let i = n; i < min(n + bytes, end); i += LANES) low = f64x2.pmin(low, v128.load(layout.maxima + i))
    store<f64>(floor, min<f64>(f64x2.extract_lane(low, 0), f64x2.extract_lane(low, 1)))
    floor += NUMBER
  }
}

/** How many of the numbers of rows are above a limit. */
export function rowsAbove(q: usize, pairs: usize, limit: f64): f64 {
  const least = f64x2.splat(limit)
  let count = i64x2.splat(0)
  for (const end = q + pairs * LANES; q < end; q += LANES) count = i64x2.sub(count, f64x2.gt(v128.load(q), least))
  return <f64>(i64x2.extract_lane(count, 0) + i64x2.extract_lane(count, 1))
}

/** The share of a limit above which rows that nearly count lie with those that do. */
const NEARLY: f64 = 1.0 / 65536

/** Of every row: its first and second component and a hash of all that nearly count. */
export function writeKeys(skipping: Skipping, keys: usize, count: u32, rows: usize): void {
  const stride = blockStride()
  for (let n: usize = 0; n < rows; n++) {
    let p: f64 = -1
    let q: f64 = -1
    let i: u32 = 0
    let j: u32 = 0
    let set: u32 = 0
    let at = layout.logits + n * NUMBER
    for (let s: u32 = 0; s < count; s++) {
      const k = load<u32>(layout.live + ((<usize>s) << 2))
      const v = load<f64>(at)
      const isNear = v > load<f64>(skipping.shares + ((<usize>k) << 3)) * NEARLY
      if (isNear) set ^= 0x9e3779b1 * (k + 1)
      if (v > p) {
        q = p
        j = i
        p = v
        i = k
      } else if (isNear && v > q) {
        q = v
        j = k
      }
      at += stride
    }
    if (!(q > load<f64>(skipping.shares + ((<usize>j) << 3)) * NEARLY)) j = i
    if (skipping.seconds == 1) j = 0
    store<u32>(keys + (n << 2), (i * skipping.seconds + j) * skipping.hashes + ((set >>> 20) % skipping.hashes))
  }
}
