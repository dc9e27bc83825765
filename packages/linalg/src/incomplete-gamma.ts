import gammainc from '@stdlib/math-base-special-gammainc'
import { erfc, logGammaWeight } from './special.js'
import { integrateTail, ofTail, reach, type Tail } from './tail.js'

/** From a shape of 400 on, gammainc 0.3.1 of stdlib has two digits where x is near it; below this it is within 1e-13. */
const LARGE_SHAPE = 200

const TINY_SHAPE = 1e-20

/** From here on a gamma is a normal to the last digit, and its spread is below the rounding of its mean. */
const VAST_SHAPE = 1e30

/** The share of a gamma density of a large shape below or above x. */
const largeGamma = (a: number, x: number, tail: Tail): number => {
  const logWeight = logGammaWeight(a)
  const side = x < a ? 'lower' : 'upper'
  const scale = reach((a - 1) / x - 1, Math.sqrt(a)) * (side === 'lower' ? -1 : 1)
  const mass = integrateTail(t => {
    const y = x + scale * t
    return y > 0 ? Math.exp(logWeight(y)) / y : 0
  })
  return ofTail(side, Math.abs(scale) * mass, tail)
}

/**
 * Gives the regularised incomplete gamma function P(a, x) (lower) or Q(a, x) (upper), a probability, for a > 0 and x >= 0,
 * each to its own digits.
 * Source: NIST DLMF, 8.2.4.
 */
export const regularizedGamma = (a: number, x: number, tail: Tail): number => {
  if (x === 0 || x === Number.POSITIVE_INFINITY) return (x === 0) === (tail === 'upper') ? 1 : 0
  if (a > VAST_SHAPE) {
    const z = (x / Math.sqrt(a) - Math.sqrt(a)) / Math.SQRT2
    return 0.5 * erfc(tail === 'lower' ? -z : z)
  }
  // Of such a shape nearly all is below, and what is above is proportional to it.
  if (a < TINY_SHAPE) return tail === 'lower' ? 1 : (a / TINY_SHAPE) * gammainc(x, TINY_SHAPE, true, true)
  return a > LARGE_SHAPE ? largeGamma(a, x, tail) : gammainc(x, a, true, tail === 'upper')
}
