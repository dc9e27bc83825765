import type { Bernoulli } from '../families/bernoulli.js'
import { type Cumulative, cumulative } from './cumulative.js'

/** Cumulative probabilities of the Bernoulli: from 0 to 1 only the failure is below. */
export const bernoulliCumulative: Cumulative<Bernoulli> = cumulative(
  ({ probability }) =>
    (_, tail) =>
      tail === 'lower' ? 1 - probability : probability,
  0,
  1,
)
