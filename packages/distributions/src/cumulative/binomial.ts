import { regularizedBeta } from '@conjugate/linalg'
import type { Binomial } from '../families/binomial.js'
import { type Cumulative, cumulativeOfCounts } from './cumulative.js'

/**
 * Cumulative probabilities of the binomial: more than x successes come with probability I_p(x + 1, n - x). Source: NIST DLMF,
 * 8.17.5.
 */
export const binomialCumulative: Cumulative<Binomial> = cumulativeOfCounts(
  'Binomial',
  ({ count, probability }) =>
    (x, tail) => {
      if (x >= count) return tail === 'lower' ? 1 : 0
      return regularizedBeta(x + 1, count - x, probability, 1 - probability, tail === 'lower' ? 'upper' : 'lower')
    },
  ({ count }) => count,
)
