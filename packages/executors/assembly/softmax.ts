import { exponentials } from './functions.generated'
import { blockStride, LANES, layout, PANEL, weightsOf } from './layout'

/**
 * For every row of a block: the maximum of its logits, their exponentials less that maximum (in place), the sum of
 * these, and the row weight over that sum. Where all logits are -Infinity, sum and ratio are 0.
 */
export function softmax(block: u32, panels: usize): void {
  const stride = blockStride()
  const bytes = panels * PANEL
  const end = layout.logits + layout.components * stride
  findMaxima(end, stride, bytes)
  for (let l = layout.logits; l < end; l += stride) exponentials(l, layout.maxima, layout.sums, bytes)
  divideWeights(weightsOf(block), bytes)
}

/** Finds the maxima, and clears the sums. */
function findMaxima(end: usize, stride: usize, bytes: usize): void {
  for (let n: usize = 0; n < bytes; n += PANEL) {
    let a = f64x2.splat(-Infinity)
    let b = f64x2.splat(-Infinity)
    for (let l = layout.logits + n; l < end; l += stride) {
      a = f64x2.pmax(a, v128.load(l))
      b = f64x2.pmax(b, v128.load(l, 16))
    }
    v128.store(layout.maxima + n, a)
    v128.store(layout.maxima + n, b, 16)
    v128.store(layout.sums + n, f64x2.splat(0))
    v128.store(layout.sums + n, f64x2.splat(0), 16)
  }
}

function divideWeights(weights: usize, bytes: usize): void {
  const sums = layout.sums
  const ratios = layout.ratios
  for (let n: usize = 0; n < bytes; n += LANES) {
    const sum = v128.load(sums + n)
    const positive = f64x2.gt(sum, f64x2.splat(0))
    v128.store(ratios + n, v128.and(f64x2.div(v128.load(weights + n), sum), positive))
  }
}
