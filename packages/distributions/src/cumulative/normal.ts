import { erfc } from '@conjugate/linalg'
import type { Normal } from '../families/normal.js'
import { type Cumulative, cumulative } from './cumulative.js'
import { inverseOfDistance, type Mass } from './invert.js'

/** erf by a series of positive terms, which has the digits of a small x. Source: NIST DLMF, 7.6.2. */
const erf = (x: number): number => {
  let [term, sum] = [x, x]
  for (let n = 1; term > 1e-17 * sum; n++) {
    term *= (2 * x * x) / (2 * n + 1)
    sum += term
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum
}

/** The mass of distances from the mean in units of sqrt(2) standard deviations. */
const ofDistance: Mass = (x, tail) => (tail === 'upper' ? erfc(x) : x < 1 ? erf(x) : 1 - erfc(x))

/** Cumulative probabilities of the normal: erfc(-+z / sqrt 2) / 2. Source: NIST DLMF, 7.17.4. */
export const normalCumulative: Cumulative<Normal> = cumulative({
  name: 'Normal',
  mass: ({ mean, variance }) => {
    const spread = Math.sqrt(2 * variance)
    return (x, tail) => 0.5 * erfc((tail === 'lower' ? mean - x : x - mean) / spread)
  },
  inverse: ({ mean, variance }) => inverseOfDistance(mean, Math.sqrt(2 * variance), ofDistance),
})
