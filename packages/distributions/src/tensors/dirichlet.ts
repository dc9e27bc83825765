import * as tf from '@tensorflow/tfjs-core'
import { type Dirichlet, dirichlet } from '../families/dirichlet.js'
import { indicator, toTensor1d } from './convert.js'

/** Rows are taken to sum to 1 up to the rounding of float32. */
const SIMPLEX_TOLERANCE = 1e-5

const onSimplex = (x: tf.Tensor): tf.Tensor =>
  tf.logicalAnd(tf.lessEqual(tf.abs(tf.sub(tf.sum(x, 1), 1)), SIMPLEX_TOLERANCE), tf.greaterEqual(tf.min(x, 1), 0))

/**
 * log Dir(x_n; concentration) of each row of x (N x K): N numbers in the backend's float32, differentiable in x;
 * -Infinity off the simplex.
 */
export const dirichletLogProb =
  (p: Dirichlet) =>
  (x: tf.Tensor2D): tf.Tensor1D =>
    tf.tidy(() => {
      const exponents = toTensor1d(Float64Array.from(p.concentration, a => a - 1))
      // A concentration of 1 does not see its probability, not even 0: 0 log 0 = 0.
      const seen = tf.mul(tf.notEqual(exponents, 0), tf.onesLike(x))
      const logs = tf.log(tf.where(tf.cast(seen, 'bool'), x, tf.onesLike(x)))
      const logProb = tf.sub(tf.sum(tf.mul(exponents, logs), 1), dirichlet.logNormaliser(p))
      return tf.where(indicator(onSimplex, x), logProb, Number.NEGATIVE_INFINITY) as tf.Tensor1D
    })
