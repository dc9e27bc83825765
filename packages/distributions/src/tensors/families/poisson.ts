import { LOG_2PI } from '@conjugate/linalg'
import { exp, logGamma } from '@conjugate/linalg/tensors'
import * as tf from '@tensorflow/tfjs-core'
import { type Poisson, poisson as poisson64 } from '../../families/poisson.js'
import { defineFamily } from '../define.js'
import { counts, positives } from '../domains.js'
import { constant } from '../elementary.js'
import { countsTo, entropyOfMasses } from '../entropies.js'
import { column, itakuraSaito } from '../form.js'
import { drawnByNumbers, memberOf } from '../host-draws.js'
import { logPoisson } from '../saddle-point.js'
import type { TensorFamily } from '../tensor-family.js'

/** Parameters of Poissons. */
export type PoissonTensors = {
  /** The mean count, above 0. */
  readonly rate: tf.Tensor
}

/** From this rate on the entropy has a series, and below it is summed over so many counts. */
const [LARGE, COUNTS] = [30, 99]

/** Source of the series: Evans and Boersma, The entropy of a Poisson distribution (1988). */
const entropyOfPoisson = (rate: tf.Tensor): tf.Tensor => {
  const isLarge = constant(v => tf.greater(v!, LARGE))(rate)
  const [small, large] = [tf.where(isLarge, 1, rate), tf.where(isLarge, rate, LARGE)]
  const r = tf.reciprocal(large)
  const rest = tf.mul(r, tf.add(1 / 12, tf.mul(r, tf.add(1 / 24, tf.mul(r, 19 / 360)))))
  const series = tf.sub(tf.mul(0.5, tf.add(tf.log(large), 1 + LOG_2PI)), rest)
  return tf.where(isLarge, series, entropyOfMasses(logPoisson(countsTo(COUNTS), column(small))))
}

/**
 * Counts 0, 1, 2, ... In the order of the float64 family: t(x) = x. The entropy has no closed form, and is summed over counts or by
 * a series.
 */
export const poisson: TensorFamily<PoissonTensors, tf.Tensor, Poisson, false> = defineFamily<
  PoissonTensors,
  tf.Tensor,
  Poisson,
  false
>({
  name: 'Poisson',
  reparameterised: false,
  parameters: { rate: positives() },
  value: counts(),
  logProb: ({ rate }, x) => logPoisson(x, rate),
  sample: ({ rate }, lead, noise) =>
    drawnByNumbers('Poisson', [rate], lead, [], ([r]) =>
      memberOf(poisson64.make({ rate: r![0]! }), p => [poisson64.sample(p)(noise.stream)]),
    ),
  mean: ({ rate }) => tf.clone(rate),
  variance: ({ rate }) => tf.clone(rate),
  entropy: ({ rate }) => entropyOfPoisson(rate),
  // p (r - 1 - log r) of the ratio r = q/p of the rates.
  klDivergence: (p, q) => tf.mul(p.rate, itakuraSaito(tf.div(q.rate, p.rate))),
  natural: ({ rate }) => column(tf.log(rate)),
  fromNatural: eta => ({ rate: exp(tf.squeeze(eta, [-1])) }),
  logNormaliser: ({ rate }) => tf.clone(rate),
  expectedStatistic: ({ rate }) => column(rate),
  statistic: column,
  logBaseMeasure: x => tf.neg(logGamma(tf.add(x, 1))),
  lift: { rate: m => m.rate },
})
