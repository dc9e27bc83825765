import * as D from '@conjugate/distributions'
import * as T from '@conjugate/distributions/tensors'
import { right } from '@conjugate/testing'
import { tensorBackends } from '@conjugate/testing/tensors'
import * as tf from '@tensorflow/tfjs-core'
import { beforeEach, describe, expect, test } from 'vitest'
import { leavesNothing, near } from './batch.js'

const components = [
  {
    mean: [0, 0],
    covariance: [
      [1, 0.3],
      [0.3, 0.5],
    ],
  },
  {
    mean: [3, 1],
    covariance: [
      [0.5, 0],
      [0, 1],
    ],
  },
  {
    mean: [0, 4],
    covariance: [
      [2, -0.5],
      [-0.5, 1],
    ],
  },
].map(p => right(D.multivariateNormal.make(p)))
const weights = [0.5, 0.2, 0.3]
const points = [
  [0, 0.5],
  [2, 1],
  [-1, 3.5],
  [1.5, 1.5],
]
const gaussians = T.mixture(T.multivariateNormal)

const joint = (x: number[], k: number): number =>
  Math.log(weights[k]!) + D.multivariateNormal.logProb(components[k]!)(Float64Array.from(x))
const logProb64 = (x: number[]): number => Math.log([0, 1, 2].reduce((sum, k) => sum + Math.exp(joint(x, k)), 0))

