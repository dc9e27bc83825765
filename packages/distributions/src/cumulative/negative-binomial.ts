import { regularizedBeta } from '@conjugate/linalg'
import type { NegativeBinomial } from '../families/negative-binomial.js'
import { type Cumulative, cumulativeOfCounts } from './cumulative.js'

/**
 * Cumulative probabilities of the negative binomial: I_p(r, x + 1). Source: Johnson, Kemp and Kotz, Univariate Discrete
 * Distributions, 3rd ed. (2005), section 5.6.
 */
export const negativeBinomialCumulative: Cumulative<NegativeBinomial> = cumulativeOfCounts(
  'NegativeBinomial',
  ({ count, probability }) =>
    (x, tail) =>
      regularizedBeta(count, x + 1, probability, 1 - probability, tail),
)
