import type { Tensor } from '@tensorflow/tfjs-core'
import { FLOOR } from './constants.js'
import type { Tf } from './tfjs.js'

/** None below the floor. */
export const floored = (tf: Tf, logits: Tensor): Tensor => tf.maximum(logits, FLOOR)

/** G x K x g: the constants less half of the squared norms of whitened residuals, G x K x D x g. */
export const logitsOfWhitened = (tf: Tf, constants: Tensor, whitened: Tensor): Tensor => {
  // A product with ones spares the transposition that a sum along this axis would do.
  const ones = tf.ones([1, 1, 1, whitened.shape.at(-2)!])
  const squaredNorms = tf.squeeze(tf.matMul(ones, tf.square(whitened)), [2])
  return floored(tf, tf.sub(constants, tf.mul(0.5, squaredNorms)))
}
