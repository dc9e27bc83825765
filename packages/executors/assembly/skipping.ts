// The E-step that leaves out what rounds away, in a module of its own that works beside the kernel in its memory. Of each block and
// component it remembers a distance that no row of the block is within. Parameters move little from one E-step to the next, and
// so does that distance; most pairs of a block and a component are told by it to add nothing, without a look at the rows.
import { clearSums, foldLanes, likelihood, logitsOf, softmax, statisticsOf } from './kernel'
import { blockStride, dataOf, densityStride, layout, pairsOf, partialStride, setLayout, sumsEnd } from './layout'
import { LANES, NUMBER, Skipping } from './memory.generated'
import { greatest, logitsAbove } from './skipping-logits'
import { floorOf, raiseMaxima, rowsAbove, takeMaxima, writeKeys } from './skipping-rows'

export { moveRows, placeRows } from './skipping-order'

export function useLayout(table: usize): void {
  setLayout(table)
}

/** What a remembered distance is less by, so that rounding never makes it greater than it is. */
const SAFELY: f64 = 0.999999

/** Bits below the limit of the block up to which a distance is found out exactly: what is remembered of it holds for longer. */
const REMEMBERED: f64 = 4

let computed: f64 = 0
let counted: f64 = 0

/** As `expectation` of the kernel, and leaves how many pairs of rows and components were computed, and how many counted. */
export function expectation(first: u32, end: u32, target: usize): void {
  const skipping = changetype<Skipping>(layout.skipping)
  const totals = sumsEnd()
  clearSums(totals)
  computed = 0
  counted = 0
  for (let block = first; block < end; block++) {
    const pairs = pairsOf(block)
    const count = findLive(skipping, block, pairs)
    softmax(block, pairs, count)
    likelihood(block, pairs, totals)
    if (skipping.keys) writeKeys(skipping, skipping.keys + ((<usize>block * layout.blockPairs) << 3), count, 2 * pairs)
    addLive(skipping, block, count, pairs)
  }
  const tally = skipping.tallies + <usize>(first / skipping.rangeBlocks) * LANES
  store<f64>(tally, computed)
  store<f64>(tally, counted, 8)
  foldLanes(totals, target)
}

function liveAt(place: u32): u32 {
  return load<u32>(layout.live + ((<usize>place) << 2))
}

function setLive(place: u32, k: u32): void {
  store<u32>(layout.live + ((<usize>place) << 2), k)
}

function densityOf(k: u32): usize {
  return layout.densities + <usize>k * densityStride()
}

/** How far below a limit the logits of a component have to be, for a row that is as far from all others as the block allows. */
function roomOf(skipping: Skipping, k: u32, floor: f64): f64 {
  return load<f64>(densityOf(k)) - floor - load<f64>(skipping.limits + ((<usize>k) << 3))
}

/**
 * Rows that are far away weigh more in sums of squares. What is left out is below its limit times its squared distance too:
 * r^2 - log2 r^2 > room where r^2 > room + this, an upper bound of log2 of that r^2.
 */
function distanceBits(room: f64): f64 {
  if (!(room >= 16)) return 5
  const bits = reinterpret<u64>(room)
  const fraction = reinterpret<f64>((bits & 0x000fffffffffffff) | 0x3ff0000000000000)
  return <f64>(<i64>(bits >> 52) - 1024) + fraction + 0.6
}

/** Where the distances of a component are, of each strip of a block. */
function boundsOf(skipping: Skipping, block: u32, k: u32): usize {
  return skipping.bounds + (((<usize>block * layout.components + k) * skipping.strips) << 2)
}

/** Leaves the logits of all components that may count in a block, one behind the other, and lists them. */
function findLive(skipping: Skipping, block: u32, pairs: usize): u32 {
  const components = layout.components
  const stride = blockStride()
  const x = dataOf(block)
  const first = load<u32>(skipping.firsts + ((<usize>block) << 2))
  let count: u32 = 1
  setLive(0, first)
  for (let k: u32 = 0; k < components; k++)
    if (k != first && load<f32>(boundsOf(skipping, block, k)) < 0) setLive(count++, k)
  for (let s: u32 = 0; s < count; s++) logitsOf(x, densityOf(liveAt(s)), layout.logits + s * stride, pairs)
  if (count == components) return count
  takeMaxima(skipping, count, pairs)
  for (let k: u32 = 0; k < components; k++) {
    const bounds = boundsOf(skipping, block, k)
    if (k == first || load<f32>(bounds) < 0) continue
    const strips = stripsWithin(skipping, k, bounds, pairs)
    if (strips == 0) continue
    const l = layout.logits + count * stride
    if (!mayCount(skipping, k, bounds, strips, x, l, pairs)) continue
    store<f32>(bounds, -1)
    setLive(count++, k)
    raiseMaxima(skipping, l, pairs)
  }
  return count
}

