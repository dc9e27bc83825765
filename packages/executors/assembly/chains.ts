// Chains of hidden states: the forward pass, the backward pass and that of Viterbi over the rows of one sequence. States are
// padded to an even number, K', for the two lanes; what pads is impossible. Matrices are K x K', row-major.
import { madd } from './arithmetic'
import { exponential } from './exponential'
import { LANES, NUMBER } from './memory.generated'

let states: usize = 0
/** Bytes of a padded row. */
let stride: usize = 0
let initial: usize = 0
let transitions: usize = 0
let transposed: usize = 0
let counts: usize = 0
/** Three padded rows to work with. */
let first: usize = 0
let second: usize = 0
/** The likelihood of a sequence as maxima in nats + exponents + log2 product. */
let maxima: f64 = 0
let exponents: f64 = 0
let product: f64 = 1
/** What has been lost so far, at the most, over what is kept. */
let risk: f64 = 0

/** Filtered probabilities below 2^-900 may have lost digits. */
const LEAST: f64 = 1.1830521861667747e-271
/** More than all of them together, 2^-890. */
const LOSS: f64 = 1.2114454386347773e-268
/** What is lost may become this much of what is kept, 2^-60. */
const MOST: f64 = 8.673617379884035e-19
/** A state of this share, 2^-300, has forgotten what was lost before, where that is less than 2^-400. */
const FORGETTING: f64 = 4.909093465297727e-91
const FORGOTTEN: f64 = 3.872591914849318e-121
/** Where each state follows each, 2^-500 is a first row that has lost nothing of account. */
const FIRST: f64 = 3.054936363499605e-151

/**
 * Tells where steps are: the first states, the transitions and, behind them, their transpose, counts to add to and two rows
 * to work with. For Viterbi they are logarithms.
 */
export function useChain(number: u32, address: usize): void {
  states = number
  stride = ((states + 1) >> 1) * LANES
  initial = address
  transitions = initial + stride
  transposed = transitions + states * stride
  counts = transposed + states * stride
  first = counts + states * stride
  second = first + stride
}

/** Two columns of a row that is not padded. */
function pairOf(source: usize, state: usize): v128 {
  const address = source + state * NUMBER
  return state + 1 < states ? v128.load(address) : f64x2(load<f64>(address), -Infinity)
}

/** The same of three or four states, without loops. What pads three is 0, and what it is multiplied with is finite. */
function multiplyFour(row: usize, m: usize, target: usize): void {
  const w = v128.load_splat<f64>(row)
  const x = v128.load_splat<f64>(row, 8)
  const y = v128.load_splat<f64>(row, 16)
  const z = v128.load_splat<f64>(row, 24)
  const a = madd(x, v128.load(m, 32), f64x2.mul(w, v128.load(m)))
  const b = madd(x, v128.load(m, 48), f64x2.mul(w, v128.load(m, 16)))
  const c = madd(z, v128.load(m, 96), f64x2.mul(y, v128.load(m, 64)))
  const d = madd(z, v128.load(m, 112), f64x2.mul(y, v128.load(m, 80)))
  v128.store(target, f64x2.add(a, c))
  v128.store(target, f64x2.add(b, d), 16)
}

/** Leaves a row times a matrix: the sum of row i of the matrix times number i. */
function multiply(row: usize, matrix: usize, target: usize): void {
  if (stride == 2 * LANES) return multiplyFour(row, matrix, target)
  const end = row + states * NUMBER
  let column: usize = 0
  for (; column + 2 * LANES <= stride; column += 2 * LANES) {
    let a = f64x2.splat(0)
    let b = a
    let m = matrix + column
    for (let x = row; x < end; x += NUMBER) {
      const value = v128.load_splat<f64>(x)
      a = madd(value, v128.load(m), a)
      b = madd(value, v128.load(m, 16), b)
      m += stride
    }
    v128.store(target + column, a)
    v128.store(target + column, b, 16)
  }
  if (column < stride) {
    let a = f64x2.splat(0)
    let m = matrix + column
    for (let x = row; x < end; x += NUMBER) {
      a = madd(v128.load_splat<f64>(x), v128.load(m), a)
      m += stride
    }
    v128.store(target + column, a)
  }
}

