import type { Exponential } from '../families/exponential.js'
import { type Cumulative, cumulative } from './cumulative.js'

/** Cumulative probabilities of the exponential distribution, whose upper tail is e^(-rate x). */
export const exponentialCumulative: Cumulative<Exponential> = cumulative(
  ({ rate }) =>
    (x, tail) =>
      tail === 'lower' ? -Math.expm1(-rate * x) : Math.exp(-rate * x),
  0,
)
