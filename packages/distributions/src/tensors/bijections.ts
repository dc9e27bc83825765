import { exp, expm1, logSoftmax, sigmoid, softmax, softplus } from '@conjugate/linalg/tensors'
import * as tf from '@tensorflow/tfjs-core'
import { log1p, vector } from './elementary.js'
import { diagonal, flat, logDiagonal } from './matrices.js'
import { part } from './shapes.js'

/** A map from numbers without bounds onto parameters or values: `u` has `size` of them on its last axis. */
export interface Chart {
  /** How many numbers without bounds one value takes. */
  readonly size: number
  /** The values (... x event) at u (... x size). */
  readonly forward: (u: tf.Tensor) => tf.Tensor
  /** Numbers u (... x size) that `forward` maps to these values. */
  readonly inverse: (x: tf.Tensor) => tf.Tensor
}

/** A map that is one to one, with the log of how much it stretches volumes. */
export interface Bijection extends Chart {
  /** log |det dx/du| at u (... x size), in nats, one number for each value. */
  readonly logJacobian: (u: tf.Tensor) => tf.Tensor
}

const tidied = <B extends Chart>(b: B): B =>
  Object.fromEntries(
    Object.entries(b).map(([name, f]) => [name, typeof f === 'function' ? (x: tf.Tensor) => tf.tidy(() => f(x)) : f]),
  ) as unknown as B

/** The same map of every number: of `size` of them on the last axis, or of one without an axis of its own. */
const ofNumbers = (
  size: number | undefined,
  forward: (u: tf.Tensor) => tf.Tensor,
  inverse: (x: tf.Tensor) => tf.Tensor,
  logDerivative: (u: tf.Tensor) => tf.Tensor,
): Bijection =>
  tidied({
    size: size ?? 1,
    forward: u => (size === undefined ? tf.squeeze(forward(u), [-1]) : forward(u)),
    inverse: x => inverse(size === undefined ? tf.expandDims(x, -1) : x),
    logJacobian: u => tf.sum(logDerivative(u), -1),
  })

/** Numbers as they are: `size` on the last axis, or one. */
export const real = (size?: number): Bijection => ofNumbers(size, tf.clone, tf.clone, tf.zerosLike)

/** Numbers above a bound: bound + log(1 + exp(u)). */
export const above = (bound: number, size?: number): Bijection =>
  ofNumbers(
    size,
    u => tf.add(softplus(u), bound),
    x => {
      const y = tf.sub(x, bound)
      return tf.add(y, tf.log(tf.neg(expm1(tf.neg(y)))))
    },
    u => tf.neg(softplus(tf.neg(u))),
  )

/** Positive numbers log(1 + exp(u)): `size` on the last axis, or one. */
export const positive = (size?: number): Bijection => above(0, size)

/** Numbers 1/(1 + exp(-u)) between 0 and 1: `size` on the last axis, or one. */
export const unitInterval = (size?: number): Bijection =>
  ofNumbers(
    size,
    sigmoid,
    x => tf.sub(tf.log(x), log1p(tf.neg(x))),
    u => tf.neg(tf.add(softplus(u), softplus(tf.neg(u)))),
  )

const withZero = (u: tf.Tensor): tf.Tensor => tf.concat([u, tf.zeros([...u.shape.slice(0, -1), 1])], -1)

/**
 * K probabilities that sum to 1, from K - 1 numbers: softmax(u, 0). The Jacobian is that of the first K - 1 of them.
 * Source: Aitchison, The Statistical Analysis of Compositional Data (1986), section 6.2.
 */
export const simplex = (categories: number): Bijection =>
  tidied({
    size: categories - 1,
    forward: u => softmax(withZero(u)),
    inverse: x => {
      const logs = tf.log(x)
      return tf.sub(part(logs, 0, categories - 1), part(logs, categories - 1, categories))
    },
    logJacobian: u => tf.sum(logSoftmax(withZero(u)), -1),
  })

