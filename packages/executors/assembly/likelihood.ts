import { plainLikelihood, weightedLikelihood } from './functions.generated'
import { hasWeights, layout, weightsOf } from './layout'
import { LANES } from './memory.generated'

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
  if (hasWeights(block)) weightedLikelihood(layout.sums, layout.maxima, weights, bytes, partial)
  else plainLikelihood(layout.sums, layout.maxima, weights, bytes, partial)
}
