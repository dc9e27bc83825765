import { dirichlet, multinomial, random, vonMisesFisher } from '@conjugate/distributions'
import { right } from '@conjugate/testing'
import { describe, expect, test } from 'vitest'

const D = 300

/** Concentrations that are all the same, and such as differ by a rounding, of which densities are sums of other terms. */
const flat = (a: number) => new Float64Array(D).fill(a)
const nearlyFlat = (a: number) => flat(a).map((v, k) => (k === D - 1 ? v * (1 + 2 * Number.EPSILON) : v))
const density = (concentration: Float64Array) => dirichlet.logProb(right(dirichlet.make({ concentration })))

describe('many categories with the same concentration', () => {
  const source = random(4)
  const numbers = Float64Array.from({ length: D }, (_, k) => source.uniform() ** (1 + (k % 40)) + 1e-300)
  const total = numbers.reduce((a, b) => a + b)
  const probabilities = numbers.map(v => v / total)

  test.each([0.3, 1, 1.5, 2, 31])('of %d have the density of any', a => {
    const [found, expected] = [density(flat(a))(probabilities), density(nearlyFlat(a))(probabilities)]
    expect(Math.abs(found - expected)).toBeLessThan(1e-12 * Math.abs(expected))
  })

  test('a probability of 0 is at the boundary', () => {
    const corner = probabilities.map((v, k) => (k === 0 ? 0 : v / (1 - probabilities[0]!)))
    for (const [a, expected] of [
      [2, Number.NEGATIVE_INFINITY],
      [0.5, Number.POSITIVE_INFINITY],
    ] as const)
      expect(density(flat(a))(corner)).toBe(expected)
    expect(density(flat(1))(corner)).toBeCloseTo(density(nearlyFlat(1))(probabilities), 8)
    expect(density(flat(2))(probabilities.map(v => 2 * v))).toBe(Number.NEGATIVE_INFINITY)
  })
})

test('what vectors of one unit are compared by has a length of 1', () => {
  expect(multinomial(6).compared?.([1, 3, 2])).toEqual(Float64Array.of(1 / 6, 3 / 6, 2 / 6).map(Math.sqrt))
  expect(multinomial(6).compared?.([])).toEqual(new Float64Array(0))
  expect(vonMisesFisher.compared?.([0.6, -0.8])).toEqual([0.6, -0.8])
})
