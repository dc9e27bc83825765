import {
  bernoulli,
  binomial,
  geometric,
  multinomial,
  negativeBinomial,
  poisson,
  poissonCumulative,
  random,
} from '@conjugate/distributions'
import { right } from '@conjugate/testing'
import * as O from 'fp-ts/lib/Option.js'
import { describe, expect, test } from 'vitest'

describe('certain counts', () => {
  test.each([
    ['binomial', binomial(100), right(binomial(100).make({ probability: 1 })), 100],
    ['binomial', binomial(100), right(binomial(100).make({ probability: 0 })), 0],
    ['geometric', geometric, right(geometric.make({ probability: 1 })), 0],
    ['negative binomial', negativeBinomial(3), right(negativeBinomial(3).make({ probability: 1 })), 0],
    ['Poisson', poisson, right(poisson.make({ rate: 0 })), 0],
    ['Bernoulli', bernoulli, right(bernoulli.make({ probability: 1 })), 1],
  ] as const)('%s', (_, family, p, certain) => {
    expect(family.sample(p as never)(random(1))).toBe(certain)
    expect(family.logProb(p as never)(certain)).toBeCloseTo(0, 12)
    expect(family.logProb(p as never)(certain + 1)).toBe(Number.NEGATIVE_INFINITY)
    expect(family.entropy(p as never)).toBeCloseTo(0, 12)
  })

  test('a Poisson of rate 0 is the limit of small rates', () => {
    const [none, some] = [right(poisson.make({ rate: 0 })), right(poisson.make({ rate: 3 }))]
    expect(poisson.klDivergence(none)(some)).toBe(3)
    expect(poisson.klDivergence(none)(none)).toBe(0)
    expect(poisson.klDivergence(some)(none)).toBe(Number.POSITIVE_INFINITY)
    expect(right(poisson.fromNatural(poisson.natural(none)))).toEqual(none)
    expect(right(poisson.fromExpectedStatistic(poisson.expectedStatistic(none)))).toEqual(none)
    expect([poisson.logNormaliser(none), poisson.fisherInformation(none).data[0]]).toEqual([0, 0])
    expect([poisson.variance(none), poisson.mode(none)]).toEqual([O.some(0), O.some(0)])
    expect(poissonCumulative.cdf(none)(0)).toBe(1)
    expect(poissonCumulative.survival(none)(0)).toBe(0)
  })

  test('no category of a multinomial comes up that cannot', () => {
    const family = multinomial(50)
    const p = right(family.make({ probabilities: [0, 0.5, 0.5, 0] }))
    const [first, , , last] = Array.from(family.sample(p)(random(2)))
    expect([first, last]).toEqual([0, 0])
    expect(family.entropy(p)).toBeCloseTo(binomial(50).entropy(right(binomial(50).make({ probability: 0.5 }))), 12)
    expect(family.logProb(p)([1, 25, 24, 0])).toBe(Number.NEGATIVE_INFINITY)
  })
})

describe('the entropy of many counts', () => {
  test.each([3, 60, 2 ** 32, 1e18])('of a negative binomial of count %d and the smallest probability', count => {
    const family = negativeBinomial(count)
    const [small, smaller] = [2 ** -900, 2 ** -1022].map(probability =>
      family.entropy(right(family.make({ probability }))),
    )
    // That of a gamma, in units of 1/p.
    expect(smaller! - small!).toBeCloseTo(122 * Math.LN2, 10)
  })

  /** log(2 pi e variance)/2 and the next terms of the asymptotic series, by 1/variance. */
  test('of a Poisson', () => {
    const entropy = 0.5 * Math.log(2 * Math.PI * Math.E * 1e8) - 1 / 12e8
    expect(Math.abs(poisson.entropy(right(poisson.make({ rate: 1e8 }))) - entropy)).toBeLessThan(1e-12)
  })

  /** Sums in 30 digits with the Euler-Maclaurin formula for the tail, by mpmath. */
  test.each([
    [0.5, 1e-8, 18.511347406161303],
    [3, 1e-8, 20.26825924931538],
    [3, 1e-4, 11.05786887900558],
    [1e-3, 1e-6, 0.1974994110735505],
  ])('of a negative binomial of count %d and probability %d', (count, probability, entropy) => {
    const family = negativeBinomial(count)
    expect(Math.abs(family.entropy(right(family.make({ probability }))) / entropy - 1)).toBeLessThan(1e-13)
  })

  test('of a Poisson, on both sides of where the series begins', () => {
    const [below, above] = [1e5, 1e5 + 1e-6].map(rate => poisson.entropy(right(poisson.make({ rate }))))
    expect(Math.abs(above! - below!)).toBeLessThan(1e-11)
  })

  test('of a binomial', () => {
    const entropy = 0.5 * Math.log(2 * Math.PI * Math.E * 0.21e8)
    expect(Math.abs(binomial(1e8).entropy(right(binomial(1e8).make({ probability: 0.3 }))) - entropy)).toBeLessThan(
      1e-7,
    )
  })
})

test('large counts are drawn in few steps, about their mean', () => {
  const draws = [
    { drawn: poisson.sample(right(poisson.make({ rate: 1e12 })))(random(3)), mean: 1e12, deviation: 1e6 },
    {
      drawn: binomial(1e12).sample(right(binomial(1e12).make({ probability: 1e-9 })))(random(4)),
      mean: 1e3,
      deviation: 32,
    },
  ]
  for (const { drawn, mean, deviation } of draws) expect(Math.abs(drawn - mean)).toBeLessThan(5 * deviation)
})
