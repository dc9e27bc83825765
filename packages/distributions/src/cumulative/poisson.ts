import { regularizedGamma } from '@conjugate/linalg'
import type { Poisson } from '../families/poisson.js'
import { type Cumulative, cumulativeOfCounts } from './cumulative.js'

/** Of the Poisson: at most x events come while the gamma of shape x + 1 is above the rate, Q(x + 1, rate). */
export const poissonCumulative: Cumulative<Poisson> = cumulativeOfCounts(
  ({ rate }) =>
    (x, tail) =>
      regularizedGamma(x + 1, rate, tail === 'lower' ? 'upper' : 'lower'),
)
