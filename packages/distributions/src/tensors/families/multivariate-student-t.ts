import * as tf from '@tensorflow/tfjs-core'
import type { MultivariateStudentT } from '../../families/multivariate-student-t.js'
import { defineWithEntropy } from '../define.js'
import { factors, numbers, positives } from '../domains.js'
import { log1p } from '../elementary.js'
import { column, where } from '../form.js'
import { diagonal, gram, logDiagonal, lower, product, squaredNorm, whiten } from '../matrices.js'
import type { TensorDistribution, WithEntropy } from '../tensor-family.js'
import { expectedLogOfT, logIntegralOfT, stretchOfT, varianceOfT } from './student-t.js'

/** Parameters of multivariate t distributions. */
export type MultivariateStudentTTensors = {
  /** nu > 0 [...batch]. */
  readonly degreesOfFreedom: tf.Tensor
  /** The middle [...batch, D], in units of the data. */
  readonly location: tf.Tensor
  /** The lower Cholesky factor of the scale matrix [...batch, D, D]. */
  readonly factor: tf.Tensor
}

/** Multivariate t on vectors [..., D]. The mean exists for more than 1 degree of freedom, the variance is finite above 2. */
export const multivariateStudentT: TensorDistribution<
  MultivariateStudentTTensors,
  tf.Tensor,
  MultivariateStudentT,
  true
> &
  WithEntropy<MultivariateStudentTTensors> = defineWithEntropy<
  MultivariateStudentTTensors,
  tf.Tensor,
  MultivariateStudentT,
  true
>({
  name: 'MultivariateStudentT',
  reparameterised: true,
  parameters: { degreesOfFreedom: positives(), location: numbers('d'), factor: factors },
  value: numbers('d'),
  logProb: ({ degreesOfFreedom: nu, location, factor }, x, { d }) => {
    const square = tf.div(squaredNorm(whiten(factor, tf.sub(x, location))), nu)
    return tf.neg(
      tf.add(tf.mul(tf.mul(0.5, tf.add(nu, d!)), log1p(square)), tf.add(logDiagonal(factor), logIntegralOfT(nu, d!))),
    )
  },
  sample: ({ degreesOfFreedom, location, factor }, lead, noise, { d }) => {
    const spread = tf.squeeze(product(lower(factor), column(noise.normal([...lead, d!]))), [-1])
    return tf.add(location, tf.mul(spread, column(stretchOfT(degreesOfFreedom, lead, noise))))
  },
  mean: ({ degreesOfFreedom, location }) =>
    where(nu => tf.greater(nu, 1), column(degreesOfFreedom), Number.NaN, location),
  variance: ({ degreesOfFreedom, factor }) => varianceOfT(column(degreesOfFreedom), diagonal(gram(factor))),
  entropy: ({ degreesOfFreedom: nu, factor }, { d }) =>
    tf.add(logDiagonal(factor), tf.add(expectedLogOfT(nu, d!), logIntegralOfT(nu, d!))),
  lift: { degreesOfFreedom: m => m.degreesOfFreedom, location: m => m.location, factor: m => m.cholesky.data },
})
