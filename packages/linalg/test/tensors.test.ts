import { cholesky, logDeterminant, triangularSolve } from '@conjugate/linalg/tensors'
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
    expectNear(tf.matMul(l, triangularSolve(l, b, true), true).dataSync(), b.dataSync(), 1e-4)
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
      const g = (x: tf.Tensor) => tf.sum(tf.mul(weights, triangularSolve(cholesky(symmetric(x)), x, transposed)))
      expectNear(tf.grad(g)(at).dataSync(), differences(g, at), 2e-3)
    }
  })
})
