// Lloyd's algorithm over rows of an even number of columns. A row is looked at again only where the triangle inequality does not
// tell that its nearest centre has stayed the nearest: it remembers how far that is at most, and the others at least, of which
// the way that centres move is added or subtracted. Source: Hamerly, Making k-means even faster (2010).
import { madd, present } from './arithmetic'
import { LANES, NUMBER } from './memory.generated'

let data: usize = 0
let rows: usize = 0
/** Bytes of a row. */
let stride: usize = 0
/** One number a row, or 0 where all count once. */
let weights: usize = 0
/** The cluster of each row, 32 bits. */
let labels: usize = 0
/** Two numbers a row: how far its own centre is at most, and any other at least. */
let bounds: usize = 0
let centres: usize = 0
let count: usize = 0
/** Per cluster: the sum of its rows, then its weight, how many they are and how far the centre has moved. */
let sums: usize = 0
let totals: usize = 0
/** By how much the last move of the centres has lowered the squared distances of rows from their own, summed up. */
let gained: f64 = 0

/** Tells where rows are, and clusters: K centres, K rows of sums, three numbers for each and a distance, up to four more. */
export function useRows(
  address: usize,
  number: u32,
  width: u32,
  rowWeights: usize,
  rowLabels: usize,
  rowBounds: usize,
  clusters: usize,
): void {
  data = address
  rows = number
  stride = <usize>width * NUMBER
  weights = rowWeights
  labels = rowLabels
  bounds = rowBounds
  centres = clusters
}

/** The squared distance of two rows. */
function distance(a: usize, b: usize): f64 {
  let even = f64x2.splat(0)
  let odd = even
  let at: usize = 0
  for (; at + 2 * LANES <= stride; at += 2 * LANES) {
    const first = f64x2.sub(v128.load(a + at), v128.load(b + at))
    const second = f64x2.sub(v128.load(a + at, 16), v128.load(b + at, 16))
    even = madd(first, first, even)
    odd = madd(second, second, odd)
  }
  if (at < stride) {
    const first = f64x2.sub(v128.load(a + at), v128.load(b + at))
    even = madd(first, first, even)
  }
  even = f64x2.add(even, odd)
  return f64x2.extract_lane(even, 0) + f64x2.extract_lane(even, 1)
}

/** Lowers squared distances to those from a row. */
export function lower(place: u32, distances: usize): void {
  const centre = data + <usize>place * stride
  for (let row = data, end = data + rows * stride; row < end; row += stride) {
    store<f64>(distances, Math.min(load<f64>(distances), distance(row, centre)))
    distances += NUMBER
  }
}

function weightOf(row: usize): f64 {
  return weights ? load<f64>(weights + row * NUMBER) : 1
}

/** Adds a row as often as told to the sums of a cluster. */
function add(row: usize, cluster: usize, times: f64): void {
  const from = data + row * stride
  const to = sums + cluster * stride
  const by = times * weightOf(row)
  const factor = f64x2.splat(by)
  for (let at: usize = 0; at < stride; at += LANES)
    v128.store(to + at, madd(factor, v128.load(from + at), v128.load(to + at)))
  const total = totals + 3 * cluster * NUMBER
  store<f64>(total, load<f64>(total) + by)
  store<f64>(total, load<f64>(total, 8) + times, 8)
}

/** Bounds are this much further apart than they are, for rounding. */
const SLACK: f64 = 1e-13

/** Leaves the squared distances of a row from four centres that follow each other where there is room for four numbers. */
function fourDistances(row: usize, centre: usize, target: usize): void {
  let a = f64x2.splat(0)
  let b = a
  let c = a
  let d = a
  for (const end = row + stride; row < end; row += LANES) {
    const x = v128.load(row)
    const first = f64x2.sub(x, v128.load(centre))
    const second = f64x2.sub(x, v128.load(centre + stride))
    const third = f64x2.sub(x, v128.load(centre + 2 * stride))
    const fourth = f64x2.sub(x, v128.load(centre + 3 * stride))
    a = madd(first, first, a)
    b = madd(second, second, b)
    c = madd(third, third, c)
    d = madd(fourth, fourth, d)
    centre += LANES
  }
  v128.store(target, f64x2.add(v128.shuffle<f64>(a, b, 0, 2), v128.shuffle<f64>(a, b, 1, 3)))
  v128.store(target, f64x2.add(v128.shuffle<f64>(c, d, 0, 2), v128.shuffle<f64>(c, d, 1, 3)), 16)
}

