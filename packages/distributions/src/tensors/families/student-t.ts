import { LOG_2PI } from '@conjugate/linalg'
import { exp } from '@conjugate/linalg/tensors'
import * as tf from '@tensorflow/tfjs-core'
import type { StudentT } from '../../families/student-t.js'
import { defineWithEntropy } from '../define.js'
import { numbers, positives } from '../domains.js'
import { log1p } from '../elementary.js'
import { where } from '../form.js'
import { logGammaDraws } from '../gamma-draws.js'
import type { Noise } from '../noise.js'
import { digammaLessLog, stirlingError } from '../saddle-point.js'
import type { TensorDistribution, WithEntropy } from '../tensor-family.js'

/** Parameters of Student's t distributions. */
export type StudentTTensors = {
  /** nu > 0. */
  readonly degreesOfFreedom: tf.Tensor
  /** The middle, in units of the data. */
  readonly location: tf.Tensor
  /** Above 0, in units of the data. */
  readonly scale: tf.Tensor
}

/** log of the integral of (1 + |z|^2/nu)^(-(nu + D)/2) over D columns. */
export const logIntegralOfT = (nu: tf.Tensor, d: number): tf.Tensor => {
  // log Gamma(nu/2) - log Gamma((nu + D)/2) + D/2 log(pi nu), without what cancels where nu is large.
  const half = tf.mul(0.5, nu)
  const errors = tf.sub(stirlingError(half), stirlingError(tf.add(half, 0.5 * d)))
  const power = tf.mul(tf.add(half, 0.5 * (d - 1)), log1p(tf.div(d, nu)))
  return tf.add(tf.sub(errors, power), 0.5 * d * (1 + LOG_2PI))
}

/** E (nu + D)/2 log(1 + |z|^2/nu). */
export const expectedLogOfT = (nu: tf.Tensor, d: number): tf.Tensor => {
  const half = tf.mul(0.5, tf.add(nu, d))
  const errors = tf.sub(digammaLessLog(half), digammaLessLog(tf.mul(0.5, nu)))
  return tf.mul(half, tf.add(log1p(tf.div(d, nu)), errors))
}

/** sqrt(nu / chi^2), which makes a normal draw one of t. */
export const stretchOfT = (nu: tf.Tensor, lead: ReadonlyArray<number>, noise: Noise): tf.Tensor => {
  const half = tf.mul(0.5, nu)
  return exp(tf.mul(0.5, tf.sub(tf.log(half), logGammaDraws(half, lead, noise))))
}

/** Times nu/(nu - 2): Infinity for 1 < nu <= 2, NaN below. */
export const varianceOfT = (nu: tf.Tensor, value: tf.Tensor): tf.Tensor => {
  const finite = where(v => tf.greater(v, 2), nu, Number.POSITIVE_INFINITY, tf.mul(value, tf.div(nu, tf.sub(nu, 2))))
  return where(v => tf.greater(v, 1), nu, Number.NaN, finite)
}

/** Student's t on tensors of numbers. The mean exists for more than 1 degree of freedom, the variance is finite above 2. */
export const studentT: TensorDistribution<StudentTTensors, tf.Tensor, StudentT, true> & WithEntropy<StudentTTensors> =
  defineWithEntropy<StudentTTensors, tf.Tensor, StudentT, true>({
    name: 'StudentT',
    reparameterised: true,
    parameters: { degreesOfFreedom: positives(), location: numbers(), scale: positives() },
    value: numbers(),
    logProb: ({ degreesOfFreedom: nu, location, scale }, x) => {
      const square = tf.div(tf.square(tf.div(tf.sub(x, location), scale)), nu)
      return tf.neg(
        tf.add(tf.mul(tf.mul(0.5, tf.add(nu, 1)), log1p(square)), tf.add(tf.log(scale), logIntegralOfT(nu, 1))),
      )
    },
    sample: ({ degreesOfFreedom, location, scale }, lead, noise) =>
      tf.add(location, tf.mul(scale, tf.mul(noise.normal(lead), stretchOfT(degreesOfFreedom, lead, noise)))),
    mean: ({ degreesOfFreedom, location }) => where(nu => tf.greater(nu, 1), degreesOfFreedom, Number.NaN, location),
    variance: ({ degreesOfFreedom: nu, scale }) => varianceOfT(nu, tf.square(scale)),
    entropy: ({ degreesOfFreedom: nu, scale }) =>
      tf.add(tf.log(scale), tf.add(expectedLogOfT(nu, 1), logIntegralOfT(nu, 1))),
    lift: { degreesOfFreedom: m => m.degreesOfFreedom, location: m => m.location, scale: m => m.scale },
  })
