import type { Tensor } from '@tensorflow/tfjs-core'
import { type DensityTensors, FLOOR } from './densities.js'
import type { ResidentBlock } from './rows.js'
import type { Tf } from './tfjs.js'

/** The exponential of anything below is 0, where hosts of float32 differ: some keep numbers below 1e-38, some do not. */
const LEAST_EXPONENT = -87

/** G x K x E x g: row less mean, and a one. G x K x g: the logarithms of the weighted densities, less the constant. */
const logitsOf = (tf: Tf, { values }: ResidentBlock, { mean, whitening, logConstant }: DensityTensors) => {
  const residual = tf.sub(values, mean)
  const [groups, components, , group] = residual.shape as [number, number, number, number]
  // A product with ones spares the transposition that a sum along this axis would do.
  const ones = tf.ones([1, 1, 1, whitening.shape.at(-2)!])
  const distance = tf.matMul(ones, tf.square(tf.matMul(whitening, residual)))
  const logits = tf.maximum(tf.sub(logConstant, tf.mul(0.5, distance)), FLOOR)
  return { residual, logits: tf.reshape(logits, [groups, components, group]) }
}

/** G x K x g. */
export const blockLogits = (tf: Tf, block: ResidentBlock, densities: DensityTensors): Tensor =>
  logitsOf(tf, block, densities).logits

/**
 * The sums over each of the groups of a block: G x K x E x E products [outer, sum; sum', weight], then G log-likelihoods,
 * then G weights of rows that no component can have brought about. A row of weight 0 is not there.
 */
export const blockSums = (tf: Tf, block: ResidentBlock, densities: DensityTensors): Tensor => {
  const { residual, logits } = logitsOf(tf, block, densities)
  const [groups, components, group] = logits.shape as [number, number, number]
  const most = tf.max(logits, 1, true)
  const below = tf.sub(logits, most)
  const exponentials = tf.mul(
    tf.exp(tf.maximum(below, LEAST_EXPONENT)),
    tf.cast(tf.greater(below, LEAST_EXPONENT), 'float32'),
  )
  // Not by a product: webgl reads one row too many of an odd number of them, and exponentials there may be infinite.
  const total = tf.sum(exponentials, 1, true)
  const counted = tf.mul(block.weights, tf.cast(tf.greater(most, FLOOR), 'float32'))
  const weighted = tf.reshape(tf.mul(exponentials, tf.div(counted, total)), [groups, components, 1, group])
  const products = tf.matMul(tf.mul(residual, weighted), residual, false, true)
  const logLikelihood = tf.sum(tf.mul(tf.add(most, tf.log(total)), counted), 2)
  const impossible = tf.sum(tf.sub(block.weights, counted), 2)
  return tf.concat([products, logLikelihood, impossible].map(x => tf.reshape(x, [-1])))
}
