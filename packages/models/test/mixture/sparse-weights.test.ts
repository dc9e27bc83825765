import { fit, maximize } from '@conjugate/models'
import { right, rightOf } from '@conjugate/testing'
import { describe, expect, test } from 'vitest'
import { clouds, counts, gaussians, poissons } from './support.js'

/** Concentrations below 1 have an infinite density at weights of 0, towards which the fit goes without an error. */
describe.each([0.01, 0.25, 0.5, 0.9])('a concentration of %d', concentration => {
  const sixGaussians = gaussians(6, { concentration })
  const sixPoissons = poissons(6, { concentration })
  const options = { start: { _tag: 'k-means' }, iterations: 1500, tolerance: 1e-13 } as const

  test.each(['none', 'squarem'] as const)('never lowers the objective (acceleration: %s)', async acceleration => {
    for (const { objectives, weights } of [
      await rightOf(fit(sixGaussians, clouds(150), { ...options, acceleration })),
      await rightOf(fit(sixPoissons, counts(150), { ...options, acceleration })),
    ]) {
      for (const [i, v] of objectives.slice(1).entries())
        expect(v).toBeGreaterThanOrEqual(objectives[i]! - 1e-11 * Math.abs(v))
      expect(Array.from(weights).reduce((a, b) => a + b)).toBeCloseTo(1, 14)
    }
  })

  test('weights are max(0, N_k + alpha - 1) over their sum', async () => {
    const { expectedCounts, statistics } = await rightOf(fit(sixPoissons, counts(150), { ...options, iterations: 200 }))
    const { weights } = right(
      maximize(sixPoissons, { counts: Float64Array.from(expectedCounts), components: statistics }),
    )
    const excess = Array.from(expectedCounts, n => Math.max(0, n + concentration - 1))
    const sum = excess.reduce((a, b) => a + b)
    for (const [k, e] of excess.entries()) expect(weights[k]).toBeCloseTo(e / sum, 15)
  })

  test('a component that has lost its weight does not come back, and its last row goes to others', async () => {
    const seen: number[][] = []
    await rightOf(
      fit(sixPoissons, counts(150), {
        ...options,
        iterations: 400,
        onIteration: ({ iteration }) => seen.push(Array.from(iteration.parameters.weights)),
      }),
    )
    for (const [i, weights] of seen.slice(1).entries())
      for (const [k, w] of weights.entries()) if (seen[i]![k]! < 1e-300) expect(w).toBeLessThan(1e-300)
  })
})

test('where every component has too little, the one that has most takes all', async () => {
  const { weights, objectives } = await rightOf(
    fit(poissons(4, { concentration: 0.1 }), [3, 4], { start: { _tag: 'labels', labels: [0, 1] }, iterations: 20 }),
  )
  expect(Array.from(weights)).toEqual([1, 0, 0, 0])
  for (const [i, v] of objectives.slice(1).entries()) expect(v).toBeGreaterThanOrEqual(objectives[i]!)
})
