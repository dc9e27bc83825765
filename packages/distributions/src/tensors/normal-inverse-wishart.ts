import { LOG_2PI } from '@conjugate/linalg'
import { cholesky, logDeterminant, triangularSolve } from '@conjugate/linalg/tensors'
import * as tf from '@tensorflow/tfjs-core'
import type { NormalInverseWishart } from '../families/normal-inverse-wishart.js'
import { outsideIsImpossible, squaredNorms, toTensor1d } from './convert.js'
import { logProbOfFactors } from './inverse-wishart.js'

/**
 * log NIW(mu_n, Sigma_n) of each pair of a mean (N x D) and a covariance (N x D x D): N numbers in the backend's float32,
 * differentiable in both; -Infinity where a covariance is not positive definite.
 */
export const normalInverseWishartLogProb =
  (p: NormalInverseWishart) =>
  (mean: tf.Tensor2D, covariance: tf.Tensor3D): tf.Tensor1D =>
    tf.tidy(() => {
      const factors = cholesky(covariance)
      const residual = tf.expandDims(tf.sub(mean, toTensor1d(p.mean)), 2)
      const quadratic = tf.mul(p.meanPrecision, squaredNorms(triangularSolve(factors, residual)))
      const constant = -0.5 * p.mean.length * (LOG_2PI - Math.log(p.meanPrecision))
      const ofMean = tf.sub(constant, tf.mul(0.5, tf.add(logDeterminant(factors), quadratic)))
      return outsideIsImpossible(tf.add(ofMean, logProbOfFactors(p.covariance)(factors)))
    })