/** Room for the distances of a row from all centres, behind the totals. */
function distancesAt(): usize {
  return totals + 3 * count * NUMBER
}

/** Finds the centre nearest to a row, the first one on ties. */
function assign(row: usize): u32 {
  let best = f64x2.splat(Infinity)
  let second = best
  let label = i64x2.splat(0)
  const at = data + row * stride
  const found = distancesAt()
  // Behind the last centre is room that is read, and of no account.
  for (let k: usize = 0; k < count; k += 4) fourDistances(at, centres + k * stride, found + k * NUMBER)
  for (let k: usize = 0; k < count; k++) {
    // Without branches, which nobody could foresee.
    const d = v128.load_splat<f64>(found + k * NUMBER)
    label = v128.bitselect(i64x2.splat(<i64>k), label, f64x2.lt(d, best))
    second = f64x2.pmin(second, f64x2.pmax(best, d))
    best = f64x2.pmin(best, d)
  }
  const bound = f64x2.sqrt(v128.shuffle<f64>(best, second, 0, 2))
  v128.store(bounds + row * 2 * NUMBER, f64x2.mul(bound, f64x2(1 + SLACK, 1 - SLACK)))
  return <u32>i64x2.extract_lane(label, 0)
}

/** Moves centres to the means of their rows. Returns which has moved farthest. */
function move(): usize {
  let farthest: usize = 0
  let most: f64 = -1
  gained = 0
  for (let k: usize = 0; k < count; k++) {
    const total = totals + 3 * k * NUMBER
    const centre = centres + k * stride
    let moved: f64 = 0
    if (load<f64>(total, 8) > 0) {
      const sum = sums + k * stride
      const weight = f64x2.splat(load<f64>(total))
      let squares = f64x2.splat(0)
      for (let at: usize = 0; at < stride; at += LANES) {
        const mean = f64x2.div(v128.load(sum + at), weight)
        const by = f64x2.sub(mean, v128.load(centre + at))
        squares = f64x2.add(squares, f64x2.mul(by, by))
        v128.store(centre + at, mean)
      }
      const square = f64x2.extract_lane(squares, 0) + f64x2.extract_lane(squares, 1)
      gained += load<f64>(total) * square
      moved = Math.sqrt(square) * (1 + SLACK)
    }
    store<f64>(total, moved, 16)
    if (moved > most) {
      most = moved
      farthest = k
    }
  }
  return farthest
}

/** How far a centre other than the one that has moved farthest has moved at most. */
function secondMove(farthest: usize): f64 {
  let most: f64 = 0
  for (let k: usize = 0; k < count; k++)
    if (k != farthest) most = Math.max(most, load<f64>(totals + 3 * k * NUMBER, 16))
  return most
}

/** Finds the clusters of rows whose centre may be another one by now. Returns how many have another. */
function reassign(): usize {
  const farthest = move()
  const most = load<f64>(totals + 3 * farthest * NUMBER, 16)
  const second = secondMove(farthest)
  let changes: usize = 0
  for (let row: usize = 0; row < rows; row++) {
    const label = <usize>load<u32>(labels + row * 4)
    const bound = bounds + row * 2 * NUMBER
    const least = load<f64>(bound, 8)
    const others = least - (label == farthest ? second : most) - least * SLACK
    let own = (load<f64>(bound) + load<f64>(totals + 3 * label * NUMBER, 16)) * (1 + SLACK)
    if (own >= others) own = Math.sqrt(distance(data + row * stride, centres + label * stride)) * (1 + SLACK)
    if (own < others) {
      store<f64>(bound, own)
      store<f64>(bound, others, 8)
      continue
    }
    const found = <usize>assign(row)
    if (found == label) continue
    changes++
    store<u32>(labels + row * 4, <u32>found)
    add(row, label, -1)
    add(row, found, 1)
  }
  return changes
}

