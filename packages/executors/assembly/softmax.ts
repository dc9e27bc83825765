import { exponentials, lesserExponentials, plainTwoComponents, weightedTwoComponents } from './functions.generated'
import { blockStride, hasWeights, layout, weightsOf } from './layout'
import { LANES } from './memory.generated'

/**
 * For every row of a block: the maximum of so many logits, their exponentials less that maximum (in place), the sum of
 * these, and the row weight over that sum. Where all logits are -Infinity, sum and ratio are 0.
 */
export function softmax(block: u32, pairs: usize, components: u32): void {
  const stride = blockStride()
  const bytes = pairs * LANES
  const logits = layout.logits
  const end = logits + components * stride
  findMaxima(logits, end, stride, layout.maxima, layout.sums, bytes)
  for (let l = logits; l < end; l += stride) exponentials(l, layout.maxima, layout.sums, bytes)
  divideWeights(weightsOf(block), layout.sums, layout.ratios, bytes)
}

/** The same of two components, apart from maxima and sums, with their likelihood. */
export function softmaxOfTwo(block: u32, pairs: usize, partial: usize): void {
  const first = layout.logits
  const second = first + blockStride()
  const weights = weightsOf(block)
  const bytes = pairs * LANES
  lesserExponentials(first, second, layout.ratios, bytes)
  if (hasWeights(block)) weightedTwoComponents(first, second, layout.ratios, weights, bytes, partial)
  else plainTwoComponents(first, second, layout.ratios, weights, bytes, partial)
}

/** Finds the maxima, four pairs at a time, and clears the sums. */
function findMaxima(logits: usize, end: usize, stride: usize, maxima: usize, sums: usize, bytes: usize): void {
  const zero = f64x2.splat(0)
  for (const last = logits + bytes; logits < last; logits += 4 * LANES) {
    let a = f64x2.splat(-Infinity)
    let b = a
    let c = a
    let d = a
    for (let l = logits; l < end; l += stride) {
      a = f64x2.pmax(a, v128.load(l))
      b = f64x2.pmax(b, v128.load(l, 16))
      c = f64x2.pmax(c, v128.load(l, 32))
      d = f64x2.pmax(d, v128.load(l, 48))
    }
    v128.store(maxima, a)
    v128.store(maxima, b, 16)
    v128.store(maxima, c, 32)
    v128.store(maxima, d, 48)
    v128.store(sums, zero)
    v128.store(sums, zero, 16)
    v128.store(sums, zero, 32)
    v128.store(sums, zero, 48)
    maxima += 4 * LANES
    sums += 4 * LANES
  }
}

function divideWeights(weights: usize, sums: usize, ratios: usize, bytes: usize): void {
  for (const end = sums + bytes; sums < end; sums += LANES) {
    const sum = v128.load(sums)
    const positive = f64x2.gt(sum, f64x2.splat(0))
    v128.store(ratios, v128.and(f64x2.div(v128.load(weights), sum), positive))
    weights += LANES
    ratios += LANES
  }
}
