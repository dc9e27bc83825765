import { LOG_2PI } from '@conjugate/linalg'
import * as tf from '@tensorflow/tfjs-core'
import type { IsotropicNormal } from '../../families/isotropic-normal.js'
import { defineFamily } from '../define.js'
import { numbers, positives } from '../domains.js'
import { column, concatenate, itakuraSaito } from '../form.js'
import { squaredNorm } from '../matrices.js'
import { partsOf } from '../shapes.js'
import type { TensorFamily } from '../tensor-family.js'

/** Parameters of normals with one variance in all directions. */
export type IsotropicNormalTensors = {
  /** The means [...batch, D], in units of the data. */
  readonly mean: tf.Tensor
  /** The standard deviation of every column [...batch], above 0. */
  readonly deviation: tf.Tensor
}

/** Normals of one variance on vectors [..., D]. In the order of the float64 family: t(x) = (x, x'x). */
export const isotropicNormal: TensorFamily<IsotropicNormalTensors, tf.Tensor, IsotropicNormal, true> = defineFamily<
  IsotropicNormalTensors,
  tf.Tensor,
  IsotropicNormal,
  true
>({
  name: 'IsotropicNormal',
  reparameterised: true,
  parameters: { mean: numbers('d'), deviation: positives() },
  value: numbers('d'),
  logProb: ({ mean, deviation }, x, { d }) =>
    tf.neg(
      tf.add(
        tf.mul(0.5, squaredNorm(tf.div(tf.sub(x, mean), column(deviation)))),
        tf.mul(d!, tf.add(tf.log(deviation), 0.5 * LOG_2PI)),
      ),
    ),
  sample: ({ mean, deviation }, lead, noise, { d }) =>
    tf.add(mean, tf.mul(column(deviation), noise.normal([...lead, d!]))),
  mean: ({ mean }) => mean,
  variance: ({ mean, deviation }) => tf.mul(column(tf.square(deviation)), tf.onesLike(mean)),
  entropy: ({ deviation }, { d }) => tf.mul(d!, tf.add(tf.log(deviation), 0.5 * (1 + LOG_2PI))),
  klDivergence: (p, q, { d }) =>
    tf.mul(
      0.5,
      tf.add(
        tf.mul(d!, itakuraSaito(tf.square(tf.div(p.deviation, q.deviation)))),
        squaredNorm(tf.div(tf.sub(p.mean, q.mean), column(q.deviation))),
      ),
    ),
  statistic: x => concatenate(x, column(squaredNorm(x))),
  logBaseMeasure: x => tf.fill(x.shape.slice(0, -1), -0.5 * x.shape.at(-1)! * LOG_2PI),
  natural: ({ mean, deviation }) => {
    const precision = column(tf.square(tf.reciprocal(deviation)))
    return concatenate(tf.mul(mean, precision), tf.mul(-0.5, precision))
  },
  fromNatural: eta => {
    const [first, second] = partsOf(eta, [eta.shape.at(-1)! - 1, 1])
    const variance = tf.div(-0.5, second!)
    return { mean: tf.mul(first!, variance), deviation: tf.squeeze(tf.sqrt(variance), [-1]) }
  },
  logNormaliser: ({ mean, deviation }, { d }) =>
    tf.add(tf.mul(0.5, squaredNorm(tf.div(mean, column(deviation)))), tf.mul(d!, tf.log(deviation))),
  expectedStatistic: ({ mean, deviation }, { d }) =>
    concatenate(mean, column(tf.add(squaredNorm(mean), tf.mul(d!, tf.square(deviation))))),
  lift: { mean: m => m.mean, deviation: m => Math.sqrt(m.variance) },
})