describe.each(tensorBackends)('mixtures and products on %s', (_, activate) => {
  beforeEach(async () => {
    await activate()
  })

  test('the density and the posterior of lifted components are those of float64, with gradients', () => {
    tf.tidy(() => {
      const p = gaussians.lift({ weights, components })
      const x = tf.tensor2d(points)
      const log = gaussians.logProb(p)(x).dataSync()
      const posterior = gaussians.posterior(p)(x)
      expect(posterior.shape).toEqual([4, 3])
      const slope = tf
        .grad((v: tf.Tensor) => tf.sum(gaussians.logProb(p)(v)))(x)
        .dataSync()
      points.forEach((v, n) => {
        near(log[n]!, logProb64(v), 1e-5, 'log density')
        for (const k of [0, 1, 2])
          near(posterior.dataSync()[3 * n + k]!, Math.exp(joint(v, k) - logProb64(v)), 1e-5, 'posterior')
        for (const i of [0, 1]) {
          const moved = (h: number) => logProb64(v.map((c, j) => (i === j ? c + h : c)))
          near(slope[2 * n + i]!, (moved(1e-5) - moved(-1e-5)) / 2e-5, 1e-4, 'gradient')
        }
      })
      // In the logits: the posterior less the weights.
      const inLogits = tf.grad((logits: tf.Tensor) => gaussians.logProb({ ...p, logits })(tf.tensor1d(points[1]!)))(
        p.logits,
      )
      for (const k of [0, 1, 2])
        near(inLogits.dataSync()[k]!, posterior.dataSync()[3 + k]! - weights[k]!, 1e-5, 'gradient in logits')
    })
  })

  test('draws are of the components as often as their weights say', () => {
    tf.tidy(() => {
      const p = gaussians.lift({ weights, components })
      const x = gaussians.sample(p)([3000], 2)
      expect(x.shape).toEqual([3000, 2])
      const mean = tf.mean(x, 0).dataSync()
      for (const i of [0, 1]) {
        const expected = weights.reduce((sum, w, k) => sum + w * components[k]!.mean[i]!, 0)
        expect(Math.abs(mean[i]! - expected)).toBeLessThan((5 * 2) / Math.sqrt(3000))
      }
    })
  })

  test('means and variances are those of the components and of their means', () => {
    tf.tidy(() => {
      const check = (actual: tf.Tensor, expected: ReadonlyArray<number>, what: string) => {
        expect(actual.size).toBe(expected.length)
        for (const [i, v] of Array.from(actual.dataSync()).entries()) near(v, expected[i]!, 1e-5, what)
      }
      const average = (of: (k: number) => number) => weights.reduce((sum, w, k) => sum + w * of(k), 0)
      const p = gaussians.lift({ weights, components })
      const mean = [0, 1].map(i => average(k => components[k]!.mean[i]!))
      check(gaussians.mean(p), mean, 'mean')
      const spread = [0, 1].map(i =>
        average(k => components[k]!.covariance.data[3 * i]! + (components[k]!.mean[i]! - mean[i]!) ** 2),
      )
      check(gaussians.variance(p), spread, 'variance')
      const slopes = tf
        .grad((logits: tf.Tensor) => tf.sum(gaussians.mean({ ...p, logits })))(p.logits)
        .dataSync()
      for (const [k, { mean: of }] of components.entries())
        near(slopes[k]!, weights[k]! * (of[0]! + of[1]! - mean[0]! - mean[1]!), 1e-5, 'gradient in logits')

      // Of categories the mean is of probabilities; a batch of mixtures has one for each.
      const faces = T.mixture(T.categorical(2))
      const dice = {
        logits: tf.zeros([3, 2]),
        components: {
          logits: tf.log(
            tf.tensor2d([
              [0.5, 0.5],
              [0.1, 0.9],
            ]),
          ),
        },
      }
      expect(faces.mean(dice).shape).toEqual([3, 2])
      check(faces.mean(dice), [0.3, 0.7, 0.3, 0.7, 0.3, 0.7], 'probabilities')
      check(faces.variance(dice), Array(6).fill(0.21), 'variance of indicators')

      // Of matrices the mean is that of the matrices, by its factor.
      const members = [
        {
          degreesOfFreedom: 4,
          scale: [
            [1, 0.5],
            [0.5, 2],
          ],
        },
        {
          degreesOfFreedom: 6,
          scale: [
            [0.5, 0],
            [0, 1],
          ],
        },
      ].map(m => right(D.wishart.make(m)))
      const wisharts = T.mixture(T.wishart)
      const q = wisharts.lift({ weights: [0.25, 0.75], components: members })
      const l = wisharts.mean(q)
      const means = [
        [4, 2, 2, 8],
        [3, 0, 0, 6],
      ]
      const ofAll = means[0]!.map((v, i) => 0.25 * v + 0.75 * means[1]![i]!)
      check(tf.matMul(l, l, false, true), ofAll, 'mean of matrices')
      const within = members.map(m =>
        Array.from((D.wishart.variance(m) as { value: { data: ArrayLike<number> } }).value.data),
      )
      const entries = ofAll.map((v, i) =>
        [0.25, 0.75].reduce((sum, w, k) => sum + w * (within[k]![i]! + (means[k]![i]! - v) ** 2), 0),
      )
      check(wisharts.variance(q), entries, 'variance of entries')

      // A component that does not count may have no mean.
      const ts = T.mixture(T.studentT)
      const heavy = { degreesOfFreedom: tf.tensor1d([0.5, 5]), location: tf.tensor1d([0, 2]), scale: tf.ones([2]) }
      const alone = { logits: tf.tensor1d([Number.NEGATIVE_INFINITY, 0]), components: heavy }
      check(ts.mean(alone), [2], 'mean of one')
      check(ts.variance(alone), [5 / 3], 'variance of one')
      expect(ts.mean({ ...alone, logits: tf.zeros([2]) }).dataSync()[0]).toBeNaN()
      expect('mean' in T.mixture(T.normalInverseWishart)).toBe(false)
    })
  })

  test('a head makes batches of mixtures, and nothing is left behind', () => {
    tf.tidy(() => {
      const head = gaussians.head(3, 2)
      expect(head.units).toBe(3 * (1 + 2 + 3))
      const u = tf.tensor2d(
        Array.from({ length: 2 * head.units }, (_, i) => Math.sin(i)),
        [2, head.units],
      )
      const p = head.parameters(u)
      expect(p.components.factor.shape).toEqual([2, 3, 2, 2])
      expect(gaussians.logProb(p)(tf.zeros([5, 1, 2])).shape).toEqual([5, 2])
      for (const [i, v] of Array.from(head.inverse(p).dataSync()).entries()) near(v, u.dataSync()[i]!, 1e-5, 'inverse')
    })
    const p = gaussians.lift({ weights, components })
    const x = tf.tensor2d(points)
    leavesNothing(() => [gaussians.logProb(p)(x), gaussians.posterior(p)(x), gaussians.sample(p)([2], 1)])
    leavesNothing(() => [
      gaussians.mean(p),
      gaussians.variance(p),
      gaussians.responsibilities({ weights, components })(x),
    ])
    tf.dispose([p as never, x])
  })

  test('what all components find impossible is -Infinity, without garbage in gradients; what does not fit says so', () => {
    tf.tidy(() => {
      const gammas = T.mixture(T.gamma)
      const p = { logits: tf.zeros([2]), components: { shape: tf.tensor1d([2, 3]), rate: tf.tensor1d([1, 1]) } }
      const x = tf.tensor1d([-1, 2])
      expect(gammas.logProb(p)(x).dataSync()[0]).toBe(Number.NEGATIVE_INFINITY)
      const slope = tf
        .grad((v: tf.Tensor) => tf.sum(gammas.logProb(p)(v)))(x)
        .dataSync()
      expect(slope[0]).toBe(0)
      expect(Number.isFinite(slope[1]!)).toBe(true)
      expect(() => gammas.logProb({ ...p, logits: tf.zeros([3]) })(x)).toThrow(T.TensorMismatch)
      expect(() => T.normal.logProb({ mean: tf.zeros([2]), deviation: tf.ones([3]) })(x)).toThrow(
        'Normal.logProb: deviation: expected leading axes that are broadcast to [2], received [3]',
      )
      expect(() => T.multivariateNormal.logProb({ mean: tf.zeros([2]), factor: tf.eye(3) })(x)).toThrow(
        T.TensorMismatch,
      )
      expect(() => T.multivariateNormal.logProb({ mean: tf.zeros([2]), factor: tf.eye(2) })(tf.zeros([3]))).toThrow(
        'MultivariateNormal.logProb: a value: expected shape [..., d] with d = 2, received shape [3]',
      )
    })
  })

  test('a product is the sum of its columns', () => {
    tf.tidy(() => {
      const product = T.productFamily({ height: T.normal, visits: T.poisson })
      const member = { height: { mean: 1, variance: 4 }, visits: { rate: 2 } }
      const p = product.lift(member)
      const log = product
        .logProb(p)({ height: tf.scalar(0), visits: tf.tensor1d([0, 3]) })
        .dataSync()
      const float64 = D.productFamily({ height: D.normal, visits: D.poisson }).logProb(member)
      for (const [n, visits] of [0, 3].entries()) near(log[n]!, float64({ height: 0, visits }), 1e-5, 'log density')
      expect(product.sample(p)([4], 1).visits.shape).toEqual([4])
      expect(product.mean(p).visits.dataSync()[0]).toBe(2)
      expect(product.variance(p).height.dataSync()[0]).toBe(4)
      const q = product.lift({ height: { mean: 0, variance: 1 }, visits: { rate: 5 } })
      const divergence = product.klDivergence(p)(q).dataSync()[0]!
      const apart =
        T.normal.klDivergence(p.height)(q.height).dataSync()[0]! +
        T.poisson.klDivergence(p.visits)(q.visits).dataSync()[0]!
      near(divergence, apart, 1e-6, 'divergence')
      const head = T.productFamily({ at: T.multivariateNormal, visits: T.poisson }).head({ at: 2 })
      expect(head.units).toBe(5 + 1)
      const u = tf.tensor2d([
        [1, -1, 0.2, 0.5, 0.1, 2],
        [0, 1, 2, 3, 0.5, -1],
      ])
      const made = head.parameters(u)
      expect(made.at.factor.shape).toEqual([2, 2, 2])
      for (const [i, v] of Array.from(head.inverse(made).dataSync()).entries())
        near(v, u.dataSync()[i]!, 1e-5, 'inverse')
      expect(() => head.parameters(tf.zeros([5]))).toThrow(T.TensorMismatch)
      const normals = T.productFamily({ a: T.normal, b: T.gamma })
      const r = normals.lift({ a: { mean: 1, variance: 4 }, b: { shape: 2, rate: 3 } })
      near(
        normals.entropy(r).dataSync()[0]!,
        D.normal.entropy({ mean: 1, variance: 4 }) + D.gamma.entropy({ shape: 2, rate: 3 }),
        1e-5,
        'entropy',
      )
    })
  })
})

