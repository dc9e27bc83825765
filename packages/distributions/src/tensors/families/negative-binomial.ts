import { exp, expm1, logGamma, sigmoid, softplus } from '@conjugate/linalg/tensors'
import * as tf from '@tensorflow/tfjs-core'
import { type NegativeBinomial, negativeBinomial as negativeBinomial64 } from '../../families/negative-binomial.js'
import { counts, numbers } from '../domains.js'
import { log1p } from '../elementary.js'
import { column } from '../form.js'
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
import { divergenceOfTrials, logitOf } from './bernoulli.js'

/** Parameters of negative binomials of one count of successes. */
export type NegativeBinomialTensors = {
  /** log p/(1 - p) of the probability of success in each trial, finite. */
  readonly logit: tf.Tensor
}

/**
 * Failures before so many successes: 0, 1, 2, ... In the order of the float64 family: t(x) = x, eta = log(1 - p). There is no
 * entropy, which has no closed form.
 */
export const negativeBinomial = (
  count: number,
): TensorDistribution<NegativeBinomialTensors, tf.Tensor, NegativeBinomial, false> &
  DivergenceOnly<NegativeBinomialTensors> &
  ExponentialForm<NegativeBinomialTensors, tf.Tensor> => {
  const float64 = negativeBinomial64(count)
  const logBaseMeasure = (x: tf.Tensor): tf.Tensor =>
    tf.sub(tf.sub(logGamma(tf.add(x, count)), logGamma(tf.add(x, 1))), logGamma(tf.scalar(count)))
  const definition: Parameters<typeof define<NegativeBinomialTensors, tf.Tensor, NegativeBinomial, false>>[0] = {
    name: 'NegativeBinomial',
    reparameterised: false,
    parameters: { logit: numbers() },
    value: counts(),
    // r/(x + r) times the mass of a binomial of x + r trials.
    logProb: ({ logit }, x) => {
      const successes = tf.scalar(count)
      const trials = tf.add(x, successes)
      const both = tf.add(
        logPoisson(x, tf.mul(trials, sigmoid(tf.neg(logit)))),
        logPoisson(successes, tf.mul(trials, sigmoid(logit))),
      )
      return tf.sub(tf.sub(both, logPoisson(trials, trials)), log1p(tf.div(x, successes)))
    },
    sample: ({ logit }, lead, noise) =>
      drawnByNumbers('NegativeBinomial', [logit], lead, [], ([l]) =>
        memberOf(float64.make({ probability: 1 / (1 + Math.exp(-l![0]!)) }), p => [float64.sample(p)(noise.stream)]),
      ),
    mean: ({ logit }) => tf.mul(count, exp(tf.neg(logit))),
    variance: ({ logit }) => tf.div(tf.mul(count, exp(tf.neg(logit))), sigmoid(logit)),
    lift: { logit: m => logitOf(m.probability) },
  }
  return {
    ...define<NegativeBinomialTensors, tf.Tensor, NegativeBinomial, false>(definition),
    ...withDivergence<NegativeBinomialTensors, tf.Tensor, NegativeBinomial, false, tf.Tensor, tf.Tensor>({
      ...definition,
      klDivergence: (p, q) => tf.div(tf.mul(count, divergenceOfTrials(p.logit, q.logit)), sigmoid(p.logit)),
    }),
    ...withForm<NegativeBinomialTensors, tf.Tensor, NegativeBinomial, false, tf.Tensor, tf.Tensor>({
      ...definition,
      natural: ({ logit }) => column(tf.neg(softplus(logit))),
      fromNatural: eta => {
        const log = tf.squeeze(eta, [-1])
        return { logit: tf.sub(tf.log(tf.neg(expm1(log))), log) }
      },
      logNormaliser: ({ logit }) => tf.mul(count, softplus(tf.neg(logit))),
      expectedStatistic: ({ logit }) => column(tf.mul(count, exp(tf.neg(logit)))),
      statistic: column,
      logBaseMeasure,
    }),
  }
}
