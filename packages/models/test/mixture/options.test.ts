import { random } from '@conjugate/distributions'
import { describeFitError, fit, initialParameters, variational } from '@conjugate/models'
import { rightOf } from '@conjugate/testing'
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, test } from 'vitest'
import { clouds, counts, gaussians, poissons, table, tables } from './support.js'

const rows = clouds(200)

describe('labels that are known', () => {
  const known = (every: number) => Int32Array.from({ length: 200 }, (_, n) => (n % every === 0 ? n % 2 : -1))

  test('decide which component is which, and hold', async () => {
    for (const flip of [0, 1]) {
      const labels = known(5).map(l => (l < 0 ? l : l ^ flip))
      const { components, assignments } = await rightOf(
        fit(gaussians(2), rows, { labels, start: { _tag: 'labels', labels } }),
      )
      expect(components[flip]!.mean[0]).toBeCloseTo(0, 0)
      expect(components[1 - flip]!.mean[0]).toBeCloseTo(6, 0)
      for (const [n, l] of labels.entries()) if (l >= 0) expect(assignments[n]).toBe(l)
    }
  })

  test('of all rows give the posterior mode of each group at once', async () => {
    const labels = Int32Array.from({ length: 200 }, (_, n) => n % 2)
    const start = { _tag: 'labels', labels } as const
    const [once, twice] = await Promise.all(
      [0, 5].map(iterations => rightOf(fit(gaussians(2), rows, { labels, start, iterations }))),
    )
    expect(twice!.objectives.at(-1)).toBeCloseTo(once!.objectives[0]!, 8)
    expect(Array.from(once!.expectedCounts)).toEqual([100, 100])
  })

  test('that are none are refused', async () => {
    for (const labels of [[0, 1], Array.from({ length: 200 }, () => 2)]) {
      const result = await fit(gaussians(2), rows, { labels })()
      expect(result).toMatchObject(E.left({ _tag: 'InvalidOption', option: 'labels' }))
    }
  })

  test('keep the row numbers of errors', async () => {
    const broken = { ...rows, data: Float64Array.from(rows.data, (v, i) => (i === 13 ? Number.NaN : v)) }
    const result = await fit(gaussians(2), broken, { labels: known(2), start: { _tag: 'rows', indices: [0, 1] } })()
    expect(E.isLeft(result) && describeFitError(result.left)).toContain('row 6, column 1: NaN')
  })
})

describe('noise', () => {
  const area = 40 * 40
  const outliers = random(3)
  const scattered = {
    rows: 240,
    columns: 2,
    data: Float64Array.from([
      ...Array.from(rows.data),
      ...Array.from({ length: 80 }, () => 40 * outliers.uniform() - 20),
    ]),
  }

  test('takes what belongs to no cluster', async () => {
    const start = { _tag: 'rows', indices: [0, 1] } as const
    const noisy = await rightOf(fit(gaussians(2, { noise: -Math.log(area) }), scattered, { start }))
    expect(noisy.weights).toHaveLength(3)
    expect(noisy.weights[2]).toBeCloseTo(40 / 240, 1)
    for (const c of noisy.components) expect(c.covariance.data[0]).toBeLessThan(2)
    expect(Array.from(noisy.assignments.subarray(200)).filter(k => k === 2).length).toBeGreaterThan(30)
    const plain = await rightOf(fit(gaussians(2), scattered, { start }))
    expect(Math.max(...plain.components.map(c => c.covariance.data[0]!))).toBeGreaterThan(5)
  })

  test('works for statistics of any kind, and in variational Bayes', async () => {
    const mixture = poissons(1, { noise: -Math.log(1000) })
    const xs = [...counts(300).filter(x => x > 6), 400, 700, 900]
    for (const { assignments } of [await rightOf(fit(mixture, xs)), await rightOf(fit(variational(mixture), xs))]) {
      expect(Array.from(assignments.slice(-3))).toEqual([1, 1, 1])
      expect(Array.from(assignments.slice(0, -3)).every(k => k === 0)).toBe(true)
    }
  })
})

const start = { _tag: 'rows', indices: [0, 1] } as const
const initial = await rightOf(initialParameters(gaussians(2), rows, start, random(0)))

describe('parts that are fixed', () => {
  test('stay as they start, while the rest is learnt', async () => {
    const held = await rightOf(fit(gaussians(2), rows, { start, fixed: { weights: true, components: [1] } }))
    expect(Array.from(held.weights)).toEqual([0.5, 0.5])
    for (const [i, v] of Array.from(initial.components[1]!.mean).entries())
      expect(held.components[1]!.mean[i]).toBeCloseTo(v, 12)
    expect(held.components[0]!.mean[0]).not.toBe(initial.components[0]!.mean[0])
  })
})

describe('the order of components', () => {
  test('by expected count, whatever the start', async () => {
    const xs = counts(300)
    const first = await rightOf(
      fit(poissons(2), xs, { order: 'expected-count', start: { _tag: 'rows', indices: [0, 1] } }),
    )
    const second = await rightOf(
      fit(poissons(2), xs, { order: 'expected-count', start: { _tag: 'rows', indices: [1, 0] } }),
    )
    expect(first.expectedCounts[0]).toBeGreaterThan(first.expectedCounts[1]!)
    expect(second.components.map(c => c.rate.toFixed(6))).toEqual(first.components.map(c => c.rate.toFixed(6)))
    expect(Array.from(second.assignments)).toEqual(Array.from(first.assignments))
  })
})

describe('starts', () => {
  test.each(['distinct-rows', 'random-rows', 'k-means'] as const)(
    '%s finds two clouds, groups and tables',
    async tag => {
      const options = { start: { _tag: tag }, seed: 2, restarts: 3 } as const
      const [a, b, c] = [
        await rightOf(fit(gaussians(2), rows, options)),
        await rightOf(fit(poissons(2), counts(300), options)),
        await rightOf(fit(tables(2), table(200), options)),
      ]
      for (const { assignments } of [a, b, c]) expect(new Set(assignments)).toEqual(new Set([0, 1]))
    },
  )

  test('k-means starts nearer to the end than a draw of rows', async () => {
    const four = { ...rows, data: Float64Array.from(rows.data, (v, i) => v + (i % 8 < 4 ? 0 : 40)) }
    const begin = async (tag: 'k-means' | 'distinct-rows') =>
      (await rightOf(fit(gaussians(4), four, { start: { _tag: tag }, iterations: 0 }))).objectives[0]!
    expect(await begin('k-means')).toBeGreaterThan(await begin('distinct-rows'))
  })

  test('responsibilities give the M-step from them', async () => {
    const q = {
      rows: 200,
      columns: 2,
      data: Float64Array.from({ length: 400 }, (_, i) => ((i + Math.floor(i / 2)) % 2 === 0 ? 0.9 : 0.1)),
    }
    const { components } = await rightOf(
      initialParameters(gaussians(2), rows, { _tag: 'responsibilities', responsibilities: q }, random(0)),
    )
    expect(components[0]!.mean[0]).toBeCloseTo(0.6, 0)
    const wrong = await initialParameters(
      gaussians(3),
      rows,
      { _tag: 'responsibilities', responsibilities: q },
      random(0),
    )()
    expect(wrong).toMatchObject(E.left({ _tag: 'InvalidOption', expected: '200 x 3 of them' }))
  })
})
