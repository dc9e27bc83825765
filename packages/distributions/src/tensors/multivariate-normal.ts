import { LOG_2PI, logDeterminant } from '@conjugate/linalg'
import * as tf from '@tensorflow/tfjs-core'
import type { MultivariateNormal } from '../families/multivariate-normal.js'
import { toTensor1d, whitening } from './convert.js'

/**
 * log N(x_n; mean, covariance) of each row of x (N x D): N numbers in the backend's float32, differentiable in x.
 */
export const multivariateNormalLogProb =
  (p: MultivariateNormal) =>
  (x: tf.Tensor2D): tf.Tensor1D =>
    tf.tidy(() => {
      const constant = -0.5 * (p.mean.length * LOG_2PI + logDeterminant(p.cholesky))
      const whitened = tf.matMul(tf.sub(x, toTensor1d(p.mean)), whitening(p.cholesky), false, true)
      return tf.sub(constant, tf.mul(0.5, tf.sum(tf.square(whitened), 1)))
    })
