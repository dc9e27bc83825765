import betainc from '@stdlib/math-base-special-betainc'
import { logGammaWeight } from './special.js'
import { integrateTail, ofTail, reach, type Tail } from './tail.js'

/** Where both parameters are above, betainc 0.2.3 of stdlib loses digits: to 4e-11 at 1e6 and 3e-4 at 1e8. */
const LARGE_PARAMETERS = 1e3

/** The share of a beta density of large parameters below or above x = 1 - y. */
const largeBeta = (a: number, b: number, x: number, y: number, tail: Tail): number => {
  const total = a + b
  const [weightA, weightB, weightTotal] = [logGammaWeight(a), logGammaWeight(b), logGammaWeight(total)(total)]
  const side = x < a / total ? 'lower' : 'upper'
  const deviation = Math.sqrt(((a / total) * (b / total)) / (total + 1))
  const scale = reach((a - 1) / x - (b - 1) / y, deviation) * (side === 'lower' ? -1 : 1)
  const mass = integrateTail(t => {
    const [u, v] = [x + scale * t, y - scale * t]
    return u > 0 && v > 0 ? Math.exp(weightA(total * u) + weightB(total * v) - weightTotal) / u / v : 0
  })
  return ofTail(side, Math.abs(scale) * mass, tail)
}

/**
 * The regularised incomplete beta functions I_x(a, b) (lower) and 1 - I_x(a, b) (upper), for a, b > 0 and x = 1 - y from 0
 * to 1, each to its own digits; y is asked for since 1 - x would not hold a small one. Source: NIST DLMF, 8.17.2.
 */
export const regularizedBeta = (a: number, b: number, x: number, y: number, tail: Tail): number => {
  if (x <= 0 || y <= 0) return x <= 0 === (tail === 'upper') ? 1 : 0
  if (Math.min(a, b) > LARGE_PARAMETERS) return largeBeta(a, b, x, y, tail)
  return x < y ? betainc(x, a, b, true, tail === 'upper') : betainc(y, b, a, true, tail === 'lower')
}
