import {
  cholesky,
  digamma,
  exp,
  expm1,
  logDeterminant,
  logGamma,
  logSoftmax,
  logSumExp,
  multivariateDigamma,
  multivariateLogGamma,
  polygamma,
  regularizedBeta,
  regularizedGamma,
  sigmoid,
  softmax,
  softplus,
  symmetricEigenvalues,
  symmetricInverse,
  tanh,
  triangularSolve,
  trigamma,
} from '@conjugate/linalg/tensors'
import { tensorBackends } from '@conjugate/testing/tensors'
import * as tf from '@tensorflow/tfjs-core'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { differences, type OfTensor, weighted } from './support/differences.js'

interface Row {
  readonly of: (x: tf.Tensor) => ReadonlyArray<tf.Tensor>
  readonly f: (...inputs: tf.Tensor[]) => tf.Tensor
  readonly at: () => tf.Tensor
  readonly orders: number
}

/** A function of tensors that are made of one, all of whose entries can move alone, and how often it can be differentiated. */
const row = (name: string, f: Row['f'], at: Row['at'], of: Row['of'] = x => [x], orders = 2) =>
  [name, { f, at, of, orders }] as const

const spd = (x: tf.Tensor) => tf.add(tf.matMul(x, x, false, true), tf.eye(x.shape.at(-1)!))

const matrices = () => tf.tensor3d([1, 0.5, -0.3, 0.8, 0.2, -1, 0.4, 0.6], [2, 2, 2])
const one = () => tf.tensor2d([1, 0.5, -0.3, 0.2, 0.8, 0.1, -0.7, 0.4, 1.3], [3, 3])
const positive = () => tf.tensor1d([0.7, 1.3, 2.4, 6, 13])
const shares = () => tf.tensor1d([0.15, 0.4, 0.8])
const reals = () => tf.tensor2d([-1.5, 0.3, 0.7, -0.2, 2, 0.1], [2, 3])

const lower = (x: tf.Tensor) => cholesky(spd(x))
const upper = (x: tf.Tensor) => tf.transpose(lower(x), [0, 2, 1])
const transposed = true

const rows = [
  row('cholesky', cholesky, matrices, x => [spd(x)]),
  row('cholesky of one matrix', cholesky, one, x => [spd(x)]),
  row('logDeterminant', logDeterminant, one, x => [lower(x)]),
  row(
    'triangularSolve',
    (l, b) => triangularSolve(l!, b!),
    matrices,
    x => [lower(x), x],
  ),
  row(
    'triangularSolve, transposed',
    (l, b) => triangularSolve(l!, b!, { transposed }),
    matrices,
    x => [lower(x), x],
  ),
  row(
    'triangularSolve, upper',
    (u, b) => triangularSolve(u!, b!, { upper: true }),
    matrices,
    x => [upper(x), x],
  ),
  row(
    'triangularSolve, upper and transposed',
    (u, b) => triangularSolve(u!, b!, { upper: true, transposed }),
    matrices,
    x => [upper(x), x],
  ),
  row(
    'triangularSolve of one factor',
    (l, b) => triangularSolve(l!, b!),
    matrices,
    x => [lower(tf.sum(x, 0)), x],
  ),
  row(
    'triangularSolve of one right side',
    (l, b) => triangularSolve(l!, b!),
    matrices,
    x => [lower(x), tf.sum(x, 0)],
  ),
  row('symmetricInverse', symmetricInverse, matrices, x => [spd(x)]),
  row('symmetricEigenvalues', symmetricEigenvalues, one, x => [spd(x)]),
  row('logGamma', logGamma, positive),
  row('digamma', digamma, positive),
  row('trigamma', trigamma, positive),
  row('polygamma of order 3', polygamma(3), positive),
  row('multivariateLogGamma', multivariateLogGamma(3), positive, x => [tf.add(x, 1)]),
  row('multivariateDigamma', multivariateDigamma(3), positive, x => [tf.add(x, 1)]),
  row(
    'regularizedGamma in x',
    (a, x) => regularizedGamma(a!, x!),
    positive,
    x => [tf.scalar(2.5), x],
  ),
  row(
    'regularizedGamma in a',
    (a, x) => regularizedGamma(a!, x!, 'upper'),
    positive,
    a => [a, tf.scalar(2.5)],
    1,
  ),
  row(
    'regularizedBeta in x',
    (a, b, x) => regularizedBeta(a!, b!, x!, 'upper'),
    shares,
    x => [tf.scalar(2), tf.scalar(3), x],
  ),
  row(
    'regularizedBeta in a',
    (a, b, x) => regularizedBeta(a!, b!, x!),
    positive,
    a => [a, tf.scalar(3), tf.scalar(0.6)],
    1,
  ),
  row(
    'regularizedBeta in b',
    (a, b, x) => regularizedBeta(a!, b!, x!),
    positive,
    b => [tf.scalar(2), b, tf.scalar(0.3)],
    1,
  ),
  row('exp', exp, reals, x => [tf.square(x)]),
  row('expm1', expm1, reals, x => [tf.square(x)]),
  row('sigmoid', sigmoid, reals),
  row('tanh', tanh, reals),
  row('softplus', softplus, reals),
  row(
    'softmax',
    x => softmax(x!),
    reals,
    x => [tf.mul(2, x)],
  ),
  row(
    'softmax along the first axis',
    x => softmax(x!, 0),
    reals,
    x => [tf.mul(2, x)],
  ),
  row(
    'logSoftmax',
    x => logSoftmax(x!),
    reals,
    x => [tf.mul(2, x)],
  ),
  row(
    'logSumExp',
    x => logSumExp(x!),
    reals,
    x => [tf.mul(2, x)],
  ),
  row(
    'logSumExp along the first axis',
    x => logSumExp(x!, 0, true),
    reals,
    x => [tf.mul(2, x)],
  ),
]

describe.each(tensorBackends)('gradients on %s', (_, activate) => {
  beforeEach(async () => {
    await activate()
    tf.engine().startScope()
  })
  afterEach(() => {
    tf.engine().endScope()
  })

  describe.each(rows)('%s', (_name, { f, of, at, orders }) => {
    const value: OfTensor = x => weighted(f(...of(x)))
    const first: OfTensor = x => tf.grad(value)(x)
    const second: OfTensor = x => tf.grad((v: tf.Tensor) => weighted(first(v)))(x)

    test.each(
      [
        ['the gradient', first, value] as const,
        ['the gradient of the gradient', second, (x: tf.Tensor) => weighted(first(x))] as const,
      ].slice(0, orders),
    )('%s is what differences say', (_what, gradient, differentiated) => {
      const x = at()
      const expected = differences(differentiated, x)
      const size = Math.max(1, ...expected.map(Math.abs))
      for (const [i, v] of gradient(x).dataSync().entries())
        expect(Math.abs(v - expected[i]!), `${v} for ${expected[i]}`).toBeLessThanOrEqual(5e-4 * size)
    })

    test('nothing is left behind', () => {
      const x = at()
      const inputs = of(x)
      const functions = [() => f(...inputs), () => first(x), () => second(x)].slice(0, 1 + orders)
      for (const g of functions) {
        const before = tf.memory()
        const y = g()
        expect(tf.memory().numTensors).toBe(before.numTensors + 1)
        y.dispose()
        const after = tf.memory()
        expect([after.numTensors, after.numDataBuffers]).toEqual([before.numTensors, before.numDataBuffers])
      }
    })
  })
})
