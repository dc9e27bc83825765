import { regularizedGamma } from '@conjugate/linalg'
import type { Poisson } from '../families/poisson.js'
import { type Cumulative, cumulativeOfCounts } from './cumulative.js'

/**
 * Cumulative probabilities of the Poisson: at most x events come while a gamma of the shape x + 1 is above the rate, Q(x + 1,
 * rate). Source: NIST DLMF, 8.4.10.
 */
export const poissonCumulative: Cumulative<Poisson> = cumulativeOfCounts(
  'Poisson',
  ({ rate }) =>
    (x, tail) =>
      regularizedGamma(x + 1, rate, tail === 'lower' ? 'upper' : 'lower'),
)
