import { LOG_2PI } from '@conjugate/linalg'
import * as tf from '@tensorflow/tfjs-core'
import type { DiagonalNormal } from '../../families/diagonal-normal.js'
import { defineFamily } from '../define.js'
import { numbers, positives } from '../domains.js'
import { entries, itakuraSaito, stack } from '../form.js'
import { squaredNorm } from '../matrices.js'
import type { TensorFamily } from '../tensor-family.js'

/** Parameters of normals of independent columns. */
export type DiagonalNormalTensors = {
  /** The means [...batch, D], in units of the data. */
  readonly mean: tf.Tensor
  /** The standard deviations of the columns [...batch, D], above 0. */
  readonly deviation: tf.Tensor
}

/** Pairs of numbers, column after column. */
const paired = (a: tf.Tensor, b: tf.Tensor): tf.Tensor => {
  const pairs = stack(a, b)
  return tf.reshape(pairs, [...pairs.shape.slice(0, -2), 2 * pairs.shape.at(-2)!])
}

const total = (x: tf.Tensor): tf.Tensor => tf.sum(x, -1)

/** Normals of independent columns on vectors [..., D]. In the order of the float64 family: t(x) = (x_1, x_1^2, x_2, ...). */
export const diagonalNormal: TensorFamily<DiagonalNormalTensors, tf.Tensor, DiagonalNormal, true> = defineFamily<
  DiagonalNormalTensors,
  tf.Tensor,
  DiagonalNormal,
  true
>({
  name: 'DiagonalNormal',
  reparameterised: true,
  parameters: { mean: numbers('d'), deviation: positives('d') },
  value: numbers('d'),
  logProb: ({ mean, deviation }, x, { d }) =>
    tf.neg(
      tf.add(
        tf.mul(0.5, squaredNorm(tf.div(tf.sub(x, mean), deviation))),
        tf.add(total(tf.log(deviation)), 0.5 * d! * LOG_2PI),
      ),
    ),
  sample: ({ mean, deviation }, lead, noise, { d }) => tf.add(mean, tf.mul(deviation, noise.normal([...lead, d!]))),
  mean: ({ mean }) => mean,
  variance: ({ deviation }) => tf.square(deviation),
  entropy: ({ deviation }, { d }) => tf.add(total(tf.log(deviation)), 0.5 * d! * (1 + LOG_2PI)),
  klDivergence: (p, q) =>
    tf.mul(
      0.5,
      tf.add(
        total(itakuraSaito(tf.square(tf.div(p.deviation, q.deviation)))),
        squaredNorm(tf.div(tf.sub(p.mean, q.mean), q.deviation)),
      ),
    ),
  statistic: x => paired(x, tf.square(x)),
  logBaseMeasure: x => tf.fill(x.shape.slice(0, -1), -0.5 * x.shape.at(-1)! * LOG_2PI),
  natural: ({ mean, deviation }) => {
    const precision = tf.square(tf.reciprocal(deviation))
    return paired(tf.mul(mean, precision), tf.mul(-0.5, precision))
  },
  fromNatural: eta => {
    const d = eta.shape.at(-1)! / 2
    const [first, second] = entries(tf.reshape(eta, [...eta.shape.slice(0, -1), d, 2]))
    const variance = tf.div(-0.5, second!)
    return { mean: tf.mul(first!, variance), deviation: tf.sqrt(variance) }
  },
  logNormaliser: ({ mean, deviation }) =>
    tf.add(tf.mul(0.5, squaredNorm(tf.div(mean, deviation))), total(tf.log(deviation))),
  expectedStatistic: ({ mean, deviation }) => paired(mean, tf.add(tf.square(mean), tf.square(deviation))),
  lift: { mean: m => m.mean, deviation: m => Array.from(m.variances, Math.sqrt) },
})
