import { dirichlet, inverseWishart, multivariateNormal, normalInverseWishart, random } from '@conjugate/distributions'
import {
  dirichletLogProb,
  inverseWishartLogProb,
  multivariateNormalLogProb,
  normalInverseWishartLogProb,
} from '@conjugate/distributions/tensors'
import { right } from '@conjugate/testing'
import { tensorBackends } from '@conjugate/testing/tensors'
import * as tf from '@tensorflow/tfjs-core'
import { beforeEach, describe, expect, test } from 'vitest'

const COUNT = 20
const scale = [
  [2, 0.4, 0],
  [0.4, 1, -0.3],
  [0, -0.3, 1.5],
]

/** One family on tensors: sampled values as flat arrays, the log density of tensors of them, and of float64 numbers. */
interface Row {
  readonly name: string
  readonly values: ReadonlyArray<ReadonlyArray<number>>
  readonly onTensors: (x: tf.Tensor2D) => tf.Tensor1D
  readonly onNumbers: (x: ReadonlyArray<number>) => number
  readonly impossible: ReadonlyArray<ReadonlyArray<number>>
}

const draw = <X>(sample: (r: ReturnType<typeof random>) => X): X[] => {
  const stream = random(11)
  return Array.from({ length: COUNT }, () => sample(stream))
}

const mvn = right(multivariateNormal.make({ mean: [1, -2, 0.5], covariance: scale }))
const iw = right(inverseWishart.make({ degreesOfFreedom: 8, scale }))
const niw = right(normalInverseWishart.make({ mean: [0, 1, 2], meanPrecision: 1.5, degreesOfFreedom: 8, scale }))
const dir = right(dirichlet.make({ concentration: [2, 1, 4.5] }))

const matrix3 = (x: ReadonlyArray<number>) => ({ rows: 3, columns: 3, data: Float64Array.from(x) })
const indefinite = [1, 0, 0, 0, -1, 0, 0, 0, 1]

const rows: ReadonlyArray<Row> = [
  {
    name: 'multivariate normal',
    values: draw(multivariateNormal.sample(mvn)).map(x => Array.from(x)),
    onTensors: multivariateNormalLogProb(mvn),
    onNumbers: multivariateNormal.logProb(mvn),
    impossible: [],
  },
  {
    name: 'inverse Wishart',
    values: draw(inverseWishart.sample(iw)).map(x => Array.from(x.data)),
    onTensors: x => tf.tidy(() => inverseWishartLogProb(iw)(tf.reshape(x, [-1, 3, 3]))),
    onNumbers: x => inverseWishart.logProb(iw)(matrix3(x)),
    impossible: [indefinite],
  },
  {
    name: 'normal-inverse-Wishart',
    values: draw(normalInverseWishart.sample(niw)).map(x => [...Array.from(x.mean), ...Array.from(x.covariance.data)]),
    onTensors: x =>
      tf.tidy(() =>
        normalInverseWishartLogProb(niw)(tf.slice(x, [0, 0], [-1, 3]), tf.reshape(tf.slice(x, [0, 3]), [-1, 3, 3])),
      ),
    onNumbers: x =>
      normalInverseWishart.logProb(niw)(
        right(multivariateNormal.make({ mean: x.slice(0, 3), covariance: matrix3(x.slice(3)) })),
      ),
    impossible: [[0, 0, 0, ...indefinite]],
  },
  {
    name: 'Dirichlet',
    values: draw(dirichlet.sample(dir)).map(x => Array.from(x)),
    onTensors: dirichletLogProb(dir),
    onNumbers: dirichlet.logProb(dir),
    impossible: [
      [0.5, 0.6, 0.2],
      [-0.2, 0.6, 0.6],
      [0, 0.5, 0.5],
    ],
  },
]

/** Directions within the support: symmetric for matrices, of sum zero for probabilities. */
const direction = (value: ReadonlyArray<number>, other: ReadonlyArray<number>): number[] =>
  value.map((v, i) => other[i]! - v)

describe.each(tensorBackends)('log densities on %s', (_, activate) => {
  beforeEach(async () => {
    await activate()
  })

  describe.each(rows.map(r => [r.name, r] as const))('%s', (_name, { values, onTensors, onNumbers, impossible }) => {
    test('agrees with float64 and leaks nothing', () => {
      const before = tf.memory().numTensors
      const x = tf.tensor2d(values.map(v => [...v]))
      const logProb = onTensors(x)
      const actual = logProb.dataSync()
      tf.dispose([x, logProb])
      expect(tf.memory().numTensors).toBe(before)
      for (const [n, v] of values.entries()) {
        const expected = onNumbers(v)
        expect(Math.abs(actual[n]! - expected)).toBeLessThanOrEqual(1e-4 * Math.max(1, Math.abs(expected)))
      }
    })

    test('the gradient is the slope of the float64 density', () => {
      const at = values[0]!
      const along = direction(at, values[1]!)
      const gradient = tf.tidy(() =>
        tf
          .grad(x => tf.sum(onTensors(x as tf.Tensor2D)))(tf.tensor2d([[...at]]))
          .dataSync(),
      )
      const actual = along.reduce((sum, d, i) => sum + d * gradient[i]!, 0)
      const moved = (h: number) => onNumbers(at.map((v, i) => v + h * along[i]!))
      const expected = (moved(1e-5) - moved(-1e-5)) / 2e-5
      expect(Math.abs(actual - expected)).toBeLessThanOrEqual(2e-3 * Math.max(1, Math.abs(expected)))
    })

    if (impossible.length === 0) return
    test('outside the support is -Infinity, and only there', () => {
      const logProb = tf.tidy(() => onTensors(tf.tensor2d([...impossible, values[0]!].map(v => [...v]))).dataSync())
      expect(Array.from(logProb.slice(0, -1))).toEqual(impossible.map(() => Number.NEGATIVE_INFINITY))
      expect(Number.isFinite(logProb.at(-1))).toBe(true)
    })
  })
})

test('a concentration of 1 does not see a probability of 0', async () => {
  await tensorBackends[0]![1]()
  const logProb = tf.tidy(() => dirichletLogProb(dir)(tf.tensor2d([[0.5, 0, 0.5]])).dataSync()[0]!)
  expect(logProb).toBeCloseTo(dirichlet.logProb(dir)([0.5, 0, 0.5]), 4)
})
