import { logGamma, logGammaWeight } from './special.js'
import { integrateTail, ofTail, reach, type Tail } from './tail.js'

/** From here on the steps of series and fractions would be many. */
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

/** Below it logarithms of gamma functions are small enough to be taken as they are. */
const STIRLING_SHAPE = 10

/** x^a e^-x / Gamma(a + 1). */
const weight = (a: number, x: number): number =>
  a < STIRLING_SHAPE ? Math.exp(a * Math.log(x) - x - logGamma(a + 1)) : Math.exp(logGammaWeight(a)(x)) / a

/** P(a, x) by a series of positive terms. Source: NIST DLMF, 8.11.4. */
const below = (a: number, x: number): number => {
  let [term, sum] = [1, 1]
  for (let n = 1; term > 1e-17 * sum; n++) {
    term *= x / (a + n)
    sum += term
  }
  return weight(a, x) * sum
}

/** Q(a, x) for x >= 1 and x >= a by a continued fraction. Source: NIST DLMF, 8.9.2, by the method of Lentz in 3.10. */
const above = (a: number, x: number): number => {
  let b = x + 1 - a
  let c = Number.POSITIVE_INFINITY
  let d = 1 / b
  let h = d
  for (let n = 1, change = 0; Math.abs(change - 1) > 1e-16 && n < 1000; n++) {
    const numerator = n * (a - n)
    b += 2
    d = 1 / (b + numerator * d)
    c = b + numerator / c
    change = c * d
    h *= change
  }
  return a * weight(a, x) * h
}

/**
 * Q(a, x) for a < 1 and x < 1: what is above 1, and what is from x to 1 by a series in which the integral of 1/t does not
 * cancel against 1. Source: NIST DLMF, 8.7.1.
 */
const aboveNearZero = (a: number, x: number): number => {
  let power = x ** a
  let [term, sum] = [1, -Math.expm1(a * Math.log(x)) / a]
  for (let n = 1; Math.abs(term) > 1e-18; n++) {
    term /= -n
    power *= x
    sum += (term * (1 - power)) / (a + n)
  }
  return above(a, 1) + (sum * a) / Math.exp(logGamma(a + 1))
}

const smallGamma = (a: number, x: number, tail: Tail): number => {
  if (x < Math.max(a, 1) && (a >= 1 || tail === 'lower')) return ofTail('lower', below(a, x), tail)
  return ofTail('upper', x < 1 ? aboveNearZero(a, x) : above(a, x), tail)
}

/** The share of a normal above z. */
export const aboveNormal = (z: number): number => {
  const half = 0.5 * regularizedGamma(0.5, 0.5 * z * z, z < 0 ? 'lower' : 'upper')
  return z < 0 ? 0.5 + half : half
}

/**
 * Gives the regularised incomplete gamma function P(a, x) (lower) or Q(a, x) (upper), a probability, for a > 0 and x >= 0,
 * each to its own digits.
 * Source: NIST DLMF, 8.2.4.
 */
export const regularizedGamma = (a: number, x: number, tail: Tail): number => {
  if (x === 0 || x === Number.POSITIVE_INFINITY) return (x === 0) === (tail === 'upper') ? 1 : 0
  if (a > VAST_SHAPE) {
    const z = x / Math.sqrt(a) - Math.sqrt(a)
    return aboveNormal(tail === 'lower' ? -z : z)
  }
  // Of such a shape nearly all is below, and what is above is proportional to it.
  if (a < TINY_SHAPE) return tail === 'lower' ? 1 : (a / TINY_SHAPE) * smallGamma(TINY_SHAPE, x, 'upper')
  return a > LARGE_SHAPE ? largeGamma(a, x, tail) : smallGamma(a, x, tail)
}
