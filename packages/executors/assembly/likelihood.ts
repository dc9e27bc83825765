import { accumulate, madd } from './arithmetic'
import { LANES, layout, PANEL, weightsOf } from './layout'
import { exponent, log2, mantissa } from './log2'

// Three pairs of lanes, whose sum is the base-2 log-likelihood once the logarithm of the third is taken.
const MAXIMA: usize = 0
const EXPONENTS: usize = LANES
const PRODUCT: usize = 2 * LANES

/** Starts the partial log-likelihood of a range of blocks: maxima and exponents 0, product 1. */
export function clearLikelihood(partial: usize): void {
  v128.store(partial + MAXIMA, f64x2.splat(0))
  v128.store(partial + EXPONENTS, f64x2.splat(0))
  v128.store(partial + PRODUCT, f64x2.splat(1))
}

/** Adds the maximum and log2 of the sum of every row of a block; rows of weight zero count nothing. */
export function likelihood(block: u32, panels: usize, partial: usize): void {
  if (layout.weighted) logarithms(weightsOf(block), panels, partial)
  else products(weightsOf(block), panels, partial)
}

/**
 * The logarithm of a product instead of one per row: every sum lies in [1, K], so two factors cannot leave the range
 * before the exponent is taken out. A row without any density counts through its maximum of -Infinity alone.
 */
function products(weights: usize, panels: usize, partial: usize): void {
  let product = v128.load(partial + PRODUCT)
  let exponents = i64x2.splat(0)
  let total = f64x2.splat(0)
  for (let n: usize = 0; n < panels * PANEL; n += PANEL) {
    const a = f64x2.gt(v128.load(weights + n), f64x2.splat(0))
    const b = f64x2.gt(v128.load(weights + n, 16), f64x2.splat(0))
    product = f64x2.mul(product, factor(v128.load(layout.sums + n), a))
    product = f64x2.mul(product, factor(v128.load(layout.sums + n, 16), b))
    exponents = i64x2.add(exponents, exponent(product))
    product = mantissa(product)
    total = f64x2.add(total, v128.and(v128.load(layout.maxima + n), a))
    total = f64x2.add(total, v128.and(v128.load(layout.maxima + n, 16), b))
  }
  v128.store(partial + PRODUCT, product)
  accumulate(partial + EXPONENTS, f64x2(<f64>i64x2.extract_lane(exponents, 0), <f64>i64x2.extract_lane(exponents, 1)))
  accumulate(partial + MAXIMA, total)
}

function logarithms(weights: usize, panels: usize, partial: usize): void {
  let total = f64x2.splat(0)
  for (let n: usize = 0; n < panels * PANEL; n += LANES) {
    const weight = v128.load(weights + n)
    const counted = f64x2.gt(weight, f64x2.splat(0))
    const value = f64x2.add(v128.load(layout.maxima + n), log2(factor(v128.load(layout.sums + n), counted)))
    total = madd(weight, v128.and(value, counted), total)
  }
  accumulate(partial + MAXIMA, total)
}

/** The sum of a row that counts and has a density; otherwise 1. */
function factor(sum: v128, counted: v128): v128 {
  const one = f64x2.splat(1)
  return v128.bitselect(f64x2.pmax(one, sum), one, counted)
}
