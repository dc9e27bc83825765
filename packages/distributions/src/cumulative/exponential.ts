import type { Exponential } from '../families/exponential.js'
import { type Cumulative, cumulative } from './cumulative.js'

/** Cumulative probabilities of the exponential distribution, whose upper tail is e^(-rate x); its quantiles are in closed form. */
export const exponentialCumulative: Cumulative<Exponential> = cumulative({
  name: 'Exponential',
  mass:
    ({ rate }) =>
    (x, tail) =>
      tail === 'lower' ? -Math.expm1(-rate * x) : Math.exp(-rate * x),
  low: 0,
  inverse:
    ({ rate }) =>
    (mass, tail) =>
      -(tail === 'lower' ? Math.log1p(-mass) : Math.log(mass)) / rate,
})
