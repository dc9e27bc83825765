import { accumulate } from './arithmetic'
import { LANES } from './memory.generated'

/** Makes responsibilities of the exponentials, and sums them. */
export function scaleByRatio(q: usize, ratios: usize, partial: usize, pairs: usize): void {
  let weight = f64x2.splat(0)
  for (const end = q + pairs * LANES; q < end; q += LANES) {
    const value = f64x2.mul(v128.load(q), v128.load(ratios))
    v128.store(q, value)
    weight = f64x2.add(weight, value)
    ratios += LANES
  }
  accumulate(partial, weight)
}
