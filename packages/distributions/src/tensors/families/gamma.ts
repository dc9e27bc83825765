import { digamma, exp, logGamma } from '@conjugate/linalg/tensors'
import * as tf from '@tensorflow/tfjs-core'
import type { Gamma } from '../../families/gamma.js'
import { defineFamily } from '../define.js'
import { nonNegatives, positives } from '../domains.js'
import { constant, timesLog } from '../elementary.js'
import { entries, stack } from '../form.js'
import { logGammaDraws } from '../gamma-draws.js'
import { divergenceOfGammas, entropyOfGamma, logGammaDensity } from '../saddle-point.js'
import type { TensorFamily } from '../tensor-family.js'

/** Parameters of gammas. */
export type GammaTensors = {
  /** a > 0. */
  readonly shape: tf.Tensor
  /** b > 0: the mean is a / b. */
  readonly rate: tf.Tensor
}

/** A = log Gamma(a) - a log b. */
export const logNormaliserOfGamma = (shape: tf.Tensor, rate: tf.Tensor): tf.Tensor =>
  tf.sub(logGamma(shape), tf.mul(shape, tf.log(rate)))

const form = {
  natural: ({ shape, rate }: GammaTensors) => stack(tf.sub(shape, 1), tf.neg(rate)),
  logNormaliser: ({ shape, rate }: GammaTensors) => logNormaliserOfGamma(shape, rate),
  expectedStatistic: ({ shape, rate }: GammaTensors) =>
    stack(tf.sub(digamma(shape), tf.log(rate)), tf.div(shape, rate)),
}

/**
 * Gamma(shape, rate) on tensors of numbers of at least 0; draws have implicit gradients. In the order of the float64 family:
 * t(x) = (log x, x).
 */
export const gamma: TensorFamily<GammaTensors, tf.Tensor, Gamma, true> = defineFamily<
  GammaTensors,
  tf.Tensor,
  Gamma,
  true
>({
  name: 'Gamma',
  reparameterised: true,
  parameters: { shape: positives(), rate: positives() },
  value: nonNegatives(),
  logProb: ({ shape, rate }, x) => {
    const atZero = constant(v => tf.equal(v!, 0))(x)
    const above = tf.where(atZero, 1, x)
    const limit = tf.sub(timesLog(tf.sub(shape, 1), tf.where(atZero, x, 1)), logNormaliserOfGamma(shape, rate))
    return tf.where(atZero, limit, logGammaDensity(shape, tf.mul(rate, above), above))
  },
  sample: ({ shape, rate }, lead, noise) => exp(tf.sub(logGammaDraws(shape, lead, noise), tf.log(rate))),
  mean: ({ shape, rate }) => tf.div(shape, rate),
  variance: ({ shape, rate }) => tf.div(tf.div(shape, rate), rate),
  ...form,
  entropy: ({ shape, rate }) => tf.sub(entropyOfGamma(shape), tf.log(rate)),
  klDivergence: (p, q) =>
    divergenceOfGammas(p.shape, q.shape, tf.mul(tf.div(p.shape, q.shape), tf.div(q.rate, p.rate))),
  statistic: x => stack(tf.log(x), x),
  logBaseMeasure: tf.zerosLike,
  fromNatural: eta => {
    const [first, second] = entries(eta)
    return { shape: tf.add(first!, 1), rate: tf.neg(second!) }
  },
  lift: { shape: m => m.shape, rate: m => m.rate },
})
