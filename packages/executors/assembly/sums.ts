// The partial sums of a range of blocks, two lanes each, from their start to one number each.
import { layout } from './layout'
import { clearLikelihood } from './likelihood'
import { LANES, NUMBER } from './memory.generated'

export function clearSums(totals: usize): void {
  for (let address = layout.partials; address < totals; address += LANES) v128.store(address, f64x2.splat(0))
  clearLikelihood(totals)
}

/** Makes one number of every two lanes: the sum, and of the very last pair the product. */
export function foldLanes(totals: usize, target: usize): void {
  const last = totals + 2 * LANES
  for (let source = layout.partials; source < last; source += LANES) {
    store<f64>(target, load<f64>(source) + load<f64>(source, 8))
    target += NUMBER
  }
  store<f64>(target, load<f64>(last) * load<f64>(last, 8))
}
