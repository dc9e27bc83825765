// The partial sums of a range of blocks, two lanes each, from their start to one number each.
import { accumulate } from './arithmetic'
import { layout } from './layout'
import { clearLikelihood } from './likelihood'
import { LANES, NUMBER, PRODUCT } from './memory.generated'
import { foldProduct } from './product'

export function clearSums(totals: usize): void {
  for (let address = layout.partials; address < totals; address += LANES) v128.store(address, f64x2.splat(0))
  clearLikelihood(totals)
}

/** Makes one number of every two lanes; returns where the next ones go. */
export function fold(source: usize, end: usize, target: usize): usize {
  for (; source < end; source += LANES) {
    store<f64>(target, load<f64>(source) + load<f64>(source, 8))
    target += NUMBER
  }
  return target
}

/** The same of all sums before `totals`, and of the likelihood behind them: the sum, and of the very last pair the product. */
export function foldLanes(totals: usize, target: usize): void {
  const likelihood = target + <usize>layout.components * layout.numbers * NUMBER
  if (layout.kind == PRODUCT) foldProduct(target)
  else fold(layout.partials, totals, target)
  const last = totals + 2 * LANES
  fold(totals, last, likelihood)
  store<f64>(likelihood + 2 * NUMBER, load<f64>(last) * load<f64>(last, 8))
}

/** Adds numbers to as many others, two at a time: where their count is odd, one more. */
export function addNumbers(source: usize, count: usize, target: usize): void {
  for (const end = source + count * NUMBER; source < end; source += LANES) {
    accumulate(target, v128.load(source))
    target += LANES
  }
}
