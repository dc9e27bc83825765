import type { Tail } from '@conjugate/linalg'

/** Cumulative probabilities of a distribution of numbers, apart from its family so that importing that one stays small. */
export interface Cumulative<P> {
  /** P(X <= x), from 0 at -Infinity to 1 at Infinity; NaN, and only that, has none: NaN. */
  readonly cdf: (p: P) => (x: number) => number
  /** P(X > x) = 1 - cdf, which keeps the digits of a small upper tail. */
  readonly survival: (p: P) => (x: number) => number
}

/** Both from a function that gives either tail within the support from `low` to `high`. */
export const cumulative = <P>(
  within: (p: P) => (x: number, tail: Tail) => number,
  low: number = Number.NEGATIVE_INFINITY,
  high: number = Number.POSITIVE_INFINITY,
): Cumulative<P> => {
  const of = (tail: Tail) => (p: P) => {
    const mass = within(p)
    return (x: number) => {
      if (Number.isNaN(x)) return x
      if (x < low || x === Number.NEGATIVE_INFINITY) return tail === 'lower' ? 0 : 1
      if (x >= high) return tail === 'lower' ? 1 : 0
      return mass(x, tail)
    }
  }
  return { cdf: of('lower'), survival: of('upper') }
}

/** The same of counts 0, 1, 2, ...: between them it is that of the count below. */
export const cumulativeOfCounts = <P>(within: (p: P) => (x: number, tail: Tail) => number): Cumulative<P> =>
  cumulative(p => {
    const mass = within(p)
    return (x, tail) => mass(Math.floor(x), tail)
  }, 0)
