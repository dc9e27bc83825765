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
  const rate = await rightOf(fit(right(maximumLikelihoodMixture(poisson)(one)))(xs, { start }))
  expect(rate.components[0]!.rate).toBeCloseTo(3.6, 12)
  const waiting = await rightOf(fit(right(maximumLikelihoodMixture(exponential)(one)))(xs, { start }))
  expect(waiting.components[0]!.rate).toBeCloseTo(1 / 3.6, 12)
  const both = await rightOf(fit(right(maximumLikelihoodMixture(normal)({ ...one, freeParameters: 2 })))(xs, { start }))
  expect(both.components[0]!.mean).toBeCloseTo(3.6, 12)
  expect(both.components[0]!.variance).toBeCloseTo(8.24, 11)
})

test('the log-likelihood never falls, and is the objective', async () => {
  for (const { logProbs, logLikelihood } of [
    await rightOf(
      fit(right(maximumLikelihoodMixture(poisson)({ components: 2, freeParameters: 1 })))(counts(300), { start }),
    ),
    await rightOf(
      fit(right(maximumLikelihoodGaussianMixture({ components: 2, columns: 2 })))(clouds(100, 0.5), { start }),
    ),
  ]) {
    expect(logProbs.at(-1)).toBe(logLikelihood)
    for (const [i, v] of logProbs.slice(1).entries()) expect(v).toBeGreaterThanOrEqual(logProbs[i]! - 1e-9)
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
  const result = await fit(mixture)(rows, { start: { _tag: 'labels', labels: [0, 0, 0, 1, 1] } })()
  expect(result).toMatchObject(E.left({ _tag: 'InvalidParameter', parameter: 'components[0].covariance' }))
  const empty = await fit(mixture)(rows, { start: { _tag: 'labels', labels: [0, 0, 0, 0, 0] } })()
  expect(empty).toMatchObject(E.left({ _tag: 'InvalidParameter', parameter: 'components[1].observations' }))
})

test.each([
  [{ components: 0, columns: 2 }, 'components'],
  [{ components: 2, columns: 0 }, 'columns'],
])('options that are none: %#', (options, parameter) =>
  expect(maximumLikelihoodGaussianMixture(options)).toMatchObject(E.left({ parameter })),
)
