import { cholesky, logDeterminant, triangularSolve } from '@conjugate/linalg/tensors'
import * as tf from '@tensorflow/tfjs-core'
import { type InverseWishart, inverseWishart } from '../families/inverse-wishart.js'
import { outsideIsImpossible, squaredNorms, toTensor2d } from './convert.js'

/** The log density given the Cholesky factors of the matrices (N x D x D), not a number where there is no factor. */
export const logProbOfFactors =
  (p: InverseWishart) =>
  (factors: tf.Tensor): tf.Tensor1D => {
    const d = p.scale.rows
    const scaleFactor = tf.tile(tf.expandDims(toTensor2d(p.cholesky), 0), [factors.shape[0]!, 1, 1])
    const trace = squaredNorms(triangularSolve(factors, scaleFactor))
    const determinants = tf.mul(p.degreesOfFreedom + d + 1, logDeterminant(factors))
    return tf.sub(-inverseWishart.logNormaliser(p), tf.mul(0.5, tf.add(determinants, trace)))
  }

/**
 * log IW(X_n; degreesOfFreedom, scale) of each matrix of x (N x D x D): N numbers in the backend's float32,
 * differentiable in x; -Infinity where a matrix is not positive definite.
 */
export const inverseWishartLogProb =
  (p: InverseWishart) =>
  (x: tf.Tensor3D): tf.Tensor1D =>
    tf.tidy(() => outsideIsImpossible(logProbOfFactors(p)(cholesky(x))))
