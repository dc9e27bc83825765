import { random } from '@conjugate/distributions'
import { javascript } from '@conjugate/executors'
import {
  describeFitError,
  type FitError,
  fit,
  gibbs,
  initialParameters,
  onlineFit,
  onRows,
  predict,
  statisticsOf,
  tiedGaussianMixture,
} from '@conjugate/models'
import { right, rightOf } from '@conjugate/testing'
import * as E from 'fp-ts/lib/Either.js'
import { expect, test } from 'vitest'
import { clouds, gaussians, poissons } from './support.js'

const mixture = poissons(2)
type Mixture = typeof mixture
const counts = [3, 4, 30, 31, 5, 29]
const start = { _tag: 'k-means' } as const
const fitted = await rightOf(fit(mixture, counts, { start, iterations: 2 }))

const fail = (): never => {
  throw new Error('out of paper')
}

/** The mixture with a function of somebody else in place of one of its own. */
const broken: Record<string, Mixture> = {
  'model.encode': { ...mixture, encode: fail },
  'model.steps.densities': inEncoded(steps => ({ ...steps, densities: fail })),
  'model.steps.maximize': inEncoded(steps => ({ ...steps, maximize: fail })),
  'model.steps.logPrior': inEncoded(steps => ({ ...steps, logPrior: fail })),
  'model.steps.statistics': inEncoded(steps => ({ ...steps, statistics: fail })),
  'model.weights.maximize': { ...mixture, weights: { ...mixture.weights, maximize: fail } },
  'model.weights.logWeights': { ...mixture, weights: { ...mixture.weights, logWeights: fail } },
}

function inEncoded(change: (steps: Mixture['steps']) => Mixture['steps']): Mixture {
  return {
    ...mixture,
    encode: (source, centring) => {
      const encoded = mixture.encode(source, centring)
      return E.isLeft(encoded) ? encoded : E.right({ ...encoded.right, steps: change(encoded.right.steps) })
    },
  }
}

type Result = E.Either<FitError, unknown>

const last = async (results: AsyncIterable<Result>): Promise<Result> => {
  let found: Result = E.right('nothing')
  for await (const result of results) found = result
  return found
}

/** Each call that a mixture comes to. */
const calls: Record<string, (mixture: Mixture) => Promise<Result> | Result> = {
  fit: model => fit(model, counts, { start, iterations: 2 })(),
  'fit by SQUAREM': model => fit(model, counts, { start, iterations: 4, acceleration: 'squarem' })(),
  predict: model => predict(model, fitted, counts)(),
  initialParameters: model => initialParameters(model, counts, start, random(1)),
  statisticsOf: model => statisticsOf(model, counts, { rows: 6, columns: 2, data: new Float64Array(12).fill(0.5) }),
  onlineFit: model => onlineFit(model, [counts, counts], { start })(),
  gibbs: model => last(gibbs(model, counts, { samples: 2 })),
  'a path': async model => {
    const bound = await onRows(model, counts, javascript)()
    if (E.isLeft(bound)) return bound
    for await (const step of bound.right.iterations(fitted)) {
      if (E.isLeft(step)) return step
      if (step.right.index > 1) break
    }
    return bound
  },
  'log p of a point': async model => {
    const bound = await onRows(model, counts, javascript)()
    return E.isLeft(bound) ? bound : bound.right.logJoint(fitted)()
  },
}

test.each(Object.keys(calls))('%s says which function of the mixture throws', async name => {
  const call = calls[name]!
  expect(E.isRight(await call(mixture))).toBe(true)
  let failed = 0
  for (const [callback, model] of Object.entries(broken)) {
    const result = await call(model)
    // Not every call comes to every function.
    if (E.isRight(result)) continue
    failed++
    expect(result.left).toEqual({ _tag: 'CallbackFailed', callback, reason: 'out of paper' })
  }
  expect(failed).toBeGreaterThan(0)
  expect(await call(broken['model.encode']!)).toMatchObject(E.left({ callback: 'model.encode' }))
})

test('a path refuses what a fit refuses', async () => {
  const prior = { mean: [0, 0], meanPrecision: 0.1, degreesOfFreedom: 4, scale: [[1, 0], [0, 1]] } // biome-ignore format: a matrix
  const tied = right(tiedGaussianMixture({ components: 2, concentration: 2, prior }))
  const rows = clouds(20)
  const first = right(initialParameters(tied, rows, { _tag: 'random-rows' }, random(1)))
  const bound = await rightOf(onRows(tied, rows, javascript))
  const fixed = { components: [0] }
  const [of, byFit] = [await last(bound.iterations(first, { fixed })), await fit(tied, rows, { fixed })()]
  expect(of).toEqual(byFit)
  expect(E.isLeft(of) && describeFitError(of.left)).toBe(
    'fixed.components is [0], expected none, since the components share parameters',
  )
  for (const options of [{ acceleration: 'fast' }, { fixed: { components: [2] } }, { fixd: {} }, 3])
    expect(await last(bound.iterations(first, options as never))).toMatchObject(E.left({ _tag: 'InvalidOption' }))
})

test('rows that all have a weight of 0 are no missing rows', async () => {
  for (const tag of ['k-means', 'distinct-rows', 'random-rows'] as const)
    for (const task of [
      fit(gaussians(2), clouds(3), { start: { _tag: tag }, rowWeights: [0, 0, 0] }),
      fit(poissons(2), [1, 2, 3], { start: { _tag: tag }, rowWeights: [0, 0, 0] }),
    ]) {
      const result = await task()
      expect(E.isLeft(result) && describeFitError(result.left)).toBe('no row counts: the weights of all 3 are 0')
    }
})

test('a fit of a stream says where it ran', async () => {
  const { backend } = await rightOf(onlineFit(mixture, [counts, counts], { start, backend: 'javascript' }))
  expect(backend).toBe('plain JavaScript (float64)')
})
