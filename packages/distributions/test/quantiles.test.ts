import {
  beta,
  betaCumulative,
  binomial,
  binomialCumulative,
  type Cumulative,
  describeInvalidParameter,
  gamma,
  gammaCumulative,
  inverseGamma,
  inverseGammaCumulative,
  normal,
  normalCumulative,
  poisson,
  poissonCumulative,
  studentT,
  studentTCumulative,
  type Validated,
} from '@conjugate/distributions'
import { right } from '@conjugate/testing'
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, test } from 'vitest'
import { cumulatives } from './support/cumulatives.js'

const left = <P>(found: Validated<P>) => {
  if (E.isRight(found)) throw new Error('no error')
  return found.left
}

/** Numbers of 40 digits (mpmath 1.4.1), by halving the interval of the incomplete functions. */
describe('quantiles', () => {
  const t = studentT.make({ degreesOfFreedom: 2.74, location: 0, scale: 1 })
  const standard = normal.make({ mean: 0, variance: 1 })
  const of = <P>(c: Cumulative<P>, p: Validated<P>) => c.quantile(right(p))
  test.each([
    ['beta', of(betaCumulative, beta.make({ a: 200, b: 2 })), 1e-300, 0.03080006333385575],
    ['beta', of(betaCumulative, beta.make({ a: 200, b: 2 })), 1e-40, 0.6173803764641251],
    ['beta', of(betaCumulative, beta.make({ a: 200, b: 2 })), 0.9, 0.9973510779179211],
    ['beta', of(betaCumulative, beta.make({ a: 0.5, b: 1e5 })), 1e-40, 7.854001268953111e-86],
    ['beta', of(betaCumulative, beta.make({ a: 0.5, b: 1e5 })), 0.05, 1.966074895863645e-8],
    ['gamma', of(gammaCumulative, gamma.make({ shape: 2.5, rate: 0.5 })), 1e-300, 3.233407780583128e-120],
    ['gamma', of(gammaCumulative, gamma.make({ shape: 2.5, rate: 0.5 })), 0.5 + 1e-10, 4.3514601918252644],
    ['gamma', of(gammaCumulative, gamma.make({ shape: 2.5, rate: 0.5 })), 1 - 2 ** -53, 84.19503223652131],
    [
      'inverse gamma',
      of(inverseGammaCumulative, inverseGamma.make({ shape: 2.5, scale: 0.5 })),
      1e-40,
      0.005064709613565959,
    ],
    [
      'inverse gamma',
      of(inverseGammaCumulative, inverseGamma.make({ shape: 2.5, scale: 0.5 })),
      0.9,
      0.6209992176008486,
    ],
    ["Student's t", of(studentTCumulative, t), 1e-300, -2.939086577215686e109],
    ["Student's t", of(studentTCumulative, t), 1e-40, -378182501739840.06],
    ["Student's t", of(studentTCumulative, t), 0.05, -2.4472541821265024],
    ["Student's t", of(studentTCumulative, t), 0.5 + 1e-10, 2.741202417518959e-10],
    ["Student's t", of(studentTCumulative, t), 1 - 2 ** -53, 633875.9380945916],
    ['normal', of(normalCumulative, standard), 1e-300, -37.0470962993612],
    ['normal', of(normalCumulative, standard), 0.05, -1.6448536269514726],
    ['normal', of(normalCumulative, standard), 0.5 + 1e-10, 2.506628482030354e-10],
    ['normal', of(normalCumulative, standard), 1 - 2 ** -53, 8.209536151601387],
  ] as const)('of the %s (%#)', (_, quantile, probability, expected) => {
    expect(Math.abs(right(quantile(probability)) / expected - 1)).toBeLessThan(1e-13)
  })

  test('of numbers that float64 has not are the next that it has, or infinite', () => {
    expect(right(of(betaCumulative, beta.make({ a: 0.5, b: 1e5 }))(1e-300))).toBe(Number.MIN_VALUE)
    const wide = studentT.make({ degreesOfFreedom: 0.1, location: 3, scale: 1 })
    expect(right(of(studentTCumulative, wide)(1e-40))).toBe(Number.NEGATIVE_INFINITY)
  })

  test('of counts whose masses are all in one', () => {
    const never = right(binomial(20).make({ probability: 0 }))
    expect([0, 0.3, 1].map(q => right(binomialCumulative.quantile(never)(q)))).toEqual([0, 0, 0])
    const always = right(binomial(20).make({ probability: 1 }))
    expect([1e-300, 0.3, 1].map(q => right(binomialCumulative.quantile(always)(q)))).toEqual([20, 20, 20])
  })

  test('of many counts are found at once', () => {
    const p = right(poisson.make({ rate: 1e15 }))
    // The mean, the standard deviation, and the skewness in the third term of Cornish and Fisher.
    const expected = 1e15 + Math.sqrt(1e15) * -3.090232306167813 + (3.090232306167813 ** 2 - 1) / 6
    expect(Math.abs(right(poissonCumulative.quantile(p)(1e-3)) - expected)).toBeLessThan(2)
  })

  test('of no probability, and of parameters that no member has, are errors', () => {
    const says = (q: unknown) => describeInvalidParameter(left(of(normalCumulative, standard)(q as number)))
    expect(says(1.5)).toBe('Normal: probability is 1.5, expected a number from 0 to 1')
    for (const q of [Number.NaN, -1e-300, '0.5', null, undefined]) expect(says(q)).toContain('a number from 0 to 1')
    for (const [{ family }, c] of cumulatives) {
      // Such as what is in the `Left` of a member that does not exist.
      expect(c.quantile(undefined as never)(0.5)).toMatchObject({
        left: { distribution: family.name, parameter: 'parameters' },
      })
      const nothing = new Proxy({}, { get: () => Number.NaN }) as never
      for (const quantile of [c.quantile(nothing), c.upperQuantile(nothing)])
        expect(left(quantile(0.3))).toMatchObject({ distribution: family.name.replace(/\(.*/, '') })
    }
  })
})

const PROBABILITIES = [1e-300, 1e-100, 1e-40, 1e-16, 1e-8, 1e-3, 0.05, 0.3, 0.5, 0.7, 0.95, 0.999, 1 - 1e-8, 1 - 1e-16]

/** What a tail may be off by in float64. */
const TOLERANCE = 1e-12

describe.each(cumulatives.map(([row, c]) => [row.family.name, row, c] as const))('%s', (_, { members, support }, c) => {
  describe.each(members.map((p, i) => [i, p] as const))('member %i', (_i, p: never) => {
    const { cdf, survival } = { cdf: c.cdf(p), survival: c.survival(p) }
    const quantile = (q: number) => right(c.quantile(p)(q))
    const upper = (q: number) => right(c.upperQuantile(p)(q))

    test('quantiles rise, from one end of the support to the other', () => {
      const found = [0, ...PROBABILITIES, 1].map(quantile)
      expect(found).toEqual([...found].sort((a, b) => a - b))
      expect([survival(found.at(-1)!), cdf(found[0]! - 1)]).toEqual([0, 0])
      expect([upper(1), upper(0)]).toEqual([quantile(0), quantile(1)])
    })

    if (support._tag === 'Discrete')
      test('quantiles are the least counts with as much at or below them', () => {
        for (const q of PROBABILITIES) {
          const [k, l] = [quantile(q), upper(q)]
          expect(cdf(k)).toBeGreaterThanOrEqual(q)
          expect(cdf(k - 1)).toBeLessThan(q)
          expect(survival(l)).toBeLessThanOrEqual(q)
          expect(survival(l - 1)).toBeGreaterThan(q)
        }
        for (const k of support.values(p) as ReadonlyArray<number>)
          if (cdf(k) > cdf(k - 1) && cdf(k) < 1) expect(quantile(cdf(k))).toBe(k)
      })
    else
      test('quantiles are the least numbers with as much at or below them', () => {
        const near = (x: number) => 8 * Number.EPSILON * Math.max(Math.abs(x), Math.abs(quantile(0.5)))
        for (const q of PROBABILITIES) {
          // By the smaller tail, which has the digits.
          const [x, y] = [quantile(q), upper(q)]
          if (q <= 0.5) {
            expect(cdf(x + near(x))).toBeGreaterThanOrEqual(q * (1 - TOLERANCE))
            expect(cdf(x - near(x))).toBeLessThanOrEqual(q * (1 + TOLERANCE))
            expect(survival(y + near(y))).toBeLessThanOrEqual(q * (1 + TOLERANCE))
            expect(survival(y - near(y))).toBeGreaterThanOrEqual(q * (1 - TOLERANCE))
          } else {
            expect(survival(x + near(x))).toBeLessThanOrEqual((1 - q) * (1 + TOLERANCE))
            expect(survival(x - near(x))).toBeGreaterThanOrEqual((1 - q) * (1 - TOLERANCE))
            expect(cdf(y + near(y))).toBeGreaterThanOrEqual((1 - q) * (1 - TOLERANCE))
            expect(cdf(y - near(y))).toBeLessThanOrEqual((1 - q) * (1 + TOLERANCE))
          }
        }
      })
  })
})
