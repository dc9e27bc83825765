import type { Geometric } from '../families/geometric.js'
import { type Cumulative, cumulativeOfCounts } from './cumulative.js'

/** Cumulative probabilities of the geometric: more than x failures are x + 1 in a row, with probability (1 - p)^(x + 1). */
export const geometricCumulative: Cumulative<Geometric> = cumulativeOfCounts(
  'Geometric',
  ({ probability }) =>
    (x, tail) => {
      const log = (x + 1) * Math.log1p(-probability)
      return tail === 'lower' ? -Math.expm1(log) : Math.exp(log)
    },
)
