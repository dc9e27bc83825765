import * as tf from '@tensorflow/tfjs-core'
import type { Exponential } from '../../families/exponential.js'
import { defineFamily } from '../define.js'
import { nonNegatives, positives } from '../domains.js'
import { column, itakuraSaito } from '../form.js'
import type { TensorFamily } from '../tensor-family.js'

/** Parameters of exponential distributions. */
export type ExponentialTensors = {
  /** The rates, above 0: the mean is 1 / rate. */
  readonly rate: tf.Tensor
}

/** Waiting times, tensors of numbers of at least 0. In the order of the float64 family: t(x) = x. */
export const exponential: TensorFamily<ExponentialTensors, tf.Tensor, Exponential, true> = defineFamily<
  ExponentialTensors,
  tf.Tensor,
  Exponential,
  true
>({
  name: 'Exponential',
  reparameterised: true,
  parameters: { rate: positives() },
  value: nonNegatives(),
  logProb: ({ rate }, x) => tf.sub(tf.log(rate), tf.mul(rate, x)),
  sample: ({ rate }, lead, noise) => tf.div(tf.neg(tf.log(noise.uniform(lead))), rate),
  mean: ({ rate }) => tf.reciprocal(rate),
  variance: ({ rate }) => tf.square(tf.reciprocal(rate)),
  entropy: ({ rate }) => tf.sub(1, tf.log(rate)),
  klDivergence: (p, q) => itakuraSaito(tf.div(q.rate, p.rate)),
  statistic: column,
  logBaseMeasure: tf.zerosLike,
  natural: ({ rate }) => column(tf.neg(rate)),
  fromNatural: eta => ({ rate: tf.neg(tf.squeeze(eta, [-1])) }),
  logNormaliser: ({ rate }) => tf.neg(tf.log(rate)),
  expectedStatistic: ({ rate }) => column(tf.reciprocal(rate)),
  lift: { rate: m => m.rate },
})
