import { exp, expm1, sigmoid, softplus } from '@conjugate/linalg/tensors'
import * as tf from '@tensorflow/tfjs-core'
import type { Geometric } from '../../families/geometric.js'
import { defineFamily } from '../define.js'
import { counts, numbers } from '../domains.js'
import { constant } from '../elementary.js'
import { column } from '../form.js'
import type { TensorFamily } from '../tensor-family.js'
import { divergenceOfTrials, entropyOfTrial, logitOf } from './bernoulli.js'

/** Parameters of geometrics. */
export type GeometricTensors = {
  /** log p/(1 - p) of the probability of success in each trial, finite. */
  readonly logit: tf.Tensor
}

const odds = ({ logit }: GeometricTensors): tf.Tensor => exp(tf.neg(logit))

/** Failures before the first success: 0, 1, 2, ... In the order of the float64 family: t(x) = x, eta = log(1 - p). */
export const geometric: TensorFamily<GeometricTensors, tf.Tensor, Geometric, false> = defineFamily<
  GeometricTensors,
  tf.Tensor,
  Geometric,
  false
>({
  name: 'Geometric',
  reparameterised: false,
  parameters: { logit: numbers() },
  value: counts(),
  logProb: ({ logit }, x) => tf.neg(tf.add(softplus(tf.neg(logit)), tf.mul(x, softplus(logit)))),
  // By inversion.
  sample: ({ logit }, lead, noise) =>
    constant((l, u) => tf.floor(tf.div(tf.neg(tf.log(u!)), tf.softplus(l!))))(logit, noise.uniform(lead)),
  mean: odds,
  variance: p => tf.div(odds(p), sigmoid(p.logit)),
  // Each of 1/p trials is one Bernoulli.
  entropy: ({ logit }) => tf.div(entropyOfTrial(logit), sigmoid(logit)),
  klDivergence: (p, q) => tf.div(divergenceOfTrials(p.logit, q.logit), sigmoid(p.logit)),
  statistic: column,
  logBaseMeasure: tf.zerosLike,
  natural: ({ logit }) => column(tf.neg(softplus(logit))),
  fromNatural: eta => {
    const log = tf.squeeze(eta, [-1])
    return { logit: tf.sub(tf.log(tf.neg(expm1(log))), log) }
  },
  logNormaliser: ({ logit }) => softplus(tf.neg(logit)),
  expectedStatistic: p => column(odds(p)),
  lift: { logit: m => logitOf(m.probability) },
})