/** Leaves exp(l - maximum) of the log densities l of rows, at least e^-690 of those that are finite, and adds the maxima. */
function emissions(source: usize, rows: usize, target: usize): void {
  for (let row: usize = 0; row < rows; row++) {
    let most = f64x2.splat(-Infinity)
    for (let state: usize = 0; state < states; state += 2) most = f64x2.pmax(most, pairOf(source, state))
    const maximum = Math.max(f64x2.extract_lane(most, 0), f64x2.extract_lane(most, 1))
    const subtracted = f64x2.splat(maximum)
    maxima += maximum
    for (let state: usize = 0; state < states; state += 2) {
      const logs = pairOf(source, state)
      const possible = f64x2.gt(logs, f64x2.splat(-Infinity))
      v128.store(target + state * NUMBER, v128.and(exponential(f64x2.sub(logs, subtracted)), possible))
    }
    source += states * NUMBER
    target += stride
  }
}

/** What became of rows of a sequence: all is well; a probability is lost; they are impossible. */
const WELL: u32 = 0
const LOST: u32 = 1
const IMPOSSIBLE: u32 = 2

/** Rows of which densities are computed before they are used. */
const AT_ONCE: usize = 64

/** Begins a sequence. */
export function beginSequence(): void {
  maxima = 0
  exponents = 0
  product = 1
  risk = 0
}

/** Leaves the log-likelihood of a sequence in parts at `target`. */
export function endSequence(target: usize): void {
  store<f64>(target, maxima)
  store<f64>(target, exponents, 8)
  store<f64>(target, product, 16)
}

/** How probabilities may be lost: see `Probable` of the host. */
const NEVER: u32 = 0
const EVERYWHERE: u32 = 2

/**
 * Filtered probabilities of rows of a sequence from their log densities, which are not padded. `before` are those of the row before
 * them, or 0 where they come first.
 */
export function filter(source: usize, rows: u32, target: usize, before: usize, loses: u32): u32 {
  const zero = f64x2.splat(0)
  const least = f64x2.splat(LEAST)
  for (let left: usize = rows; left > 0; ) {
    const count = min(left, AT_ONCE)
    emissions(source, count, target)
    source += count * states * NUMBER
    left -= count
    for (let row: usize = 0; row < count; row++) {
      const isFirst = before == 0
      let predicted = initial
      if (!isFirst) {
        multiply(before, transitions, first)
        predicted = first
      }
      let sums = zero
      let lost = zero
      let lowest = f64x2.splat(1)
      for (let at: usize = 0; at < stride; at += LANES) {
        const p = v128.load(predicted + at)
        const e = v128.load(target + at)
        const found = f64x2.mul(p, e)
        lost = v128.or(lost, v128.and(v128.and(f64x2.gt(p, zero), f64x2.gt(e, zero)), f64x2.lt(found, least)))
        lowest = f64x2.pmin(lowest, p)
        v128.store(target + at, found)
        sums = f64x2.add(sums, found)
      }
      const sum = f64x2.extract_lane(sums, 0) + f64x2.extract_lane(sums, 1)
      const ratio = 1 / sum
      if (loses == NEVER) {
        if (isFirst && sum < FIRST) return LOST
        if (sum == 0) return IMPOSSIBLE
      } else {
        const share = Math.min(f64x2.extract_lane(lowest, 0), f64x2.extract_lane(lowest, 1))
        if (!isFirst && share > FORGETTING && risk < FORGOTTEN) risk = 0
        if (loses == EVERYWHERE || v128.any_true(lost)) risk += LOSS
        if (sum == 0) return risk > 0 ? LOST : IMPOSSIBLE
        risk *= ratio
        if (risk > MOST) return LOST
      }
      const factor = f64x2.splat(ratio)
      for (let at: usize = 0; at < stride; at += LANES)
        v128.store(target + at, f64x2.mul(v128.load(target + at), factor))
      product *= sum
      const bits = reinterpret<u64>(product)
      exponents += <f64>(<i32>(bits >> 52) - 1023)
      product = reinterpret<f64>((bits & 0x000fffffffffffff) | 0x3ff0000000000000)
      before = target
      target += stride
    }
  }
  return WELL
}

