import { identity } from '@conjugate/linalg'
import { describeFitError, type FitError, fit, gaussianMixture, poissonMixture, predict } from '@conjugate/models'
import { right, rightOf } from '@conjugate/testing'
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, test } from 'vitest'
import { clouds, gaussians, poissons, table, tables } from './support.js'

const message = (result: E.Either<FitError, unknown>): string =>
  E.isLeft(result) ? describeFitError(result.left) : 'no error'

const start = { _tag: 'k-means' } as const
const first = { _tag: 'rows', indices: [0, 1] } as const

/** Finite numbers throughout, and an objective that never falls. */
const expectSound = (fitted: {
  readonly objectives: ReadonlyArray<number>
  readonly components: ReadonlyArray<unknown>
}) => {
  for (const [i, v] of fitted.objectives.entries()) {
    expect(Number.isFinite(v)).toBe(true)
    if (i > 0) expect(v).toBeGreaterThanOrEqual(fitted.objectives[i - 1]! - 1e-10 * Math.abs(v))
  }
  expect(JSON.stringify(fitted.components)).not.toMatch(/null/)
}

describe('few observations', () => {
  test('none: a start that draws has nothing to draw, given parameters stay a prior mode', async () => {
    for (const task of [fit(gaussians(2), [], {}), fit(poissons(2), [], {}), fit(tables(2), [], {})])
      expect(message(await task())).toContain('no rows')
    const given = await rightOf(fit(poissons(2), [3, 4], { start: first, iterations: 0 }))
    const parameters = { weights: given.weights, components: given.components }
    const nothing = await rightOf(fit(poissons(2), [], { start: { _tag: 'parameters', parameters }, iterations: 3 }))
    expect(nothing.components[0]!.rate).toBeCloseTo((2 - 1) / 0.2, 12)
    expect(nothing.assignments).toHaveLength(0)
    expect((await rightOf(predict(poissons(2), nothing, []))).logProb).toHaveLength(0)
    expect(
      (await rightOf(predict(tables(2), await rightOf(fit(tables(2), table(20), { start })), []))).logProb,
    ).toHaveLength(0)
  })

  test.each([
    [1e-12, 1],
    [1, 1e-12],
    [1, 1e30],
    [1e30, 1e-30],
  ])('two of very different weights, %d and %d, are two', async (...rowWeights) => {
    const rows = [
      [1, 2],
      [1 + 1e-12, 2],
    ]
    for (const tag of ['k-means', 'distinct-rows'] as const)
      expect(message(await fit(poissons(2), [3, 4], { start: { _tag: tag }, rowWeights, iterations: 2 })())).toBe(
        'no error',
      )
    expect(message(await fit(gaussians(2), rows, { start, rowWeights, iterations: 2 })())).toBe('no error')
  })

  test('one, and fewer than components: an error for starts of different rows, a fit otherwise', async () => {
    expect(
      message(
        await fit(gaussians(3), [
          [1, 2],
          [3, 4],
        ])(),
      ),
    ).toContain('2 distinct rows, expected at least 3')
    expect(message(await fit(gaussians(2), [[1, 2]], { start })())).toContain('1 distinct rows')
    expectSound(await rightOf(fit(gaussians(1), [[1, 2]])))
    expectSound(
      await rightOf(
        fit(
          gaussians(3),
          [
            [1, 2],
            [3, 4],
          ],
          { start: { _tag: 'random-rows' } },
        ),
      ),
    )
    expectSound(await rightOf(fit(poissons(1), [7])))
  })
})

describe('data without spread', () => {
  test('constant columns, duplicates and collinear columns are held by the prior', async () => {
    const line = Array.from({ length: 60 }, (_, i) => [i % 7, 2 * (i % 7)])
    const constant = Array.from({ length: 60 }, (_, i) => [i % 2, 5])
    const duplicates = Array.from({ length: 60 }, (_, i) => (i % 2 === 0 ? [0, 0] : [1, 1]))
    for (const rows of [line, constant, duplicates])
      for (const options of [{}, { start }, { acceleration: 'squarem' } as const])
        expectSound(await rightOf(fit(gaussians(2), rows, { ...options, iterations: 200 })))
  })

  test('a weak prior on equal rows: sharp components, or an error that names one', async () => {
    const weak = right(
      gaussianMixture({
        components: 2,
        concentration: 1,
        prior: {
          mean: [0, 0],
          meanPrecision: 1e-6,
          degreesOfFreedom: 1.001,
          scale: [
            [1e-12, 0],
            [0, 1e-12],
          ],
        },
      }),
    )
    const rows = Array.from({ length: 40 }, (_, i) => (i % 2 === 0 ? [0, 0] : [1, 1]))
    const result = await fit(weak, rows, { start, iterations: 50 })()
    if (E.isRight(result)) expectSound(result.right)
    else expect(describeFitError(result.left)).toMatch(/components\[\d\]/)
  })
})

