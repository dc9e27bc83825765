import { regularizedBeta } from '@conjugate/linalg'
import type { Beta } from '../families/beta.js'
import { type Cumulative, cumulative } from './cumulative.js'

/** Cumulative probabilities of the beta: I_x(a, b). Source: NIST DLMF, 8.17.2. */
export const betaCumulative: Cumulative<Beta> = cumulative({
  name: 'Beta',
  mass:
    ({ a, b }) =>
    (x, tail) =>
      regularizedBeta(a, b, x, 1 - x, tail),
  low: 0,
  high: 1,
})
