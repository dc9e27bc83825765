import { alphaExpansion, fieldEnergy, minimumCut, uniformField } from '@conjugate/images'
import { right } from '@conjugate/testing'
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, test } from 'vitest'
import { randomCosts, randomField } from './support/fields.js'

/** Costs of K labels in whole units, none below 0. */
const costsOf = (places: number, labels: number, seed: number): Float64Array =>
  randomCosts(places * labels, 60, seed).map(Math.abs)

describe('alpha-expansion', () => {
  test.each([2, 3, 4])('ends within twice the least energy of %i labels, and mostly at it', labels => {
    let exact = 0
    for (let seed = 0; seed < 30; seed++) {
      const [field, costs] = [randomField(3, 2, 60, seed), costsOf(6, labels, seed + 40)]
      const found = right(alphaExpansion(field, { labels, costs }))
      let least = Number.POSITIVE_INFINITY
      const all = new Int32Array(6)
      for (let code = 0; code < labels ** 6; code++) {
        for (let n = 0, rest = code; n < 6; n++, rest = Math.floor(rest / labels)) all[n] = rest % labels
        const energy = all.reduce((sum, k, n) => sum + costs[n * labels + k]!, right(fieldEnergy(field, all)))
        least = Math.min(least, energy)
      }
      expect(found.energy).toBeGreaterThanOrEqual(least)
      expect(found.energy).toBeLessThanOrEqual(2 * least)
      if (found.energy === least) exact++
    }
    expect(exact).toBeGreaterThanOrEqual(labels === 2 ? 30 : 27)
  })

  test('says the energy of its labels, and that it never rose, wherever it begins', () => {
    for (let seed = 0; seed < 30; seed++) {
      const [field, costs] = [randomField(12, 9, 80, seed), costsOf(108, 5, seed + 7)]
      for (const initial of [undefined, new Int32Array(108).fill(seed % 5)]) {
        const { labels, energy, energies } = right(
          alphaExpansion(field, { labels: 5, costs, ...(initial && { initial }) }),
        )
        const sum = labels.reduce((s, k, n) => s + costs[n * 5 + k]!, right(fieldEnergy(field, labels)))
        expect(energy).toBeCloseTo(sum, 9)
        expect(energies.length).toBeGreaterThan(1)
        for (let i = 1; i < energies.length; i++) expect(energies[i]!).toBeLessThanOrEqual(energies[i - 1]!)
        expect(energies.at(-1)).toBe(energy)
      }
    }
  })

  test('two labels are those of the minimum cut, up to ties', () => {
    for (let seed = 0; seed < 30; seed++) {
      const [field, costs] = [randomField(8, 7, 50, seed), costsOf(56, 2, seed)]
      const difference = Float64Array.from({ length: 56 }, (_, n) => costs[2 * n + 1]! - costs[2 * n]!)
      const best = right(right(minimumCut(field)).solve(difference))
      const least = best.reduce((s, k, n) => s + costs[2 * n + k]!, right(fieldEnergy(field, best)))
      expect(right(alphaExpansion(field, { labels: 2, costs })).energy).toBeCloseTo(least, 9)
    }
  })

  test('without a field every place takes its cheapest label; one that is forbidden never', () => {
    const field = right(uniformField({ width: 2, height: 1, weight: 0 }))
    expect(right(alphaExpansion(field, { labels: 3, costs: [3, 1, 2, 0, 5, -4] })).labels).toEqual(Int32Array.of(1, 2))
    const strong = right(uniformField({ width: 2, height: 1, weight: 16000 }))
    const never = Number.POSITIVE_INFINITY
    expect(right(alphaExpansion(strong, { labels: 2, costs: [0, never, never, 0] })).labels).toEqual(
      Int32Array.of(0, 1),
    )
  })

  const field = right(uniformField({ width: 2, height: 1, weight: 1 }))
  test.each<[string, object, unknown]>([
    ['no label', { labels: 0, costs: [] }, { option: 'labels' }],
    ['fewer costs', { labels: 2, costs: [1, 2, 3] }, { option: 'costs', expected: '4 values' }],
    ['NaN', { labels: 2, costs: [1, 2, 3, Number.NaN] }, { option: 'costs[3]' }],
    ['nothing possible', { labels: 1, costs: [1, Number.POSITIVE_INFINITY] }, { option: 'costs[1]' }],
    ['fewer initial labels', { labels: 1, costs: [1, 1], initial: [0] }, { option: 'initial' }],
    ['another label', { labels: 2, costs: [1, 1, 1, 1], initial: [0, 2] }, { option: 'initial[1]', received: '2' }],
    ['half a label', { labels: 2, costs: [1, 1, 1, 1], initial: [0.5, 1] }, { option: 'initial[0]', received: '0.5' }],
  ])('%s is an error', (_, options, error) => {
    expect(alphaExpansion(field, options as never)).toMatchObject(E.left(error))
  })
})