/** Numbers in ascending order, each the one before plus exp(u). */
export const ordered = (size: number): Bijection =>
  tidied({
    size,
    forward: u => tf.cumsum(tf.concat([part(u, 0, 1), exp(part(u, 1, size))], -1), u.rank - 1), // The gradient of `cumsum` does not know axes that are counted from the last.
    inverse: x => tf.concat([part(x, 0, 1), tf.log(tf.sub(part(x, 1, size), part(x, 0, size - 1)))], -1),
    logJacobian: u => tf.sum(part(u, 1, size), -1),
  })

/** Where the numbers of a lower triangle lie, row after row, in a D x D matrix, and which are on the diagonal. */
const triangle = (d: number): { readonly place: tf.Tensor2D; readonly onDiagonal: tf.Tensor1D } => {
  const size = (d * (d + 1)) / 2
  const place = new Float32Array(size * d * d)
  const onDiagonal = new Float32Array(size)
  let at = 0
  for (let i = 0; i < d; i++)
    for (let j = 0; j <= i; j++, at++) {
      place[at * d * d + i * d + j] = 1
      onDiagonal[at] = Number(i === j)
    }
  return { place: tf.tensor2d(place, [size, d * d]), onDiagonal: tf.tensor1d(onDiagonal) }
}

/** A bijection onto Cholesky factors, which knows also how it stretches the volume of the matrices L L'. */
export interface FactorBijection extends Bijection {
  /** log |det d(L L')/du| at u (... x size), for densities of matrices such as those of Wisharts. */
  readonly logJacobianOfMatrix: (u: tf.Tensor) => tf.Tensor
}

/**
 * Lower Cholesky factors (... x D x D) from D (D + 1)/2 numbers, which are the lower triangle row after row, with the logs of
 * the diagonal. Source of the Jacobian of L L': Muirhead, Aspects of Multivariate Statistical Theory (1982), theorem 2.1.9.
 */
export const logCholesky = (dimension: number): FactorBijection => {
  const size = (dimension * (dimension + 1)) / 2
  const forward = (u: tf.Tensor): tf.Tensor => {
    const { place, onDiagonal } = triangle(dimension)
    const entries = tf.add(tf.mul(onDiagonal, exp(tf.mul(onDiagonal, u))), tf.mul(tf.sub(1, onDiagonal), u))
    return tf.reshape(tf.matMul(tf.reshape(entries, [-1, size]), place), [
      ...u.shape.slice(0, -1),
      dimension,
      dimension,
    ])
  }
  const diagonalOf = (u: tf.Tensor): tf.Tensor => tf.log(diagonal(forward(u)))
  const weights = Float32Array.from({ length: dimension }, (_, i) => dimension - i)
  return tidied({
    size,
    forward,
    inverse: l => {
      const { place, onDiagonal } = triangle(dimension)
      const entries = tf.reshape(tf.matMul(tf.reshape(flat(l), [-1, dimension ** 2]), place, false, true), [
        ...l.shape.slice(0, -2),
        size,
      ])
      const logs = tf.log(tf.where(tf.cast(onDiagonal, 'bool'), entries, tf.onesLike(entries)))
      return tf.add(logs, tf.mul(tf.sub(1, onDiagonal), entries))
    },
    logJacobian: u => logDiagonal(forward(u)),
    logJacobianOfMatrix: u =>
      tf.add(tf.add(logDiagonal(forward(u)), tf.sum(tf.mul(vector(weights), diagonalOf(u)), -1)), dimension * Math.LN2),
  })
}

/** Vectors of length 1 in the direction of u; any multiple of u is mapped alike, so that there is no Jacobian. */
export const direction = (size: number): Chart =>
  tidied({
    size,
    forward: u => tf.div(u, tf.sqrt(tf.sum(tf.square(u), -1, true))),
    inverse: tf.clone,
  })
