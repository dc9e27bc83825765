import { digamma, exp, logGamma } from '@conjugate/linalg/tensors'
import * as tf from '@tensorflow/tfjs-core'
import type { Gamma } from '../../families/gamma.js'
import { nonNegatives, positives } from '../domains.js'
import { timesLog } from '../elementary.js'
import { divergencesOfForm, entries, stack } from '../form.js'
import { logGammaDraws } from '../gamma-draws.js'
import { defineFamily, type TensorFamily } from '../tensor-family.js'

/** Parameters of gammas. */
export interface GammaTensors {
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
  logProb: ({ shape, rate }, x) =>
    tf.sub(tf.sub(timesLog(tf.sub(shape, 1), x), tf.mul(rate, x)), logNormaliserOfGamma(shape, rate)),
  sample: ({ shape, rate }, lead, noise) => exp(tf.sub(logGammaDraws(shape, lead, noise), tf.log(rate))),
  mean: ({ shape, rate }) => tf.div(shape, rate),
  variance: ({ shape, rate }) => tf.div(tf.div(shape, rate), rate),
  ...form,
  ...divergencesOfForm(form),
  statistic: x => stack(tf.log(x), x),
  logBaseMeasure: tf.zerosLike,
  fromNatural: eta => {
    const [first, second] = entries(eta)
    return { shape: tf.add(first!, 1), rate: tf.neg(second!) }
  },
  lift: { shape: m => m.shape, rate: m => m.rate },
})
