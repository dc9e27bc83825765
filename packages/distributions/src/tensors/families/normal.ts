import { LOG_2PI } from '@conjugate/linalg'
import * as tf from '@tensorflow/tfjs-core'
import type { Normal } from '../../families/normal.js'
import { defineFamily } from '../define.js'
import { numbers, positives } from '../domains.js'
import { entries, itakuraSaito, stack } from '../form.js'
import type { TensorFamily } from '../tensor-family.js'

/** Parameters of normals of one dimension, of any batch. */
export type NormalTensors = {
  /** The means, in units of the data. */
  readonly mean: tf.Tensor
  /** The standard deviations, above 0. */
  readonly deviation: tf.Tensor
}

/** N(mean, deviation^2) on tensors of numbers. In the order of the float64 `normal`: t(x) = (x, x^2). */
export const normal: TensorFamily<NormalTensors, tf.Tensor, Normal, true> = defineFamily<
  NormalTensors,
  tf.Tensor,
  Normal,
  true
>({
  name: 'Normal',
  reparameterised: true,
  parameters: { mean: numbers(), deviation: positives() },
  value: numbers(),
  logProb: ({ mean, deviation }, x) =>
    tf.neg(
      tf.add(tf.mul(0.5, tf.square(tf.div(tf.sub(x, mean), deviation))), tf.add(tf.log(deviation), 0.5 * LOG_2PI)),
    ),
  sample: ({ mean, deviation }, lead, noise) => tf.add(mean, tf.mul(deviation, noise.normal(lead))),
  mean: ({ mean }) => mean,
  variance: ({ deviation }) => tf.square(deviation),
  entropy: ({ deviation }) => tf.add(tf.log(deviation), 0.5 * (1 + LOG_2PI)),
  klDivergence: (p, q) =>
    tf.mul(
      0.5,
      tf.add(
        itakuraSaito(tf.square(tf.div(p.deviation, q.deviation))),
        tf.square(tf.div(tf.sub(p.mean, q.mean), q.deviation)),
      ),
    ),
  statistic: x => stack(x, tf.square(x)),
  logBaseMeasure: x => tf.fill(x.shape, -0.5 * LOG_2PI),
  natural: ({ mean, deviation }) => {
    const precision = tf.square(tf.reciprocal(deviation))
    return stack(tf.mul(mean, precision), tf.mul(-0.5, precision))
  },
  fromNatural: eta => {
    const [first, second] = entries(eta)
    const variance = tf.div(-0.5, second!)
    return { mean: tf.mul(first!, variance), deviation: tf.sqrt(variance) }
  },
  logNormaliser: ({ mean, deviation }) => tf.add(tf.mul(0.5, tf.square(tf.div(mean, deviation))), tf.log(deviation)),
  expectedStatistic: ({ mean, deviation }) => stack(mean, tf.add(tf.square(mean), tf.square(deviation))),
  lift: { mean: m => m.mean, deviation: m => Math.sqrt(m.variance) },
})
