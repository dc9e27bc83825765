import { describeValue, type Tail } from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import { total } from '../guarded.js'
import { fraction } from '../requirements.js'
import type { Validated } from '../validation.js'
import { type Inverse, inverseFromZero, leastCount, type Mass } from './invert.js'

/** Cumulative probabilities of a distribution of numbers, apart from its family so that importing that one stays small. */
export interface Cumulative<P> {
  /** P(X <= x), from 0 at -Infinity to 1 at Infinity; NaN, and only that, has none: NaN. */
  readonly cdf: (p: P) => (x: number) => number
  /** P(X > x) = 1 - cdf, which keeps the digits of a small upper tail. */
  readonly survival: (p: P) => (x: number) => number
  /**
   * The least x with cdf(x) >= probability, in units of the data: at 0 the lower end of the support, at 1 the upper one. Numbers
   * beyond float64 are infinite. Errors: a probability that is not from 0 to 1.
   */
  readonly quantile: (p: P) => (probability: number) => Validated<number>
  /** The least x with survival(x) <= probability: the quantile of 1 - probability, which keeps the digits of a small one. */
  readonly upperQuantile: (p: P) => (probability: number) => Validated<number>
}

/** A distribution as its cumulative probabilities take it. */
interface Definition<P> {
  /** The name of its family. */
  readonly name: string
  /** The mass of either tail at numbers from `low` up to `high`, without it. */
  readonly mass: (p: P) => Mass
  readonly low?: number
  readonly high?: number
}

/** What finds a number for any probability, with its errors: NaN is of parameters that the family has not. */
const finding =
  <P>(name: string, findOf: (p: P) => (probability: number) => number) =>
  (p: P): ((probability: number) => Validated<number>) => {
    const found = total(name, 'parameters', 'a member of the family', (member: P) => E.right(findOf(member)))(p)
    const fail = (parameter: string, expected: string, received: number): Validated<number> =>
      E.left({
        _tag: 'InvalidParameter',
        distribution: name,
        parameter,
        expected,
        received: describeValue(received),
      })
    return probability => {
      if (E.isLeft(found)) return found
      if (typeof probability !== 'number' || !fraction.holds(probability))
        return fail('probability', fraction.expected, probability)
      const x = found.right(probability)
      return Number.isNaN(x) ? fail('quantile', 'a number, as of any member of the family', x) : E.right(x)
    }
  }

const other = (tail: Tail): Tail => (tail === 'lower' ? 'upper' : 'lower')

const tails = <P>({
  mass,
  low = Number.NEGATIVE_INFINITY,
  high = Number.POSITIVE_INFINITY,
}: Definition<P>): Pick<Cumulative<P>, 'cdf' | 'survival'> => {
  const of = (tail: Tail) => (p: P) => {
    const within = mass(p)
    return (x: number) => {
      if (Number.isNaN(x)) return x
      if (x < low || x === Number.NEGATIVE_INFINITY) return tail === 'lower' ? 0 : 1
      if (x >= high) return tail === 'lower' ? 1 : 0
      return within(x, tail)
    }
  }
  return { cdf: of('lower'), survival: of('upper') }
}

/** All of a continuous distribution; where no `inverse` is given it is one of numbers from 0. */
export const cumulative = <P>(definition: Definition<P> & { readonly inverse?: (p: P) => Inverse }): Cumulative<P> => {
  const { name, mass, low = Number.NEGATIVE_INFINITY, high = Number.POSITIVE_INFINITY } = definition
  const inverseOf = definition.inverse ?? (p => inverseFromZero(mass(p), high))
  const of = (tail: Tail) =>
    finding<P>(name, p => {
      const inverse = inverseOf(p)
      return probability => {
        if (probability === 0) return tail === 'lower' ? low : high
        if (probability === 1) return tail === 'lower' ? high : low
        // By the smaller of the two tails; the difference is exact.
        return probability <= 0.5 ? inverse(probability, tail) : inverse(1 - probability, other(tail))
      }
    })
  return { ...tails(definition), quantile: of('lower'), upperQuantile: of('upper') }
}

/** The same of counts 0, 1, 2, ... up to the greatest: between them it is that of the count below. */
export const cumulativeOfCounts = <P>(
  name: string,
  mass: (p: P) => Mass,
  greatest: (p: P) => number = () => Number.POSITIVE_INFINITY,
): Cumulative<P> => {
  const both = tails<P>({
    name,
    mass: p => {
      const within = mass(p)
      return (x, tail) => within(Math.floor(x), tail)
    },
    low: 0,
  })
  const of = (tail: Tail) =>
    finding<P>(name, p => {
      const [cdf, survival, high] = [both.cdf(p), both.survival(p), greatest(p)]
      return probability => {
        if (Number.isNaN(cdf(0))) return Number.NaN
        // The greatest, unless all are 0: a mass that is not in float64 is one.
        if (probability === (tail === 'lower' ? 1 : 0)) return survival(0) === 0 ? 0 : high
        return leastCount(
          tail === 'lower' ? count => cdf(count) >= probability : count => survival(count) <= probability,
          high,
        )
      }
    })
  return { ...both, quantile: of('lower'), upperQuantile: of('upper') }
}
