import { fieldLabels, uniformField } from '@conjugate/images'
import {
  compareAssignments,
  componentsOf,
  describeFitError,
  fit,
  gaussianMixture,
  gibbs,
  modelOf,
  poissonMixture,
  predict,
} from '@conjugate/models'
import { right } from '@conjugate/testing'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { describe, expect, test } from 'vitest'
import { wholeNumbers } from './support/random.js'

const [width, height] = [30, 24]
const places = width * height
/** Three regions: a disc, and the halves around it. */
const truth = Int32Array.from({ length: places }, (_, n) => {
  const [x, y] = [n % width, Math.floor(n / width)]
  return Math.hypot(x - 14, y - 12) < 7 ? 2 : x < 15 ? 0 : 1
})
const next = wholeNumbers(5)
const uniform = () => (next(2 ** 20) + 0.5) / 2 ** 20
const normal = () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform())
const poisson = (rate: number): number => {
  let [count, product] = [0, uniform()]
  for (; product > Math.exp(-rate); count++) product *= uniform()
  return count
}
const field = right(uniformField({ width, height, weight: 1 }))
const numbers = Array.from(truth, k => [[0, 2, 4][k]! + normal()])
const counts = Array.from(truth, k => poisson([2, 6, 12][k]!))
const labels = right(fieldLabels({ states: 3 }))

const gaussians = right(
  gaussianMixture({
    components: 3,
    prior: { mean: [2], meanPrecision: 0.01, degreesOfFreedom: 3, scale: [[1]] },
  }),
)
const poissons = right(poissonMixture({ components: 3, concentration: 1, prior: { shape: 1, rate: 0.1 } }))
const rows: ReadonlyArray<ReadonlyArray<number>> = numbers

const matched = (assignments: ArrayLike<number>): number => right(compareAssignments(truth, assignments)).matched

describe('labels under a field', () => {
  const smooth = modelOf(componentsOf(gaussians), labels)

  test.each(['none', 'squarem'] as const)(
    'make a fit whose bound never falls, by any acceleration (%s)',
    async acceleration => {
      const found = right(await fit(smooth, rows, { field, acceleration, seed: 1, iterations: 50 })())
      for (let i = 1; i < found.objectives.length; i++)
        expect(found.objectives[i]! - found.objectives[i - 1]!).toBeGreaterThanOrEqual(-1e-9)
      expect(matched(found.assignments)).toBeGreaterThan(0.97)
    },
  )

  test('are far better than those of every row by itself, of Gaussians and of counts', async () => {
    const plain = right(await fit(gaussians, rows, { seed: 1 })())
    expect(matched(plain.assignments)).toBeLessThan(0.9)
    const ofCounts = right(await fit(modelOf(componentsOf(poissons), labels), counts, { field, seed: 1 })())
    const plainCounts = right(await fit(poissons, counts, { seed: 1 })())
    expect(matched(ofCounts.assignments)).toBeGreaterThan(0.97)
    expect(matched(plainCounts.assignments)).toBeLessThan(0.9)
  })

  test('without weights between neighbours are those of the densities alone', async () => {
    const apart = right(uniformField({ width, height, weight: 0 }))
    const found = right(await fit(smooth, rows, { field: apart, seed: 1 })())
    const { responsibilities, assignments } = right(await predict(smooth, found, rows, { field: apart })())
    for (let n = 0; n < places; n++) {
      const q = Array.from({ length: 3 }, (_, k) => responsibilities.data[3 * n + k]!)
      expect(q[assignments[n]!]).toBe(Math.max(...q))
    }
  })

  test('fill gaps with what is around them', async () => {
    const gaps = rows.map((row, n) => (n % 5 === 2 ? null : row))
    const found = right(await fit(smooth, gaps, { field, seed: 1 })())
    expect(matched(found.assignments)).toBeGreaterThan(0.95)
  })

  test('may be drawn', async () => {
    const agreements: number[] = []
    for await (const draw of gibbs(smooth, rows, { field, seed: 2, burnIn: 30, samples: 20 })) {
      if (E.isLeft(draw)) throw new Error(describeFitError(draw.left))
      agreements.push(matched(draw.right.assignments))
    }
    expect(agreements.length).toBe(20)
    expect(Math.min(...agreements)).toBeGreaterThan(0.9)
  })

  test.each<[string, unknown, object]>([
    ['no field', {}, { option: 'field' }],
    [
      'a field of another size',
      { field: right(uniformField({ width: 3, height: 2, weight: 1 })) },
      { received: '3 x 2' },
    ],
    ['a field of numbers', { field: [1, 2, 3] }, { option: 'field' }],
  ])('%s is an error', async (_, options, error) => {
    expect(await fit(smooth, rows, options as never)()).toMatchObject(E.left({ _tag: 'InvalidOption', ...error }))
  })

  test('of no state are an error', () => {
    expect(fieldLabels({ states: 0 })).toMatchObject(E.left({ _tag: 'InvalidParameter', parameter: 'states' }))
    expect(fieldLabels({ states: 2, sweeps: 0 })).toMatchObject(E.left({ parameter: 'sweeps' }))
    expect(
      pipe(
        fieldLabels({ states: 2 }),
        E.chainW(l => modelOf(componentsOf(gaussians), l)),
      ),
    ).toMatchObject(E.left({ parameter: 'labels.states' }))
  })
})
