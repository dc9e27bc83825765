import { minimumCut, uniformField } from '@conjugate/images'
import { right } from '@conjugate/testing'
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, test } from 'vitest'
import { plainMinimumCut } from './support/edmonds-karp.js'
import { energyOf, randomCosts, randomField } from './support/fields.js'
import { wholeNumbers } from './support/random.js'

const solve = (field: Parameters<typeof minimumCut>[0], costs: ArrayLike<number>): Uint8Array =>
  right(right(minimumCut(field)).solve(costs))

/** The least energy of all labels. */
const leastOfAll = (field: Parameters<typeof minimumCut>[0], costs: Float64Array): number => {
  let least = Number.POSITIVE_INFINITY
  const labels = new Uint8Array(costs.length)
  for (let all = 0; all < 2 ** costs.length; all++) {
    for (let n = 0; n < labels.length; n++) labels[n] = (all >> n) & 1
    least = Math.min(least, energyOf(field, costs, labels))
  }
  return least
}

describe('a minimum cut', () => {
  test.each([
    [1, 10],
    [2, 10],
    [3, 300],
    [4, 5000],
  ])('has the least energy of all labels of a 4 x 4 grid (%i)', (seed, most) => {
    const [field, costs] = [randomField(4, 4, most, seed), randomCosts(16, 2 * most, seed + 100)]
    expect(energyOf(field, costs, solve(field, costs))).toBe(leastOfAll(field, costs))
  })

  test.each([
    [1, 1],
    [1, 7],
    [9, 1],
    [2, 3],
    [3, 3],
  ])('has the least energy on a grid of %i x %i', (width, height) => {
    for (let seed = 0; seed < 20; seed++) {
      const [field, costs] = [randomField(width, height, 20, seed), randomCosts(width * height, 40, seed + 50)]
      expect(energyOf(field, costs, solve(field, costs))).toBe(leastOfAll(field, costs))
    }
  })

  test('has the labels of a plain algorithm on 1,000 grids, ties included', () => {
    const next = wholeNumbers(7)
    for (let seed = 0; seed < 1000; seed++) {
      const [width, height, most] = [1 + next(9), 1 + next(9), [1, 3, 50, 2000][next(4)]!]
      const field = randomField(width, height, most, seed)
      const costs = randomCosts(width * height, [1, 2, 3][next(3)]! * most, seed + 5000)
      expect(solve(field, costs), `${seed}`).toEqual(plainMinimumCut(field, costs))
    }
  })

  test('finds the same labels from the flow of other costs', () => {
    const next = wholeNumbers(9)
    for (let seed = 0; seed < 50; seed++) {
      const field = randomField(13, 11, 100, seed)
      const cut = right(minimumCut(field))
      const costs = randomCosts(143, 150, seed)
      expect(right(cut.resolve(costs))).toEqual(solve(field, costs))
      for (let stroke = 0; stroke < 5; stroke++) {
        const [at, sign] = [next(143), next(2) === 0 ? 1 : -1]
        for (let n = at; n < Math.min(143, at + 6); n++) costs[n] = sign * Number.POSITIVE_INFINITY
        expect(right(cut.resolve(costs)), `${seed}, ${stroke}`).toEqual(solve(field, costs))
      }
      // All others at once, and the first again.
      expect(right(cut.resolve(randomCosts(143, 300, seed + 1)))).toEqual(solve(field, randomCosts(143, 300, seed + 1)))
      expect(right(cut.solve(costs))).toEqual(solve(field, costs))
    }
  })

  test('costs without bound fix labels, whatever the neighbours weigh', () => {
    const field = right(uniformField({ width: 5, height: 4, weight: 16384 }))
    const costs = new Float64Array(20).fill(-1e300)
    costs[7] = Number.POSITIVE_INFINITY
    costs[11] = 1e308
    const expected = new Uint8Array(20).fill(1)
    expected[7] = 0
    expected[11] = 0
    expect(solve(field, costs)).toEqual(expected)
  })

  test('what nobody pays for is labelled 0', () => {
    expect(solve(right(uniformField({ width: 3, height: 2, weight: 1 })), new Float64Array(6))).toEqual(
      new Uint8Array(6),
    )
  })

  test.each<[string, unknown, unknown]>([
    ['fewer costs', [1, 2, 3], { option: 'costs', expected: '4 values', received: '3' }],
    ['NaN', [1, 2, Number.NaN, 3], { option: 'costs[2]', received: 'NaN' }],
    ['none', undefined, { option: 'costs', expected: '4 values' }],
  ])('%s is an error', (_, costs, error) => {
    const cut = right(minimumCut(right(uniformField({ width: 2, height: 2, weight: 1 }))))
    for (const f of [cut.solve, cut.resolve]) expect(f(costs as never)).toMatchObject(E.left(error))
  })

  test.each<[string, object, unknown]>([
    ['no weights', { width: 2, height: 2 }, { option: 'field.weights' }],
    ['too few', { width: 2, height: 2, weights: new Int32Array(15) }, { option: 'field.weights', received: '15' }],
    ['a negative one', { width: 1, height: 1, weights: Int32Array.of(0, 0, -1, 0) }, { option: 'field.weights[2]' }],
    ['one to nowhere', { width: 1, height: 1, weights: Int32Array.of(0, 0, 5, 0) }, { option: 'field.weights[2]' }],
    ['half a place', { width: 0.5, height: 2, weights: new Int32Array(4) }, { option: 'field.width' }],
  ])('a field with %s is an error', (_, field, error) => {
    expect(minimumCut(field as never)).toMatchObject(E.left(error))
  })
})