describe('extreme scales', () => {
  test.each([1e-150, 1e-30, 1e-6, 1e6, 1e30, 1e120])('times %d', async factor => {
    const rows = clouds(80)
    const scaled = { ...rows, data: Float64Array.from(rows.data, v => v * factor) }
    const mixture = right(
      gaussianMixture({
        components: 2,
        concentration: 2,
        prior: {
          mean: [0, 0],
          meanPrecision: 0.1,
          degreesOfFreedom: 4,
          scale: { rows: 2, columns: 2, data: Float64Array.from(identity(2).data, v => v * factor ** 2) },
        },
      }),
    )
    const plain = await rightOf(fit(gaussians(2), rows, { start: first }))
    const result = await fit(mixture, scaled, { start: first })()
    expectSound(right(result))
    expect(Array.from(right(result).assignments)).toEqual(Array.from(plain.assignments))
  })

  test('an offset of 1e6 costs no digits in the shape', async () => {
    const rows = clouds(80)
    const far = { ...rows, data: Float64Array.from(rows.data, v => Math.fround(v) + 1e6) }
    const near = { ...rows, data: Float64Array.from(far.data, v => v - 1e6) }
    const at = (mean: number) =>
      right(
        gaussianMixture({
          components: 2,
          concentration: 2,
          prior: { mean: [mean, mean], meanPrecision: 0.1, degreesOfFreedom: 4, scale: identity(2) },
        }),
      )
    const [a, b] = [
      await rightOf(fit(at(0), near, { start: first })),
      await rightOf(fit(at(1e6), far, { start: first })),
    ]
    for (const [k, c] of a.components.entries())
      for (const [i, v] of Array.from(c.covariance.data).entries())
        expect(Math.abs(b.components[k]!.covariance.data[i]! - v)).toBeLessThan(1e-9)
  })

  test('counts up to 1e15 and all zeros', async () => {
    const weak = right(poissonMixture({ components: 2, concentration: 2, prior: { shape: 1.1, rate: 1e-15 } }))
    expectSound(await rightOf(fit(weak, [1e15, 1.1e15, 3, 4, 0], { start })))
    expectSound(await rightOf(fit(poissons(1), [0, 0, 0])))
  })
})

describe('numbers that are none', () => {
  test.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])(
    '%d is refused with row and column',
    async bad => {
      expect(
        message(
          await fit(
            gaussians(2),
            [
              [1, 2],
              [3, bad],
              [4, 5],
            ],
            { start: first },
          )(),
        ),
      ).toBe(`row 1, column 1: ${bad}, expected a finite number`)
      expect(message(await fit(poissons(2), [1, 2, bad])())).toContain('row 2')
      expect(message(await fit(tables(2), [{ height: bad, visits: 1, colour: 1 }])())).toContain('row 0')
    },
  )

  test('weights, labels and options that are none are refused by name', async () => {
    const rows = clouds(10)
    expect(message(await fit(gaussians(2), rows, { rowWeights: [1, 2] })())).toContain('rowWeights')
    expect(message(await fit(gaussians(2), rows, { rowWeights: Array.from({ length: 10 }, () => -1) })())).toContain(
      'row 0',
    )
    expect(message(await fit(gaussians(2), rows, { restarts: 0 })())).toContain('restarts')
    expect(message(await fit(gaussians(2), rows, { start: { _tag: 'rows', indices: [0, 10] } })())).toContain('10')
  })
})

describe('components without observations', () => {
  test('stay at the mode of their prior where it has one', async () => {
    const labels = Array.from({ length: 20 }, () => 0)
    const { components, expectedCounts } = await rightOf(
      fit(gaussians(2), clouds(20), { labels, start: { _tag: 'labels', labels } }),
    )
    expect(expectedCounts[1]).toBe(0)
    expect(Array.from(components[1]!.mean)).toEqual([0, 0])
  })

  test.each([0.1, 0.5, 1])('with a concentration of %d get weight 0, and the fit goes on', async concentration => {
    const labels = Array.from({ length: 20 }, () => 0)
    const mixture = gaussians(2, { concentration })
    const fitted = await rightOf(fit(mixture, clouds(20), { labels, start: { _tag: 'labels', labels } }))
    expect(Array.from(fitted.weights)).toEqual([1, 0])
    expectSound(fitted)
  })
})
