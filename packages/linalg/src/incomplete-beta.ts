import { aboveNormal, regularizedGamma } from './incomplete-gamma.js'
import { excessOfLog, poissonDivergence } from './itakura-saito.js'
import { logGamma, logGammaDifference, logGammaWeight } from './special.js'
import { integrateTail, ofTail, reach, type Tail } from './tail.js'

/** Where both parameters are above, the steps of a fraction would be many. */
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

/** The logarithm of x^a y^b / B(a, b) / a, where the smaller of x and y = 1 - x alone is taken, which has the digits of both. */
const logShare = (a: number, b: number, x: number, y: number): number => {
  if (a < 1) {
    const logs = x < y ? a * Math.log(x) + b * Math.log1p(-x) : a * Math.log1p(-y) + b * Math.log(y)
    return logs + logGammaDifference(b, a) - logGamma(a + 1)
  }
  if (b < 1) return logShare(b, a, y, x) + Math.log(b / a)
  const total = a + b
  const constant = logGammaWeight(a)(a) + logGammaWeight(b)(b) - logGammaWeight(total)(total)
  const deviation = x < y ? a - total * x : total * y - b
  const [small, large, share, sign] = x < y ? [a, b, x, 1] : [b, a, y, -1]
  return (
    constant - poissonDivergence(small, total * share) - large * excessOfLog((sign * deviation) / large) - Math.log(a)
  )
}

/** I_x(a, b) by a continued fraction, for x below about the mean. Source: Didonato and Morris, Algorithm 708 (1992), equation 9. */
const below = (a: number, b: number, x: number, y: number): number => {
  const total = a + b
  const excess = x < y ? a - total * x : total * y - b
  let f = (excess + 1) / (a + 1)
  let c = f
  let d = 0
  for (let m = 1, change = 0; Math.abs(change - 1) > 1e-16 && m < 5000; m++) {
    const by = a + 2 * m - 1
    const rest = ((m * (b - m)) / by) * x
    // The first numerator is without its factor a, as what is divided is.
    const numerator = (m === 1 ? 1 : a + m - 1) * ((total + m - 1) / by) * rest * x
    const denominator = m + rest + ((a + m) * (excess + 1 + m * (1 + y))) / (by + 2)
    d = 1 / (denominator + numerator * d)
    c = denominator + numerator / c
    change = c * d
    f *= change
  }
  return Math.exp(logShare(a, b, x, y)) / f
}

/** 1 - I_x(a, b) for a < 1 and x next to 0: what is above a cut, and what is from x to it by a series. Source: NIST DLMF, 8.17.7. */
const aboveNearZero = (a: number, b: number, x: number, cut: number): number => {
  let [power, powerOfCut] = [x ** a, cut ** a]
  let [term, sum] = [1, (-powerOfCut * Math.expm1(a * Math.log(x / cut))) / a]
  for (let n = 1; Math.abs(term) * powerOfCut > 1e-18 * sum && n < 1000; n++) {
    term *= 1 - b / n
    power *= x
    powerOfCut *= cut
    sum += (term * (powerOfCut - power)) / (a + n)
  }
  return below(b, a, 1 - cut, cut) + a * sum * Math.exp(logGammaDifference(b, a) - logGamma(a + 1))
}

/** For x <= y. */
const smallBeta = (a: number, b: number, x: number, y: number, tail: Tail): number => {
  if (x < (a + 1) / (a + b + 2) && (a >= 1 || tail === 'lower')) return ofTail('lower', below(a, b, x, y), tail)
  const cut = 1 / (1 + Math.max(b, 1))
  return ofTail('upper', a < 1 && x < cut ? aboveNearZero(a, b, x, cut) : below(b, a, y, x), tail)
}

/** Above this a parameter is as good as infinite: what it is limited by is known to the last digit. */
const VAST_PARAMETERS = 1e30

/** Of a vast b, b x is a gamma, or a normal where a is vast, too. */
const vastBeta = (a: number, b: number, x: number, y: number, tail: Tail): number => {
  if (a <= VAST_PARAMETERS) return regularizedGamma(a, b * (x < y ? -Math.log1p(-x) : -Math.log(y)), tail)
  const [shareA, shareB] = [a / Math.max(a, b), b / Math.max(a, b)]
  const z = (x * shareB - y * shareA) * Math.sqrt((shareA + shareB) / shareA / shareB) * Math.sqrt(Math.max(a, b))
  return aboveNormal(tail === 'lower' ? -z : z)
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
  return smallBeta(a, b, x, y, tail)
}
