import {
  digamma as digammaOf,
  cholesky as factorOf,
  inverse,
  logGamma as logGammaOf,
  multivariateLogGamma as multivariateLogGammaOf,
  square,
  trigamma as trigammaOf,
} from '@conjugate/linalg'
import {
  cholesky,
  digamma,
  logDeterminant,
  logGamma,
  multivariateLogGamma,
  symmetricInverse,
  triangularSolve,
  trigamma,
} from '@conjugate/linalg/tensors'
import { right } from '@conjugate/testing'
import { tensorBackends } from '@conjugate/testing/tensors'
import * as tf from '@tensorflow/tfjs-core'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'

const matrices = [
  [4, 1, 1, 3],
  [2, -0.5, -0.5, 1],
]
const batch = () => tf.tensor3d(matrices.flat(), [2, 2, 2])

const expectNear = (actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance = 1e-5) => {
  expect(actual.length).toBe(expected.length)
  for (let i = 0; i < expected.length; i++) expect(Math.abs(actual[i]! - expected[i]!)).toBeLessThanOrEqual(tolerance)
}

/** Symmetric central differences of a scalar function of all entries. */
const differences = (f: (x: tf.Tensor) => tf.Tensor, at: tf.Tensor, step = 1e-2): number[] => {
  const values = Array.from(at.dataSync())
  return values.map((_, i) => {
    const moved = (h: number) =>
      f(
        tf.tensor(
          values.map((v, j) => (i === j ? v + h : v)),
          at.shape,
        ),
      ).dataSync()[0]!
    return (moved(step) - moved(-step)) / (2 * step)
  })
}

describe.each(tensorBackends)('tensor kernels on %s', (_, activate) => {
  let tensors = 0
  beforeEach(async () => {
    await activate()
    tf.engine().startScope()
    tensors = tf.memory().numTensors
  })
  afterEach(() => {
    tf.engine().endScope()
    expect(tf.memory().numTensors).toBe(tensors)
  })

  test('the factor times its transpose is the matrix', () => {
    const l = cholesky(batch())
    expectNear(tf.matMul(l, l, false, true).dataSync(), matrices.flat())
    expect(l.dataSync()[1]).toBe(0)
  })

  test('the log-determinant', () => {
    expectNear(logDeterminant(cholesky(batch())).dataSync(), [Math.log(11), Math.log(1.75)])
  })

  test('triangular systems, plain and transposed', () => {
    const l = cholesky(batch())
    const b = tf.tensor3d([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12], [2, 2, 3])
    expectNear(tf.matMul(l, triangularSolve(l, b)).dataSync(), b.dataSync(), 1e-4)
    expectNear(tf.matMul(l, triangularSolve(l, b, { transposed: true }), true).dataSync(), b.dataSync(), 1e-4)
  })

  test('a matrix that is not positive definite has a factor of NaN, and its neighbour a proper one', () => {
    const l = cholesky(tf.tensor3d([1, 2, 2, 1, 4, 0, 0, 9], [2, 2, 2])).dataSync()
    expect(Array.from(l.slice(0, 4)).every(Number.isNaN)).toBe(true)
    expectNear(l.slice(4), [2, 0, 0, 3])
  })

  test('gradients equal finite differences', () => {
    // A symmetric argument built from free entries, so that every entry can move alone.
    const symmetric = (x: tf.Tensor) => tf.add(tf.matMul(x, x, false, true), tf.eye(2))
    const weights = tf.tensor3d([1, 0, -2, 0.5, 0.3, 0, 1.5, -1], [2, 2, 2])
    const f = (x: tf.Tensor) => tf.sum(tf.mul(weights, cholesky(symmetric(x))))
    const at = tf.tensor3d([1, 0.5, -0.3, 0.8, 0.2, -1, 0.4, 0.6], [2, 2, 2])
    expectNear(tf.grad(f)(at).dataSync(), differences(f, at), 2e-3)
    for (const transposed of [false, true]) {
      const g = (x: tf.Tensor) => tf.sum(tf.mul(weights, triangularSolve(cholesky(symmetric(x)), x, { transposed })))
      expectNear(tf.grad(g)(at).dataSync(), differences(g, at), 2e-3)
    }
  })

  test('batches of any shape, from none to many and of 1 to 64 columns', () => {
    for (const [batch, d] of [
      [[], 3],
      [[1], 1],
      [[0], 4],
      [[2, 3], 5],
      [[2], 64],
    ] as const) {
      const count = batch.reduce((a: number, b) => a * b, 1)
      const matrix = square(d, (i, j) => 1 / (1 + Math.abs(i - j)) + (i === j ? 2 : 0))
      const x = tf.tensor(
        Float32Array.from({ length: count * d * d }, (_, i) => matrix.data[i % (d * d)]!),
        [...batch, d, d],
      )
      const expected = Array.from({ length: count }, () => Array.from(inverse(right(factorOf(matrix))).data)).flat()
      const result = symmetricInverse(x)
      expect(result.shape).toEqual([...batch, d, d])
      expectNear(result.dataSync(), expected)
    }
  })

  test('gamma functions of any shape agree with those of numbers', () => {
    const values = [1e-3, 0.5, 1, 1.5, 2, 7.25, 40, 1e4]
    const x = tf.tensor(values, [2, 2, 2])
    const near = (actual: tf.Tensor, f: (x: number) => number) => {
      expect(actual.shape).toEqual([2, 2, 2])
      for (const [i, v] of Array.from(actual.dataSync()).entries()) {
        const expected = f(Math.fround(values[i]!))
        expect(Math.abs(v - expected)).toBeLessThanOrEqual(4e-6 * Math.max(1, Math.abs(expected)))
      }
    }
    near(logGamma(x), logGammaOf)
    near(digamma(x), digammaOf)
    near(trigamma(x), trigammaOf)
    const above = tf.add(x, 2)
    const expected = values.map(v => multivariateLogGammaOf(4)(Math.fround(v) + 2))
    for (const [i, v] of Array.from(multivariateLogGamma(4)(above).dataSync()).entries())
      expect(Math.abs(v - expected[i]!)).toBeLessThanOrEqual(1e-5 * Math.max(1, Math.abs(expected[i]!)))
  })

  test('gradients of gamma functions and inverses equal finite differences', () => {
    const at = tf.tensor1d([0.7, 1.3, 4])
    for (const g of [logGamma, digamma, multivariateLogGamma(2)]) {
      const f = (x: tf.Tensor) => tf.sum(tf.mul(g(tf.add(x, 1)), tf.tensor1d([1, -2, 0.5])))
      expectNear(tf.grad(f)(at).dataSync(), differences(f, at), 3e-3)
    }
    const second = tf.grad((x: tf.Tensor) => tf.sum(tf.grad((y: tf.Tensor) => tf.sum(logGamma(y)))(x)))
    expectNear(second(at).dataSync(), Array.from(at.dataSync(), trigammaOf), 1e-5)
    const symmetric = (x: tf.Tensor) => tf.add(tf.matMul(x, x, false, true), tf.eye(2))
    const weights = tf.tensor2d([1, 0.5, -2, 0.3], [2, 2])
    const f = (x: tf.Tensor) => tf.sum(tf.mul(weights, symmetricInverse(symmetric(x))))
    const x = tf.tensor2d([1, 0.5, -0.3, 0.8], [2, 2])
    expectNear(tf.grad(f)(x).dataSync(), differences(f, x), 2e-3)
  })
})
