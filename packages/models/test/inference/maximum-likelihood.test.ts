import { exponential, normal, poisson } from '@conjugate/distributions'
import { fit, maximumLikelihoodGaussianMixture, maximumLikelihoodMixture } from '@conjugate/models'
import { right, rightOf } from '@conjugate/testing'
import * as E from 'fp-ts/lib/Either.js'
import { expect, test } from 'vitest'
import { clouds, counts } from '../mixture/support.js'

const start = { _tag: 'k-means' } as const

test('one component is the maximum-likelihood member', async () => {
  const xs = [1, 4, 2, 2, 9]
  const one = { components: 1, freeParameters: 1 }
  const rate = await rightOf(fit(right(maximumLikelihoodMixture(poisson)(one)), xs, { start }))
  expect(rate.components[0]!.rate).toBeCloseTo(3.6, 12)
  const waiting = await rightOf(fit(right(maximumLikelihoodMixture(exponential)(one)), xs, { start }))
  expect(waiting.components[0]!.rate).toBeCloseTo(1 / 3.6, 12)
  const both = await rightOf(fit(right(maximumLikelihoodMixture(normal)({ ...one, freeParameters: 2 })), xs, { start }))
  expect(both.components[0]!.mean).toBeCloseTo(3.6, 12)
  expect(both.components[0]!.variance).toBeCloseTo(8.24, 11)
})

test('rows that are known to be apart are the maximum-likelihood members of each, and noise keeps its own', async () => {
  const xs = [0, 1, 2, 90, 100, 110]
  const apart = right(maximumLikelihoodMixture(normal)({ components: 2, freeParameters: 2 }))
  const labels = [0, 0, 0, 1, 1, 1]
  const { weights, components } = await rightOf(fit(apart, xs, { labels, start: { _tag: 'labels', labels } }))
  expect(Array.from(weights)).toEqual([0.5, 0.5])
  expect(components[0]!.variance).toBeCloseTo(2 / 3, 12)
  expect(components[1]!.mean).toBeCloseTo(100, 10)
  expect(components[1]!.variance / (200 / 3)).toBeCloseTo(1, 10)
  const mixture = right(maximumLikelihoodMixture(poisson)({ components: 1, freeParameters: 1, noise: -10 }))
  const parameters = { weights: [0.5, 0.5], components: [{ rate: 2 }] }
  const found = await rightOf(fit(mixture, [1, 2, 3, 2, 500], { start: { _tag: 'parameters', parameters } }))
  expect(found.components[0]!.rate).toBeCloseTo(2, 2)
  expect(found.weights[1]!).toBeCloseTo(0.2, 2)
})

test('the log-likelihood never falls, and is the objective', async () => {
  for (const { objectives, logLikelihood } of [
    await rightOf(
      fit(right(maximumLikelihoodMixture(poisson)({ components: 2, freeParameters: 1 })), counts(300), { start }),
    ),
    await rightOf(
      fit(right(maximumLikelihoodGaussianMixture({ components: 2, columns: 2 })), clouds(100, 0.5), { start }),
    ),
  ]) {
    expect(objectives.at(-1)).toBe(logLikelihood)
    for (const [i, v] of objectives.slice(1).entries()) expect(v).toBeGreaterThanOrEqual(objectives[i]! - 1e-9)
  }
})

test('a component that collapses is an error that says so', async () => {
  const rows = [
    [0, 0],
    [1, 1],
    [2, 2],
    [9, 0],
    [9, 0],
  ]
  const mixture = right(maximumLikelihoodGaussianMixture({ components: 2, columns: 2 }))
  const result = await fit(mixture, rows, { start: { _tag: 'labels', labels: [0, 0, 0, 1, 1] } })()
  expect(result).toMatchObject(E.left({ _tag: 'InvalidParameter', parameter: 'components[0].covariance' }))
  const empty = await fit(mixture, rows, { start: { _tag: 'labels', labels: [0, 0, 0, 0, 0] } })()
  expect(empty).toMatchObject(E.left({ _tag: 'InvalidParameter', parameter: 'components[1].observations' }))
})

test.each([
  [{ components: 0, columns: 2 }, 'components'],
  [{ components: 2, columns: 0 }, 'columns'],
  [{ components: 2, columns: 2, noise: Number.NaN }, 'noise'],
])('options that are none: %#', (options, parameter) =>
  expect(maximumLikelihoodGaussianMixture(options)).toMatchObject(E.left({ parameter })),
)
