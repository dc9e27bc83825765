import { sigmoid, softplus } from '@conjugate/linalg/tensors'
import * as tf from '@tensorflow/tfjs-core'
import type { Bernoulli } from '../../families/bernoulli.js'
import { defineFamily } from '../define.js'
import { counts, numbers } from '../domains.js'
import { constant } from '../elementary.js'
import { column } from '../form.js'
import type { TensorFamily } from '../tensor-family.js'

/** Parameters of Bernoullis. */
export type BernoulliTensors = {
  /** log p/(1 - p) of the probability of 1, finite. */
  readonly logit: tf.Tensor
}

/** p (log p - log q) + (1 - p) (log (1 - p) - log (1 - q)) of logits. */
export const divergenceOfTrials = (p: tf.Tensor, q: tf.Tensor): tf.Tensor =>
  tf.add(
    tf.mul(sigmoid(p), tf.sub(softplus(tf.neg(q)), softplus(tf.neg(p)))),
    tf.mul(sigmoid(tf.neg(p)), tf.sub(softplus(q), softplus(p))),
  )

/** - p log p - (1 - p) log (1 - p) of a logit. */
export const entropyOfTrial = (logit: tf.Tensor): tf.Tensor =>
  tf.add(tf.mul(sigmoid(logit), softplus(tf.neg(logit))), tf.mul(sigmoid(tf.neg(logit)), softplus(logit)))

/** The logit of a probability. */
export const logitOf = (p: number): number => Math.log(p) - Math.log1p(-p)

/** 0 or 1, as float32. In the order of the float64 family: t(x) = x. A certain Bernoulli has no finite logit. */
export const bernoulli: TensorFamily<BernoulliTensors, tf.Tensor, Bernoulli, false> = defineFamily<
  BernoulliTensors,
  tf.Tensor,
  Bernoulli,
  false
>({
  name: 'Bernoulli',
  reparameterised: false,
  parameters: { logit: numbers() },
  value: counts(1),
  logProb: ({ logit }, x) => tf.sub(tf.mul(x, logit), softplus(logit)),
  sample: ({ logit }, lead, noise) =>
    constant((l, u) => tf.cast(tf.less(u!, tf.sigmoid(l!)), 'float32'))(logit, noise.uniform(lead)),
  mean: ({ logit }) => sigmoid(logit),
  variance: ({ logit }) => tf.mul(sigmoid(logit), sigmoid(tf.neg(logit))),
  entropy: ({ logit }) => entropyOfTrial(logit),
  klDivergence: (p, q) => divergenceOfTrials(p.logit, q.logit),
  statistic: column,
  logBaseMeasure: tf.zerosLike,
  natural: ({ logit }) => column(logit),
  fromNatural: eta => ({ logit: tf.squeeze(eta, [-1]) }),
  logNormaliser: ({ logit }) => softplus(logit),
  expectedStatistic: ({ logit }) => column(sigmoid(logit)),
  lift: { logit: m => logitOf(m.probability) },
})
