import type { Tensor } from '@tensorflow/tfjs-core'
import type { Densities } from '../contract/executor.js'
import { FLOOR } from './constants.js'
import type { Resident } from './kind.js'
import type { ResidentBlock } from './rows.js'
import type { Tf } from './tfjs.js'

/** The exponential of anything below is 0, where hosts of float32 differ: some keep numbers below 1e-38, some do not. */
const LEAST_EXPONENT = -87

/**
 * Rows whose logarithms are added in float32. They are all of one sign and size, so that a sum of hundreds would be rounded
 * by more than an iteration near the optimum gains.
 */
export const logRows = 16

/** G x K x g: the logarithms of the weighted densities, less the base. */
export const blockLogits = (tf: Tf, block: ResidentBlock, densities: Resident<Densities>): Tensor =>
  densities.logits(tf, block).logits

/** The same, and where the base depends on the row that part of it as one component more. */
export const blockLogitsAndBase = (tf: Tf, block: ResidentBlock, densities: Resident<Densities>): Tensor => {
  const logits = blockLogits(tf, block, densities)
  return densities.slope ? tf.concat([logits, densities.slope(tf, block)], 1) : logits
}

/**
 * The sums over each of the groups of a block, one kind after the other: those of the densities, log-likelihoods less the
 * base, and weights of rows that no component can have brought about. A row of weight 0 is not there.
 */
export const blockSums = <D extends Densities>(tf: Tf, block: ResidentBlock, densities: Resident<D>): Tensor => {
  const { logits, sums: sumsOf } = densities.logits(tf, block)
  const most = tf.max(logits, 1, true)
  const below = tf.sub(logits, most)
  const exponentials = tf.mul(
    tf.exp(tf.maximum(below, LEAST_EXPONENT)),
    tf.cast(tf.greater(below, LEAST_EXPONENT), 'float32'),
  )
  // Not by a product: webgl reads one row too many of an odd number of them, and exponentials there may be infinite.
  const total = tf.sum(exponentials, 1, true)
  const counted = tf.mul(block.weights, tf.cast(tf.greater(most, FLOOR), 'float32'))
  const sums = sumsOf(tf.mul(exponentials, tf.div(counted, total)))
  const logs = tf.mul(tf.add(most, tf.log(total)), counted)
  const logLikelihood = tf.sum(tf.reshape(logs, [-1, logRows]), 1)
  const impossible = tf.sum(tf.sub(block.weights, counted), 2)
  return tf.concat([...sums, logLikelihood, impossible].map(x => tf.reshape(x, [-1])))
}
