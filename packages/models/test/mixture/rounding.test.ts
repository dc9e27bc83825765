import {
  normalInverseGamma,
  normalInverseGammaPrior,
  normalInverseWishartPrior,
  productPrior,
  random,
  toStatistic,
} from '@conjugate/distributions'
import { javascript } from '@conjugate/executors'
import { identity } from '@conjugate/linalg'
import {
  conjugateMixture,
  diagonalGaussianMixture,
  type Ending,
  fit,
  gaussianMixture,
  onRows,
  poissonMixture,
  tiedGaussianMixture,
} from '@conjugate/models'
import { right, rightOf } from '@conjugate/testing'
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, test } from 'vitest'
import { mixtures, ofColumns, shared } from './mixtures.js'
import { clouds, gaussians, poissons } from './support.js'

/** Responsibilities that are not alike, so that EM has a way to go. */
const uneven = (rows: number, columns: number) => ({
  rows,
  columns,
  data: Float64Array.from({ length: rows * columns }, (_, i) => (((i * 7919) % 13) + 1) / 20),
})

describe('terms that cancel are no fall', () => {
  test.each([
    [1e4, 2],
    [1e5, 2],
    [1e5, 3],
  ])('%d counts of zero in %d components', async (count, components) => {
    const mixture = right(poissonMixture({ components, concentration: 2, prior: { shape: 1.5, rate: 0.1 } }))
    const start = { _tag: 'responsibilities', responsibilities: uneven(count, components) } as const
    const { objectives, rounding } = await rightOf(fit(mixture, new Float64Array(count), { start, iterations: 100 }))
    for (const [i, v] of objectives.slice(1).entries()) expect(v).toBeGreaterThanOrEqual(objectives[i]! - 2 * rounding)
    expect(rounding).toBeLessThan(1e-15 * count * components * 10)
  })

  test.each([1e1, 1e3, 1e5, 1e6])('clusters of a table %d standard deviations apart', async apart => {
    for (const seed of [1, 2, 3]) {
      const stream = random(seed)
      const rows = Array.from({ length: 300 }, (_, n) => ({ a: (n % 2) * apart + stream.normal() }))
      const prior = { mean: apart / 2, meanPrecision: 1e-12, shape: 2, scale: 1 }
      const mixture = right(
        conjugateMixture(productPrior({ a: normalInverseGammaPrior }))({
          ...shared,
          prior: { a: right(normalInverseGamma.make(prior)) },
        }),
      )
      const columns = right(diagonalGaussianMixture({ ...shared, prior: { ...prior, mean: [prior.mean], scale: [1] } }))
      const options = { iterations: 30, start: { _tag: 'k-means' } } as const
      const found = await rightOf(fit(mixture, rows, options))
      const exact = await rightOf(
        fit(
          columns,
          rows.map(x => [x.a]),
          options,
        ),
      )
      // What is lost is known.
      expect(Math.abs(found.objectives.at(-1)! - exact.objectives.at(-1)!)).toBeLessThanOrEqual(
        found.rounding + exact.rounding,
      )
    }
  })
})

describe('a fit knows how far rounding goes', () => {
  const narrow = (spread: number) => {
    const stream = random(4)
    return Array.from({ length: 200 }, () => {
      const t = stream.normal()
      return [t, t + spread * stream.normal()]
    })
  }
  const model = (scale: number) =>
    right(
      gaussianMixture({
        ...shared,
        prior: {
          mean: [0, 0],
          meanPrecision: 0.1,
          degreesOfFreedom: 4,
          scale: [
            [scale, 0],
            [0, scale],
          ],
        },
      }),
    )

  test('and does not say that it has converged where gains cannot be seen', async () => {
    const options = { start: { _tag: 'k-means' }, iterations: 2000, tolerance: 1e-9 } as const
    const good = await rightOf(fit(model(1), narrow(1), options))
    expect(good).toMatchObject({ stoppedBy: 'tolerance', converged: true })
    expect(good.rounding).toBeLessThan(1e-9)
    const poor = await rightOf(fit(model(1e-13), narrow(1e-6), options))
    expect(poor).toMatchObject({ stoppedBy: 'tolerance', converged: false })
    expect(poor.rounding).toBeGreaterThan(1e-9 * Math.abs(poor.objectives.at(-1)!))
  })
})

