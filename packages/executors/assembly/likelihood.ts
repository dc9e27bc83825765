import { accumulate, mantissa } from './arithmetic'
import { logarithms } from './functions.generated'
import { LANES, layout, weightsOf } from './layout'

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
export function likelihood(block: u32, pairs: usize, partial: usize): void {
  const weights = weightsOf(block)
  const bytes = pairs * LANES
  if (layout.weighted) logarithms(layout.sums, layout.maxima, weights, bytes, partial + MAXIMA)
  else products(weights, bytes, partial)
}

/**
 * The logarithm of a product instead of one per row: every sum lies in [1, K], so that four factors cannot leave the
 * range before the exponent is taken out. A row without any density counts through its maximum of -Infinity alone.
 */
function products(weights: usize, bytes: usize, partial: usize): void {
  const sums = layout.sums
  const maxima = layout.maxima
  const zero = f64x2.splat(0)
  let product = v128.load(partial + PRODUCT)
  let exponents = i64x2.splat(0)
  let total = zero
  for (let n: usize = 0; n < bytes; n += 4 * LANES) {
    const a = f64x2.gt(v128.load(weights + n), zero)
    const b = f64x2.gt(v128.load(weights + n, 16), zero)
    const c = f64x2.gt(v128.load(weights + n, 32), zero)
    const d = f64x2.gt(v128.load(weights + n, 48), zero)
    const ab = f64x2.mul(factor(v128.load(sums + n), a), factor(v128.load(sums + n, 16), b))
    const cd = f64x2.mul(factor(v128.load(sums + n, 32), c), factor(v128.load(sums + n, 48), d))
    product = f64x2.mul(product, f64x2.mul(ab, cd))
    exponents = i64x2.add(exponents, i64x2.sub(i64x2.shr_u(product, 52), i64x2.splat(1023)))
    product = mantissa(product)
    const maximumAB = f64x2.add(v128.and(v128.load(maxima + n), a), v128.and(v128.load(maxima + n, 16), b))
    const maximumCD = f64x2.add(v128.and(v128.load(maxima + n, 32), c), v128.and(v128.load(maxima + n, 48), d))
    total = f64x2.add(total, f64x2.add(maximumAB, maximumCD))
  }
  v128.store(partial + PRODUCT, product)
  accumulate(partial + EXPONENTS, f64x2(<f64>i64x2.extract_lane(exponents, 0), <f64>i64x2.extract_lane(exponents, 1)))
  accumulate(partial + MAXIMA, total)
}

/** The sum of a row that counts and has a density; otherwise 1. */
function factor(sum: v128, counted: v128): v128 {
  return f64x2.pmax(f64x2.splat(1), v128.and(sum, counted))
}
