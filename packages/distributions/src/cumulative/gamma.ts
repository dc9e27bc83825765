import { regularizedGamma } from '@conjugate/linalg'
import type { Gamma } from '../families/gamma.js'
import { type Cumulative, cumulative } from './cumulative.js'

/** Cumulative probabilities of the gamma: P(a, b x) and Q(a, b x). Source: NIST DLMF, 8.2.4. */
export const gammaCumulative: Cumulative<Gamma> = cumulative({
  name: 'Gamma',
  mass:
    ({ shape, rate }) =>
    (x, tail) =>
      regularizedGamma(shape, rate * x, tail),
  low: 0,
})