/** Adds a row times the ratios to the counts. */
function count(here: usize): void {
  let sum = counts
  const end = here + states * NUMBER
  if (stride == 2 * LANES) {
    const a = v128.load(first)
    const b = v128.load(first, 16)
    for (; here < end; here += NUMBER) {
      const filtered = v128.load_splat<f64>(here)
      v128.store(sum, madd(filtered, a, v128.load(sum)))
      v128.store(sum, madd(filtered, b, v128.load(sum, 16)), 16)
      sum += 2 * LANES
    }
    return
  }
  for (; here < end; here += NUMBER) {
    const filtered = v128.load_splat<f64>(here)
    for (let at: usize = 0; at < stride; at += LANES)
      v128.store(sum + at, madd(filtered, v128.load(first + at), v128.load(sum + at)))
    sum += stride
  }
}

/**
 * Probabilities of the states of a sequence in place of filtered ones. Over what is expected of each step, it adds to the counts
 * the sum of p(z_n = i) p(z_(n+1) = j | X) / p(z_(n+1) = j), to be multiplied with the probability of the step.
 */
export function smooth(address: usize, rows: u32): void {
  const zero = f64x2.splat(0)
  for (let next = address + (<usize>rows - 1) * stride; next > address; next -= stride) {
    const here = next - stride
    multiply(here, transitions, first)
    for (let at: usize = 0; at < stride; at += LANES) {
      const smoothed = v128.load(next + at)
      // What was not predicted has no probability after all.
      const ratio = v128.and(f64x2.div(smoothed, v128.load(first + at)), f64x2.gt(smoothed, zero))
      v128.store(first + at, ratio)
    }
    count(here)
    multiply(first, transposed, second)
    let sums = zero
    for (let at: usize = 0; at < stride; at += LANES) {
      const smoothed = f64x2.mul(v128.load(here + at), v128.load(second + at))
      v128.store(second + at, smoothed)
      sums = f64x2.add(sums, smoothed)
    }
    const ratio = f64x2.splat(1 / (f64x2.extract_lane(sums, 0) + f64x2.extract_lane(sums, 1)))
    for (let at: usize = 0; at < stride; at += LANES) v128.store(here + at, f64x2.mul(v128.load(second + at), ratio))
  }
}

/** Copies rows without their padding. */
export function narrow(source: usize, rows: u32, target: usize): void {
  for (let row: u32 = 0; row < rows; row++) {
    memory.copy(target, source, states * NUMBER)
    source += stride
    target += states * NUMBER
  }
}

/**
 * Log probabilities of the best path to each state, in the first of the rows to work with, and where each came from, numbers of 16
 * bits: over rows of a sequence, of which the first has none before it where `isFirst`.
 */
export function best(source: usize, rows: u32, from: usize, isFirst: bool): void {
  for (let row: u32 = 0; row < rows; row++) {
    for (let state: usize = 0; state < states; state += 2) {
      const at = state * NUMBER
      let highest = v128.load(initial + at)
      let origin = i64x2.splat(0)
      if (!isFirst) {
        highest = f64x2.splat(-Infinity)
        let m = transitions + at
        for (let i: usize = 0; i < states; i++) {
          const reached = f64x2.add(v128.load_splat<f64>(first + i * NUMBER), v128.load(m))
          const isHigher = f64x2.gt(reached, highest)
          highest = v128.bitselect(reached, highest, isHigher)
          origin = v128.bitselect(i64x2.splat(<i64>i), origin, isHigher)
          m += stride
        }
      }
      v128.store(second + at, f64x2.add(highest, pairOf(source, state)))
      store<u16>(from + state * 2, <u16>i64x2.extract_lane(origin, 0))
      if (state + 1 < states) store<u16>(from + state * 2, <u16>i64x2.extract_lane(origin, 1), 2)
    }
    const found = second
    second = first
    first = found
    isFirst = false
    source += states * NUMBER
    from += states * 2
  }
}

/** Where the log probabilities of the best paths are. */
export function bestAddress(): usize {
  return first
}
