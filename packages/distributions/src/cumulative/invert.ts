import type { Tail } from '@conjugate/linalg'

/** The mass of a tail: of what is up to x, or above. */
export type Mass = (x: number, tail: Tail) => number

/** Where a tail has a mass from 0 to 1/2. */
export type Inverse = (mass: number, tail: Tail) => number

/** Between numbers of float64 next to each other. */
const ULP = Number.EPSILON

/** Steps of halving that find any number of float64 from any two: more are no bracket's. */
const MOST = 200

/**
 * The least of the numbers a < x <= b, at most twice a, at which a function that rises is at least 0; at `a` it is not, at `b` it is.
 * Source: Chandrupatla, Advances in Engineering Software 28 (1997), by which a parabola is trusted or the bracket halved.
 */
const between = (f: (x: number) => number, a: number, b: number): number => {
  let [x1, x2] = [a, b]
  let [f1, f2] = [f(a), f(b)]
  for (let step = 0, t = 0.5; step < MOST; step++) {
    const x = x1 + t * (x2 - x1)
    if (x === x1 || x === x2) break
    const value = f(x)
    const stays = value >= 0 === f1 >= 0
    const [x3, f3] = stays ? [x1, f1] : [x2, f2]
    if (!stays) [x2, f2] = [x1, f1]
    ;[x1, f1] = [x, value]
    const [xi, phi] = [(x1 - x2) / (x3 - x2), (f1 - f2) / (f3 - f2)]
    const parabola = (f1 / (f2 - f1)) * (f3 / (f2 - f3)) + ((x3 - x1) / (x2 - x1)) * (f1 / (f3 - f1)) * (f2 / (f3 - f2))
    const least = Math.min(0.5, (ULP * x1) / Math.abs(x2 - x1))
    t = phi * phi < xi && (1 - phi) ** 2 < 1 - xi ? Math.min(1 - least, Math.max(least, parabola)) : 0.5
  }
  return Math.max(x1, x2)
}

/** The least x of float64 with 0 < x <= high at which a function that rises is at least 0: `high` where no other is. */
const least = (f: (x: number) => number, high: number): number => {
  let [a, b] = [Number.MIN_VALUE, high]
  const start = f(a)
  if (!(start < 0)) return Number.isNaN(start) ? start : a
  // By the middle of the exponents, of which there are two thousand.
  while (b > 2 * a) {
    const x = Math.sqrt(a) * Math.sqrt(Math.min(b, Number.MAX_VALUE))
    if (f(x) >= 0) b = x
    else a = x
  }
  if (b < Number.POSITIVE_INFINITY) return between(f, a, b)
  return f(Number.MAX_VALUE) >= 0 ? between(f, a, Number.MAX_VALUE) : b
}

/** Of a distribution on numbers from 0 to `high`: by logarithms of tails, which have the digits of any mass. */
export const inverseFromZero =
  (massOf: Mass, high: number = Number.POSITIVE_INFINITY): Inverse =>
  (mass, tail) => {
    if (mass === 0) return tail === 'lower' ? 0 : high
    return least(
      tail === 'lower' ? x => Math.log(massOf(x, 'lower') / mass) : x => Math.log(mass / massOf(x, 'upper')),
      high,
    )
  }

/** Of a distribution that is symmetric about a location, by the mass of the distance from it in units of the scale. */
export const inverseOfDistance = (location: number, scale: number, massOf: Mass): Inverse => {
  const inverse = inverseFromZero(massOf)
  return (mass, tail) => {
    const distance = mass < 0.25 ? inverse(2 * mass, 'upper') : inverse(1 - 2 * mass, 'lower')
    return tail === 'lower' ? location - scale * distance : location + scale * distance
  }
}

/** The least of the counts 0 to `high` that is reached; `high` where no other is. */
export const leastCount = (reached: (count: number) => boolean, high: number): number => {
  let [below, count] = [-1, 0]
  while (!reached(count)) {
    if (count >= high || count > Number.MAX_VALUE / 2) return high
    ;[below, count] = [count, Math.min(high, 2 * count + 1)]
  }
  while (count - below > 1) {
    const middle = below + Math.floor((count - below) / 2)
    // Above 2^53 there are whole numbers that float64 has not.
    if (middle === below || middle === count) break
    if (reached(middle)) count = middle
    else below = middle
  }
  return count
}