test('products and score functions leave nothing behind', async () => {
  await tensorBackends[0]![1]()
  const product = T.productFamily({ height: T.normal, weight: T.gamma })
  const p = product.lift({ height: { mean: 1, variance: 4 }, weight: { shape: 2, rate: 3 } })
  const x = { height: tf.scalar(1), weight: tf.tensor1d([1, 2]) }
  const head = product.head()
  const u = tf.zeros([head.units])
  for (const f of [
    () => product.logProb(p)(x),
    () => product.sample(p)([2], 1),
    () => product.mean(p),
    () => product.variance(p),
    () => product.entropy(p),
    () => product.klDivergence(p)(p),
    () => head.parameters(u),
    () => head.inverse(p),
    () => T.scoreFunction(T.gamma)(p.weight)(x.weight, x.weight),
  ])
    leavesNothing(f as () => tf.TensorContainer)
  tf.dispose([p as never, x, u])
})

test('MAP by gradient of one Gaussian ends where the closed form is', async () => {
  await tensorBackends[1]![1]()
  const stream = D.random(3)
  const rows = Array.from({ length: 100 }, () => {
    const a = stream.normal()
    return [3 + a, -1 + 0.4 * a + 0.6 * stream.normal()]
  })
  const prior = right(
    D.normalInverseWishart.make({
      mean: [0, 0],
      meanPrecision: 1,
      degreesOfFreedom: 6,
      scale: [
        [1, 0],
        [0, 1],
      ],
    }),
  )
  const { concat, empty } = D.normalInverseWishartPrior.monoid(prior)
  const sums = rows.map(x => D.normalInverseWishartPrior.observe(prior)(Float64Array.from(x), 1)).reduce(concat, empty)
  const expected = right(D.posteriorMode(D.normalInverseWishartPrior)(sums)(prior))
  const before = tf.memory().numTensors
  const found = tf.tidy(() => {
    const head = T.multivariateNormal.head(2)
    const u = tf.variable(tf.zeros([head.units]))
    const [x, priors] = [tf.tensor2d(rows), T.normalInverseWishart.lift(prior)]
    const loss = () => {
      const p = head.parameters(u)
      const logPrior = T.normalInverseWishart.logProb(priors)(p)
      return tf.neg(tf.add(tf.mean(T.multivariateNormal.logProb(p)(x)), tf.div(logPrior, rows.length))) as tf.Scalar
    }
    for (const rate of [0.1, 0.02, 0.002, 0.0002]) {
      const optimiser = tf.train.adam(rate)
      for (let i = 0; i < 120; i++) optimiser.minimize(loss)
      optimiser.dispose()
    }
    const { mean, factor } = head.parameters(u)
    const covariance = tf.matMul(factor, factor, false, true)
    const numbers = [...mean.dataSync(), ...covariance.dataSync()]
    u.dispose()
    return numbers
  })
  expect(tf.memory().numTensors).toBe(before)
  const closed = [...Array.from(expected.mean), ...Array.from(expected.covariance.data)]
  for (const [i, v] of closed.entries())
    expect(Math.abs(found[i]! - v)).toBeLessThanOrEqual(1e-6 * Math.max(1, Math.abs(v)))
})
