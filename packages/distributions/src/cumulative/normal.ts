import { erfc } from '@conjugate/linalg'
import type { Normal } from '../families/normal.js'
import { type Cumulative, cumulative } from './cumulative.js'

/** Cumulative probabilities of the normal: erfc(-+z / sqrt 2) / 2. Source: NIST DLMF, 7.17.4. */
export const normalCumulative: Cumulative<Normal> = cumulative(({ mean, variance }) => {
  const spread = Math.sqrt(2 * variance)
  return (x, tail) => 0.5 * erfc((tail === 'lower' ? mean - x : x - mean) / spread)
})