/**
 * Lloyd's algorithm from K centres that are there, as often as told at most: until fewer than one row in a thousand changes or, where
 * `least` is not 0, a move of the centres lowers the squared distances of their rows by less.
 */
export function cluster(clusters: u32, rounds: u32, least: f64): void {
  count = clusters
  sums = centres + count * stride
  totals = sums + count * stride
  memory.fill(sums, 0, count * (stride + 3 * NUMBER))
  for (let row: usize = 0; row < rows; row++) {
    const label = assign(row)
    store<u32>(labels + row * 4, label)
    add(row, label, 1)
  }
  // One row in a thousand makes no other start.
  const few = rows >> 10
  for (let round: u32 = 0; round < rounds; round++) {
    const changes = reassign()
    if (least > 0 ? gained < least : changes <= few) return
  }
}

/** The squared distances of rows from the means of the clusters that were found, summed up. */
export function spread(): f64 {
  move()
  let sum: f64 = 0
  for (let row: usize = 0; row < rows; row++)
    sum += weightOf(row) * distance(data + row * stride, centres + <usize>load<u32>(labels + row * 4) * stride)
  return sum
}

/** Sizes between these have squares in the range of float64, however many are added up. */
const SMALLEST: f64 = 1e-120
const GREATEST: f64 = 1e120

/**
 * Subtracts the means of columns, and divides by their standard deviations; 0 in constant columns and where a cell is NaN. There
 * is room for five rows of numbers at `work`, of which the first is there: numbers of each column, from which others are counted,
 * so that constants leave exact zeros. Returns false, and changes nothing, where squares would leave the range of float64.
 */
export function standardise(work: usize): bool {
  const origin = work
  const weight = origin + stride
  const mean = weight + stride
  const squares = mean + stride
  const sizes = squares + stride
  memory.fill(weight, 0, 4 * stride)
  const end = data + rows * stride
  for (let row = data, n: usize = 0; row < end; row += stride, n++) {
    const w = f64x2.splat(weightOf(n))
    for (let at: usize = 0; at < stride; at += LANES) {
      const value = f64x2.sub(v128.load(row + at), v128.load(origin + at))
      const there = f64x2.eq(value, value)
      v128.store(weight + at, f64x2.add(v128.load(weight + at), v128.and(w, there)))
      v128.store(mean + at, madd(w, v128.and(value, there), v128.load(mean + at)))
      v128.store(sizes + at, f64x2.pmax(v128.load(sizes + at), f64x2.abs(value)))
    }
  }
  for (let at: usize = 0; at < stride; at += NUMBER) {
    const size = load<f64>(sizes + at)
    if (size > 0 && !(size > SMALLEST && size < GREATEST)) return false
  }
  for (let at: usize = 0; at < stride; at += LANES) {
    const deviation = present(f64x2.div(v128.load(mean + at), v128.load(weight + at)))
    v128.store(mean + at, deviation)
  }
  for (let row = data, n: usize = 0; row < end; row += stride, n++) {
    const w = f64x2.splat(weightOf(n))
    for (let at: usize = 0; at < stride; at += LANES) {
      const value = present(f64x2.sub(f64x2.sub(v128.load(row + at), v128.load(origin + at)), v128.load(mean + at)))
      v128.store(row + at, value)
      v128.store(squares + at, madd(w, f64x2.mul(value, value), v128.load(squares + at)))
    }
  }
  for (let at: usize = 0; at < stride; at += LANES) {
    const sum = v128.load(squares + at)
    const scale = f64x2.sqrt(f64x2.div(v128.load(weight + at), sum))
    v128.store(squares + at, v128.and(scale, f64x2.gt(sum, f64x2.splat(0))))
  }
  for (let row = data; row < end; row += stride)
    for (let at: usize = 0; at < stride; at += LANES)
      v128.store(row + at, f64x2.mul(v128.load(row + at), v128.load(squares + at)))
  return true
}
