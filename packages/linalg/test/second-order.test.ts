import { registerSecondOrder } from '@conjugate/linalg/tensors'
import { tensorBackends } from '@conjugate/testing/tensors'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, test } from 'vitest'
import { differences, type OfTensor, weighted } from './support/differences.js'

const at = () => tf.tensor2d([-1.5, 0.3, 0.7, -0.2, 2, 0.1], [2, 3])

const mended: ReadonlyArray<readonly [name: string, f: OfTensor]> = [
  ['exp', x => tf.exp(tf.square(x))],
  ['sigmoid', tf.sigmoid],
  ['tanh', tf.tanh],
  ['softmax', x => tf.softmax(tf.mul(2, x))],
  ['logSumExp', x => tf.logSumExp(tf.mul(2, x), -1)],
  ['max', x => tf.max(tf.mul(x, tf.square(x)), -1)],
  ['min', x => tf.min(tf.mul(x, tf.square(x)), -1)],
  ['clipByValue', x => tf.clipByValue(tf.mul(x, tf.square(x)), -1, 1)],
]

/** What is told to be left as it is. */
const left: ReadonlyArray<readonly [name: string, f: OfTensor]> = [
  ['pow', x => tf.pow(tf.add(tf.square(x), 1), tf.add(tf.square(x), 1))],
  ['logSoftmax', x => tf.logSoftmax(tf.mul(2, x))],
  ['elu', tf.elu],
  ['prod', x => tf.prod(x, -1)],
]

const first =
  (f: OfTensor): OfTensor =>
  x =>
    tf.grad((v: tf.Tensor) => weighted(f(v)))(x)

/** How far the gradient of the gradient is from what differences of the gradient say, or that there is none. */
const error = (f: OfTensor): number | 'none' => {
  const ofGradient = (x: tf.Tensor) => weighted(first(f)(x))
  try {
    const found = tf.grad(ofGradient)(at()).dataSync()
    const expected = differences(ofGradient, at())
    const size = Math.max(1, ...expected.map(Math.abs))
    return Math.max(...expected.map((v, i) => Math.abs(v - found[i]!))) / size
  } catch {
    return 'none'
  }
}

const isRight = (found: number | 'none'): boolean => found !== 'none' && found < 1e-3

test('without being mended none of them is right', async () => {
  await tensorBackends[0]![1]()
  expect(mended.filter(([, f]) => isRight(error(f))).map(([name]) => name)).toEqual([])
})

describe.each(tensorBackends)('second derivatives of TensorFlow.js on %s', (_, activate) => {
  beforeAll(async () => {
    await activate()
  })

  test('are right where they are mended, and the first are what they were', () => {
    const gradients = () => mended.map(([, f]) => Array.from(first(f)(at()).dataSync()))
    const before = gradients()
    registerSecondOrder(tf)
    // Once more is the same.
    registerSecondOrder(tf)
    const after = gradients()
    for (const [i, [name, f]] of mended.entries()) {
      for (const [j, v] of after[i]!.entries()) expect(Math.abs(v - before[i]![j]!), name).toBeLessThan(1e-5)
      expect(error(f), name).toBeLessThan(1e-3)
    }
  })

  test.each(left)('of %s are left as they are', (_name, f) => expect(isRight(error(f))).toBe(false))
})
