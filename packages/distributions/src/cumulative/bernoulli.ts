import type { Bernoulli } from '../families/bernoulli.js'
import { type Cumulative, cumulativeOfCounts } from './cumulative.js'

/** Cumulative probabilities of the Bernoulli: from 0 to 1 only the failure is below. */
export const bernoulliCumulative: Cumulative<Bernoulli> = cumulativeOfCounts(
  'Bernoulli',
  ({ probability }) =>
    (x, tail) => {
      const above = x >= 1 ? 0 : probability
      return tail === 'lower' ? 1 - above : above
    },
  () => 1,
)
