import { invertLower, type Matrix, type Vector } from '@conjugate/linalg'
import * as tf from '@tensorflow/tfjs-core'

export const toTensor1d = (v: Vector): tf.Tensor1D => tf.tensor1d(Float32Array.from(v))

export const toTensor2d = (m: Matrix): tf.Tensor2D => tf.tensor2d(Float32Array.from(m.data), [m.rows, m.columns])

/** The whitening matrix L^-1, inverted in float64. */
export const whitening = (factor: Matrix): tf.Tensor2D => toTensor2d(invertLower(factor))

/** The squared Frobenius norm of each matrix of a batch (N x D x M). */
export const squaredNorms = (x: tf.Tensor): tf.Tensor1D => tf.sum(tf.square(x), [1, 2])

/** A condition on tensors that no gradient passes through. */
export const indicator = (condition: (x: tf.Tensor) => tf.Tensor, x: tf.Tensor): tf.Tensor =>
  tf.customGrad(v => ({ value: condition(v as tf.Tensor), gradFunc: () => tf.zeros(x.shape) }))(x)

/** Values, with -Infinity where they are not a number: outside the support. */
export const outsideIsImpossible = (logProb: tf.Tensor): tf.Tensor1D =>
  tf.where(indicator(tf.isNaN, logProb), Number.NEGATIVE_INFINITY, logProb) as tf.Tensor1D
