// Runs of indices among the factors of a product. Their tables have a line of all components for each level, behind one for what is
// missing, so that a row reads whole lines. Sums are such lines, too: first those of the first row of each pair, then of the second.
import { accumulate } from './arithmetic'
import { blockStride, layout } from './layout'
import { FACTOR, Factor, INDEXED, LANES, NUMBER } from './memory.generated'

/** Bytes of what a pair of rows has of a factor: two distances from the start of a table. */
const PLACES: usize = 8

export function factorOf(number: u32): Factor {
  return changetype<Factor>(layout.factors + <usize>number * FACTOR)
}

/** How many factors from one on are indices. */
export function indicesFrom(first: u32): u32 {
  let end = first
  while (end < layout.factorCount && factorOf(end).kind == INDEXED) end++
  return end - first
}

/** Where the places of a run are. */
function placesOf(first: u32): usize {
  return layout.places + <usize>first * layout.blockPairs * PLACES
}

/** A number that whole ones are added to so that they are its low bits. */
const LOW_BITS: f64 = 4503599627370496

/**
 * Leaves where the lines of the rows of a block begin, pair by pair, from the start of the tables of a run on. Missing is NaN, whose
 * line is 0. The columns of a run lie together. V8 takes several instructions to make a whole number of another, and one for each step
 * here.
 */
export function findPlaces(first: u32, count: u32, block: u32, pairs: usize): void {
  const line = <usize>layout.components * NUMBER
  const bytes = f64x2.splat(<f64>line)
  const starts = layout.residuals
  const startsEnd = starts + count * PLACES
  let start = line
  for (let s = starts; s < startsEnd; s += PLACES) {
    store<f64>(s, LOW_BITS + <f64>start)
    start += factorOf(first++).numbers * line
  }
  first -= count
  let x = factorOf(first).data + <usize>block * blockStride() * count
  let place = placesOf(first)
  for (const end = place + pairs * count * PLACES; place < end; )
    for (let s = starts; s < startsEnd; s += PLACES) {
      const level = f64x2.pmax(f64x2.splat(-1), v128.load(x))
      const found = f64x2.add(f64x2.mul(level, bytes), v128.load64_splat(s))
      v128.store64_lane(place, v128.shuffle<i32>(found, found, 0, 2, 0, 2), 0)
      x += LANES
      place += PLACES
    }
}

/**
 * Adds the logarithms at the indices of each row, four components at a time. Beyond the last of them what is read counts for
 * nothing, and is left where maxima, sums and ratios will be.
 */
export function addLogs(first: u32, count: u32, block: u32, tables: usize, pairs: usize): void {
  findPlaces(first, count, block, pairs)
  const stride = blockStride()
  let logits = layout.logits
  for (let k: u32 = 0; k < layout.components; k += 4) {
    const at = tables + k * NUMBER
    let place = placesOf(first)
    for (let l = logits, end = l + pairs * LANES; l < end; l += LANES) {
      let a = f64x2.splat(0)
      let b = a
      let c = a
      let d = a
      for (const last = place + count * PLACES; place < last; place += PLACES) {
        const one = <usize>load<u32>(place) + at
        const other = <usize>load<u32>(place, 4) + at
        a = f64x2.add(a, v128.load(one))
        b = f64x2.add(b, v128.load(one, 16))
        c = f64x2.add(c, v128.load(other))
        d = f64x2.add(d, v128.load(other, 16))
      }
      let to = l
      accumulate(to, v128.shuffle<f64>(a, c, 0, 2))
      to += stride
      accumulate(to, v128.shuffle<f64>(a, c, 1, 3))
      to += stride
      accumulate(to, v128.shuffle<f64>(b, d, 0, 2))
      accumulate(to + stride, v128.shuffle<f64>(b, d, 1, 3))
    }
    logits += 4 * stride
  }
}

/** Bytes of the tables of a run, and of its sums of one row of each pair. */
function bytesOf(first: u32, count: u32): usize {
  let numbers: usize = 0
  for (let number = first; number < first + count; number++) numbers += factorOf(number).numbers
  return numbers * layout.components * NUMBER
}

/** Adds the responsibilities of each row to the sums of its indices: 0 for what would be components beyond the last. */
export function addToLevels(first: u32, count: u32, partials: usize, pairs: usize): void {
  const components = layout.components
  const stride = blockStride()
  const bytes = bytesOf(first, count)
  let weights = layout.logits
  for (let k: u32 = 0; k < components; k += 4) {
    const one = partials + k * NUMBER
    const other = one + bytes
    const isSecond = i64x2.splat(-(<i64>(k + 1 < components)))
    const isThird = i64x2.splat(-(<i64>(k + 2 < components)))
    const isFourth = i64x2.splat(-(<i64>(k + 3 < components)))
    let place = placesOf(first)
    for (let w = weights, end = w + pairs * LANES; w < end; w += LANES) {
      let from = w
      const p = v128.load(from)
      from += stride
      const q = v128.and(v128.load(from), isSecond)
      from += stride
      const r = v128.and(v128.load(from), isThird)
      const s = v128.and(v128.load(from + stride), isFourth)
      const a = v128.shuffle<f64>(p, q, 0, 2)
      const b = v128.shuffle<f64>(r, s, 0, 2)
      const c = v128.shuffle<f64>(p, q, 1, 3)
      const d = v128.shuffle<f64>(r, s, 1, 3)
      for (const last = place + count * PLACES; place < last; place += PLACES) {
        const line = one + load<u32>(place)
        accumulate(line, a)
        accumulate(line + LANES, b)
        const next = other + load<u32>(place, 4)
        accumulate(next, c)
        accumulate(next + LANES, d)
      }
    }
    weights += 4 * stride
  }
}

/**
 * Makes of the sums of a run what those of other factors are, two components at a time: the weight, which is that of all levels, then
 * the sum of each level. Returns where the next ones go.
 */
export function foldLevels(first: u32, count: u32, partials: usize, target: usize): usize {
  const line = <usize>layout.components * NUMBER
  const bytes = bytesOf(first, count)
  for (let number = first; number < first + count; number++) {
    const numbers = factorOf(number).numbers
    const size = <usize>numbers * NUMBER
    for (let k: u32 = 0; k < layout.components; k += 2) {
      let weights = f64x2.splat(0)
      let source = partials + k * NUMBER
      // Without another component the first one is written over what would be its.
      const last = target + (k + 1 < layout.components ? size : 0)
      const end = target + size
      let to = last
      for (; target < end; target += NUMBER) {
        const sums = f64x2.add(v128.load(source), v128.load(source + bytes))
        weights = f64x2.add(weights, sums)
        v128.store64_lane(to, sums, 1)
        v128.store64_lane(target, sums, 0)
        to += NUMBER
        source += line
      }
      v128.store64_lane(last, weights, 1)
      v128.store64_lane(end - size, weights, 0)
      target = last + size
    }
    partials += numbers * line
  }
  return target
}
