import { exp, logGamma } from '@conjugate/linalg/tensors'
import * as tf from '@tensorflow/tfjs-core'
import { type Poisson, poisson as poisson64 } from '../../families/poisson.js'
import { counts, positives } from '../domains.js'
import { column, itakuraSaito } from '../form.js'
import { drawnByNumbers, memberOf } from '../host-draws.js'
import { logPoisson } from '../saddle-point.js'
import {
  type DivergenceOnly,
  define,
  type ExponentialForm,
  type TensorDistribution,
  withDivergence,
  withForm,
} from '../tensor-family.js'

/** Parameters of Poissons. */
export type PoissonTensors = {
  /** The mean count, above 0. */
  readonly rate: tf.Tensor
}

const definition: Parameters<typeof define<PoissonTensors, tf.Tensor, Poisson, false>>[0] = {
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
  lift: { rate: m => m.rate },
}

/** Counts 0, 1, 2, ... In the order of the float64 family: t(x) = x. There is no entropy, which has no closed form. */
export const poisson: TensorDistribution<PoissonTensors, tf.Tensor, Poisson, false> &
  DivergenceOnly<PoissonTensors> &
  ExponentialForm<PoissonTensors, tf.Tensor> = {
  ...define<PoissonTensors, tf.Tensor, Poisson, false>(definition),
  ...withDivergence<PoissonTensors, tf.Tensor, Poisson, false, tf.Tensor, tf.Tensor>({
    ...definition,
    // p (r - 1 - log r) of the ratio r = q/p of the rates.
    klDivergence: (p, q) => tf.mul(p.rate, itakuraSaito(tf.div(q.rate, p.rate))),
  }),
  ...withForm<PoissonTensors, tf.Tensor, Poisson, false, tf.Tensor, tf.Tensor>({
    ...definition,
    natural: ({ rate }) => column(tf.log(rate)),
    fromNatural: eta => ({ rate: exp(tf.squeeze(eta, [-1])) }),
    logNormaliser: ({ rate }) => tf.clone(rate),
    expectedStatistic: ({ rate }) => column(rate),
    statistic: column,
    logBaseMeasure: x => tf.neg(logGamma(tf.add(x, 1))),
  }),
}
