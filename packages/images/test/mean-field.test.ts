import { fieldEnergy, meanField, uniformField } from '@conjugate/images'
import { right } from '@conjugate/testing'
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, test } from 'vitest'
import { randomCosts, randomField } from './support/fields.js'

const logsOf = (places: number, labels: number, seed: number): Float64Array => randomCosts(places * labels, 3000, seed)

describe('mean field', () => {
  test.each([1, 2, 4])('raises its free energy in every sweep, to below the log of all labels (K = %i)', labels => {
    for (let seed = 0; seed < 20; seed++) {
      const [field, logDensities] = [randomField(3, 2, 1500, seed), logsOf(6, labels, seed + 3)]
      const { freeEnergies, probabilities } = right(meanField(field, { labels, logDensities, sweeps: 30 }))
      for (let i = 1; i < freeEnergies.length; i++)
        expect(freeEnergies[i]! - freeEnergies[i - 1]!).toBeGreaterThanOrEqual(-1e-12 * Math.abs(freeEnergies[i]!))
      let sum = 0
      const all = new Int32Array(6)
      for (let code = 0; code < labels ** 6; code++) {
        for (let n = 0, rest = code; n < 6; n++, rest = Math.floor(rest / labels)) all[n] = rest % labels
        sum += Math.exp(all.reduce((s, k, n) => s + logDensities[n * labels + k]!, -right(fieldEnergy(field, all))))
      }
      expect(freeEnergies.at(-1)!).toBeLessThanOrEqual(Math.log(sum) + 1e-9)
      for (let n = 0; n < 6; n++)
        expect(probabilities.subarray(n * labels, (n + 1) * labels).reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12)
    }
  })

  test('is exact where there is no field', () => {
    const field = right(uniformField({ width: 3, height: 2, weight: 0 }))
    const logDensities = logsOf(6, 3, 1)
    const { freeEnergy } = right(meanField(field, { labels: 3, logDensities, sweeps: 1 }))
    let expected = 0
    for (let n = 0; n < 6; n++)
      expected += Math.log([0, 1, 2].reduce((s, k) => s + Math.exp(logDensities[n * 3 + k]!), 0))
    expect(freeEnergy).toBeCloseTo(expected, 10)
  })

  test('what is forbidden has no part, and a place at which all is has none of any label', () => {
    const field = right(uniformField({ width: 2, height: 1, weight: 2 }))
    const never = Number.NEGATIVE_INFINITY
    const some = right(meanField(field, { labels: 2, logDensities: [never, 0, 0, 0] }))
    expect(some.probabilities[0]).toBe(0)
    expect(some.probabilities[3]!).toBeCloseTo(1 / (1 + Math.exp(-2)), 12)
    const none = right(meanField(field, { labels: 2, logDensities: [never, never, 0, 0] }))
    expect(none.freeEnergy).toBe(never)
    expect(Array.from(none.probabilities.subarray(0, 2))).toEqual([0, 0])
  })

  const field = right(uniformField({ width: 2, height: 1, weight: 1 }))
  test.each<[string, object, unknown]>([
    ['an unknown option', { labels: 1, logDensities: [0, 0], rounds: 3 }, { option: 'rounds' }],
    ['fewer numbers', { labels: 2, logDensities: [0] }, { option: 'logDensities', expected: '4 values' }],
    ['NaN', { labels: 1, logDensities: [0, Number.NaN] }, { option: 'logDensities[1]', received: 'NaN' }],
    ['Infinity', { labels: 1, logDensities: [Number.POSITIVE_INFINITY, 0] }, { option: 'logDensities[0]' }],
    ['no probability', { labels: 1, logDensities: [0, 0], initial: [1, 2] }, { option: 'initial[1]' }],
  ])('%s is an error', (_, options, error) => {
    expect(meanField(field, options as never)).toMatchObject(E.left(error))
  })
})