/** Takes the drift off what is remembered of a component, and tells of which strips rows may be near enough to count, one bit each. */
function stripsWithin(skipping: Skipping, k: u32, bounds: usize, pairs: usize): u32 {
  const shrink = load<f64>(skipping.shrinks + ((<usize>k) << 3))
  const shift = load<f64>(skipping.shifts + ((<usize>k) << 3))
  const isNone = load<f64>(densityOf(k)) == -Infinity
  let strips: u32 = 0
  for (let s: u32 = 0; s < skipping.strips && <usize>s * skipping.stripPairs < pairs; s++) {
    const bound = bounds + ((<usize>s) << 2)
    let r = <f64>load<f32>(bound) * shrink - shift
    // Written so that NaN fails it too.
    r = r > 0 ? r * SAFELY : 0
    store<f32>(bound, <f32>r)
    const room = roomOf(skipping, k, floorOf(s))
    // Nothing of it can count at any distance, as of a component of weight zero.
    if (isNone || room < 0) continue
    if (!(r * r > room + distanceBits(room))) strips |= 1 << s
  }
  return strips
}

/** Leaves the logits of a component in these strips, -Infinity elsewhere, and tells whether it counts in any of them. */
function mayCount(skipping: Skipping, k: u32, bounds: usize, strips: u32, x: usize, l: usize, pairs: usize): bool {
  const density = densityOf(k)
  const constant = load<f64>(density)
  let any = false
  let s: u32 = 0
  for (let from: usize = 0; from < pairs; from += skipping.stripPairs) {
    const some = min(<usize>skipping.stripPairs, pairs - from)
    const at = l + from * LANES
    if ((strips >>> s) & 1) {
      const floor = floorOf(s)
      const limit = load<f64>(skipping.limits + ((<usize>k) << 3)) - distanceBits(roomOf(skipping, k, floor))
      const maxima = layout.maxima + from * LANES
      const row = x + from * layout.columns * LANES
      if (logitsAbove(row, density, at, maxima, some, limit, floor + limit - REMEMBERED)) any = true
      else store<f32>(bounds + ((<usize>s) << 2), <f32>(Math.sqrt(max<f64>(0, constant - greatest)) * SAFELY))
    } else for (let n: usize = 0; n < some * LANES; n += LANES) v128.store(at + n, f64x2.splat(-Infinity))
    s++
  }
  return any
}

/** Adds the sums of the components that do count, and remembers which. */
function addLive(skipping: Skipping, block: u32, count: u32, pairs: usize): void {
  const stride = blockStride()
  const x = dataOf(block)
  const floor = lowest(pairs)
  let most: f64 = -1
  for (let s: u32 = 0; s < count; s++) {
    const k = liveAt(s)
    const bounds = boundsOf(skipping, block, k)
    const q = layout.logits + s * stride
    const room = max<f64>(16, roomOf(skipping, k, floor))
    const rows = rowsAbove(q, pairs, load<f64>(skipping.shares + ((<usize>k) << 3)) / (2 * room))
    counted += rows
    if (rows > 0) {
      computed += <f64>(2 * pairs)
      store<f32>(bounds, -1)
    } else if (skipping.everything == 0) {
      memory.fill(bounds, 0, (<usize>skipping.strips) << 2)
      continue
    }
    const partial = layout.partials + <usize>k * partialStride()
    const before = load<f64>(partial) + load<f64>(partial, NUMBER)
    statisticsOf(x, densityOf(k), q, partial, pairs)
    const gain = load<f64>(partial) + load<f64>(partial, NUMBER) - before
    if (gain > most) {
      most = gain
      store<u32>(skipping.firsts + ((<usize>block) << 2), k)
    }
  }
}

/** The least of the maxima of the rows. */
function lowest(pairs: usize): f64 {
  let low = v128.load(layout.maxima)
  for (let n: usize = LANES; n < pairs * LANES; n += LANES) low = f64x2.pmin(low, v128.load(layout.maxima + n))
  return min<f64>(f64x2.extract_lane(low, 0), f64x2.extract_lane(low, 1))
}
