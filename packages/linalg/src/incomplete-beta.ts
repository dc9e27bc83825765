import betainc from '@stdlib/math-base-special-betainc'
import { regularizedGamma } from './incomplete-gamma.js'
import { excessOfLog, poissonDivergence } from './itakura-saito.js'
import { erfc, logGammaWeight } from './special.js'
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

/** Where one parameter alone is above this, betainc loses digits, since it takes the rounded 1 - x to a large power. */
const UNEVEN_PARAMETERS = 1e3

/**
 * For a small a beside a large b: the lower tail by a series of positive terms, the upper one by quadrature. Weights are told
 * by the deviation a - (a + b) x, which only takes the smaller of x and y. Source: NIST DLMF, 8.17.8.
 */
const unevenBeta = (a: number, b: number, x: number, y: number, tail: Tail): number => {
  const total = a + b
  const constant = logGammaWeight(a)(a) + logGammaWeight(b)(b) - logGammaWeight(total)(total)
  const logWeight = (u: number, deviation: number): number =>
    constant - poissonDivergence(a, total * u) - b * excessOfLog(deviation / b)
  const deviation = x < y ? a - total * x : total * y - b
  if (deviation > 0) {
    let [term, sum] = [1, 1]
    for (let n = 0; term > 1e-17 * sum; n++) {
      term *= ((total + n) / (a + 1 + n)) * x
      sum += term
    }
    return ofTail('lower', (Math.exp(logWeight(x, deviation)) * sum) / a, tail)
  }
  const scale = reach((a - 1) / x - (b - 1) / y, Math.sqrt(((a / total) * (b / total)) / (total + 1)))
  const mass = integrateTail(t => {
    const [u, v] = [x + scale * t, y - scale * t]
    return v > 0 ? Math.exp(logWeight(u, deviation - total * (scale * t))) / u / v : 0
  })
  return ofTail('upper', scale * mass, tail)
}

/** Above this a parameter is as good as infinite: what it is limited by is known to the last digit. */
const VAST_PARAMETERS = 1e30

/** Of a vast b, b x is a gamma, or a normal where a is vast, too. */
const vastBeta = (a: number, b: number, x: number, y: number, tail: Tail): number => {
  if (a <= VAST_PARAMETERS) return regularizedGamma(a, b * (x < y ? -Math.log1p(-x) : -Math.log(y)), tail)
  const [shareA, shareB] = [a / Math.max(a, b), b / Math.max(a, b)]
  const z = (x * shareB - y * shareA) * Math.sqrt((shareA + shareB) / shareA / shareB) * Math.sqrt(Math.max(a, b))
  return 0.5 * erfc((tail === 'lower' ? -z : z) / Math.SQRT2)
}

/** Next to 0 a parameter a is seen in the upper tail alone, which is proportional to it. */
const TINY_PARAMETER = 1e-20

const tinyBeta = (a: number, b: number, x: number, y: number, tail: Tail): number => {
  const [small, large] = [Math.min(a, b), Math.max(a, b)]
  // Of two such parameters all mass is at the ends.
  if (large < TINY_PARAMETER) return (tail === 'lower' ? b : a) / (a + b)
  if (a < b === (tail === 'lower')) return 1
  const [raisedA, raisedB] = a < b ? [TINY_PARAMETER, b] : [a, TINY_PARAMETER]
  return (small / TINY_PARAMETER) * regularizedBeta(raisedA, raisedB, x, y, tail)
}

const other = (tail: Tail): Tail => (tail === 'lower' ? 'upper' : 'lower')

/**
 * Gives the regularised incomplete beta function I_x(a, b) (lower) or 1 - I_x(a, b) (upper), a probability, for a, b > 0 and x
 * = 1 - y from 0 to 1, each to its own digits. Both x and y are asked for, since 1 - x would not hold a small y.
 * Source: NIST DLMF, 8.17.2.
 */
export const regularizedBeta = (a: number, b: number, x: number, y: number, tail: Tail): number => {
  if (x <= 0 || y <= 0) return x <= 0 === (tail === 'upper') ? 1 : 0
  if (x > y) return regularizedBeta(b, a, y, x, other(tail))
  if (Math.min(a, b) < TINY_PARAMETER) return tinyBeta(a, b, x, y, tail)
  if (Math.max(a, b) > VAST_PARAMETERS) return a < b ? vastBeta(a, b, x, y, tail) : vastBeta(b, a, y, x, other(tail))
  if (Math.min(a, b) > LARGE_PARAMETERS) return largeBeta(a, b, x, y, tail)
  if (Math.max(a, b) > UNEVEN_PARAMETERS && Math.min(a, b) >= 1)
    return a < b ? unevenBeta(a, b, x, y, tail) : unevenBeta(b, a, y, x, other(tail))
  // The tail beside the smaller of x and y has its own digits; of the other one, nearly 1, betainc loses some.
  const lower = betainc(x, a, b, true, false)
  return tail === 'lower' || lower <= 0.5 ? ofTail('lower', lower, tail) : betainc(x, a, b, true, true)
}
