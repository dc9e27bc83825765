import { exp2 } from './exp2'
import { blockStride, layout, PANEL, weightsOf } from './layout'

/**
 * For every row of a block: the maximum of its logits, their exponentials less that maximum (in place), the sum of
 * these, and the row weight over that sum. Where all logits are -Infinity, sum and ratio are 0.
 */
export function softmax(block: u32, panels: usize): void {
  const stride = blockStride()
  const logits = layout.logits
  const offset = <usize>layout.components * stride
  const weights = weightsOf(block)
  const maxima = layout.maxima
  const sums = layout.sums
  const ratios = layout.ratios
  const zero = f64x2.splat(0)
  for (let n: usize = 0; n < panels * PANEL; n += PANEL) {
    const first = logits + n
    const end = first + offset
    let ma = f64x2.splat(-Infinity)
    let mb = f64x2.splat(-Infinity)
    for (let l = first; l < end; l += stride) {
      ma = f64x2.pmax(ma, v128.load(l))
      mb = f64x2.pmax(mb, v128.load(l, 16))
    }
    let sa = zero
    let sb = zero
    for (let l = first; l < end; l += stride) {
      const ea = exp2(f64x2.sub(v128.load(l), ma))
      v128.store(l, ea)
      sa = f64x2.add(sa, ea)
      const eb = exp2(f64x2.sub(v128.load(l, 16), mb))
      v128.store(l, eb, 16)
      sb = f64x2.add(sb, eb)
    }
    v128.store(maxima + n, ma)
    v128.store(maxima + n, mb, 16)
    v128.store(sums + n, sa)
    v128.store(sums + n, sb, 16)
    v128.store(ratios + n, v128.and(f64x2.div(v128.load(weights + n), sa), f64x2.gt(sa, zero)))
    v128.store(ratios + n, v128.and(f64x2.div(v128.load(weights + n, 16), sb), f64x2.gt(sb, zero)), 16)
  }
}