describe('an order of components', () => {
  const rows = clouds(80)
  const prior = { mean: [0, 0], meanPrecision: 0.1, degreesOfFreedom: 4, scale: identity(2) }
  const uneven = { ...shared, concentration: [1.5, 40] }
  const options = { order: 'expected-count', start: { _tag: 'k-means' } } as const

  test.each([
    ['weights', () => fit(right(gaussianMixture({ ...uneven, prior })), rows, options)()],
    ['shared covariance', () => fit(right(tiedGaussianMixture({ ...uneven, prior })), rows, options)()],
    ['columns', () => fit(right(diagonalGaussianMixture({ ...uneven, prior: ofColumns })), rows, options)()],
    ['labels', () => fit(gaussians(2), rows, { ...options, labels: new Int32Array(80).fill(-1) })()],
  ])('that would change the log joint is refused: %s', async (_, result) => {
    expect(await result()).toMatchObject(E.left({ _tag: 'InvalidOption', option: 'order' }))
  })

  test('is refused where the priors of components differ', async () => {
    const two = conjugateMixture(normalInverseGammaPrior)
    const [a, b] = [0, 5].map(mean => right(normalInverseGamma.make({ mean, meanPrecision: 1, shape: 2, scale: 1 })))
    const differ = right(two({ ...shared, prior: [a!, b!] }))
    const alike = right(two({ ...shared, prior: [a!, { ...a! }] }))
    const numbers = Array.from({ length: 40 }, (_, n) => (n % 2) * 5 + Math.sin(n))
    expect(await fit(differ, numbers, options)()).toMatchObject(E.left({ option: 'order' }))
    expect(E.isRight(await fit(alike, numbers, options)())).toBe(true)
  })

  test.each(mixtures.map(r => [r.name, r] as const))('ends where the trace does: %s', async (_, each) => {
    const fitted = await rightOf(fit(each.mixture, each.observations, { ...options, iterations: 10 }))
    const bound = await rightOf(onRows(each.mixture, each.observations, javascript))
    const end = await rightOf(bound.logJoint(fitted))
    bound.dispose()
    expect(Math.abs(end / fitted.objectives.at(-1)! - 1)).toBeLessThan(1e-9)
  })

  test('may have a concentration of its own for noise, which stays last', async () => {
    const noisy = right(gaussianMixture({ ...shared, concentration: [2, 2, 7], noise: -8, prior }))
    expect(E.isRight(await fit(noisy, rows, options)())).toBe(true)
  })
})

test('a component that shares parameters with others cannot be fixed alone', async () => {
  const prior = { mean: [0, 0], meanPrecision: 0.1, degreesOfFreedom: 4, scale: identity(2) }
  const mixture = right(tiedGaussianMixture({ ...shared, prior }))
  const result = await fit(mixture, clouds(80), { fixed: { components: [0] } })()
  expect(result).toMatchObject(E.left({ _tag: 'InvalidOption', option: 'fixed.components' }))
  expect(E.isRight(await fit(mixture, clouds(80), { fixed: { weights: true } })())).toBe(true)
  expect(E.isRight(await fit(poissons(2), [1, 2, 9, 12], { fixed: { components: [0] } })())).toBe(true)
})

describe('the end of the range of float64', () => {
  test.each([5e-324, 1e-310, 2e-308])('a weight of %d has statistics', weight => {
    const one = normalInverseGammaPrior.fromStatistic(weight, toStatistic(3 * weight, 9 * weight))
    expect(Number.isFinite(one.mean[0])).toBe(true)
    const prior = right(normalInverseGamma.make({ mean: 1, meanPrecision: 1, shape: 2, scale: 1 }))
    expect(right(normalInverseGammaPrior.update(one)(prior)).mean).toBeCloseTo(1, 12)
    const many = normalInverseWishartPrior.fromStatistic(weight, toStatistic(weight, 2 * weight, 1, 1, 1, 1))
    expect(Array.from(many.mean).every(Number.isFinite)).toBe(true)
    expect(Array.from(many.scatter.data).every(Number.isFinite)).toBe(true)
  })

  test('variances whose reciprocals are no numbers', async () => {
    const rows = Array.from({ length: 40 }, (_, n) => [1e-157 * ((n % 2) * 8 + Math.sin(n))])
    const prior = { mean: [0], meanPrecision: 1, shape: 2, scale: [1e-314] }
    const options = { start: { _tag: 'k-means' }, iterations: 10 } as const
    for (const backend of ['javascript', 'wasm'] as const) {
      const found = await rightOf(
        fit(right(diagonalGaussianMixture({ ...shared, prior })), rows, { ...options, backend }),
      )
      expect(Array.from(found.expectedCounts)).toEqual([expect.closeTo(20, 1), expect.closeTo(20, 1)])
    }
  })
})

describe('variances below 2^-1022 have fewer digits than others, which is known', () => {
  const stream = random(8)
  const data = Float64Array.from(clouds(40).data, (v, i) => 1e-160 * (v + 2 * (i % 2) * stream.normal()))
  const rows = { rows: 40, columns: 2, data }
  const prior = { mean: [0, 0], meanPrecision: 100, degreesOfFreedom: 4, scale: [[1e-320, 0], [0, 1e-320]] } // biome-ignore format: a matrix
  const columns = { mean: [0, 0], meanPrecision: 100, shape: 1, scale: [1e-320, 1e-320] }
  const options = { iterations: 30, start: { _tag: 'distinct-rows' } } as const
  test.each([
    ['full', () => fit(gaussianMixture({ ...shared, prior }), rows, options)],
    ['diagonal', () => fit(diagonalGaussianMixture({ ...shared, prior: columns }), rows, options)],
    ['with a shared covariance', () => fit(tiedGaussianMixture({ ...shared, prior }), rows, options)],
  ] as const)('%s', async (_, fitted) => {
    const { rounding, converged } = await rightOf<Ending>(fitted())
    // A variance of some 1e-318 is known to a relative 1e-6.
    expect(rounding).toBeGreaterThan(1e-6)
    expect(converged).toBe(false)
  })
})
