import { regularizedGamma } from '@conjugate/linalg'
import type { InverseGamma } from '../families/inverse-gamma.js'
import { type Cumulative, cumulative } from './cumulative.js'

/** Cumulative probabilities of the inverse gamma: x is below where 1/x, a gamma, is above. */
export const inverseGammaCumulative: Cumulative<InverseGamma> = cumulative({
  name: 'InverseGamma',
  mass:
    ({ shape, scale }) =>
    (x, tail) =>
      regularizedGamma(shape, scale / x, tail === 'lower' ? 'upper' : 'lower'),
  low: 0,
})
