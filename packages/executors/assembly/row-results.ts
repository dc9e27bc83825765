// What is said of each row of a block by itself, once the softmax has left exponentials and their sums.
import { blockStride, layout, pairsOf } from './layout'
import { LANES, NUMBER } from './memory.generated'

/** Writes the responsibilities of a block where residuals were, the K of a row together; all are 0 where the sum is. */
export function divide(block: u32): void {
  const stride = blockStride()
  const bytes = <usize>layout.components * NUMBER
  let target = layout.residuals
  let sums = layout.sums
  let first = layout.logits
  for (const last = first + pairsOf(block) * LANES; first < last; first += LANES) {
    const sum = v128.load(sums)
    const positive = f64x2.gt(sum, f64x2.splat(0))
    let exponential = first
    for (const end = target + bytes; target < end; target += NUMBER) {
      const share = v128.and(f64x2.div(v128.load(exponential), sum), positive)
      v128.store64_lane(target, share, 0)
      v128.store64_lane(target + bytes, share, 1)
      exponential += stride
    }
    target += bytes
    sums += LANES
  }
}

/**
 * Draws a component for each row of a block by the two words of a seed and the place of the row, and leaves them where ratios are,
 * as 32-bit numbers; -1 where none is possible.
 */
export function draw(block: u32, low: u32, high: u32): void {
  const rows: usize = pairsOf(block) << 1
  const stride = blockStride()
  const place = block * 2 * layout.blockPairs
  for (let n: usize = 0; n < rows; n++) {
    let mass = layout.logits + n * NUMBER
    const sum = load<f64>(layout.sums + n * NUMBER)
    let label: i32 = -1
    if (sum > 0) {
      let rest = uniform(low, high, place + <u32>n) * sum
      for (let k: u32 = 0; k < layout.components && !(rest < 0); k++) {
        const own = load<f64>(mass)
        if (own > 0) {
          label = k
          rest -= own
        }
        mass += stride
      }
    }
    store<i32>(layout.ratios + (n << 2), label)
  }
}

/** The uniform number at a place of a seed: Philox, as in `src/contract/uniform.ts`. */
function uniform(low: u32, high: u32, place: u32): f64 {
  let key = low
  let a = place
  let b = high
  for (let round = 0; round < 10; round++) {
    const product = <u64>a * 0xd256d193
    a = <u32>(product >> 32) ^ key ^ b
    b = <u32>product
    key += 0x9e3779b9
  }
  return (<f64>(a >> 5) * 67108864 + <f64>(b >> 6)) * 1.1102230246251565e-16
}
