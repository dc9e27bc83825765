import { exp, expm1, logGamma, sigmoid, softplus } from '@conjugate/linalg/tensors'
import * as tf from '@tensorflow/tfjs-core'
import * as E from 'fp-ts/lib/Either.js'
import { type NegativeBinomial, negativeBinomial as negativeBinomial64 } from '../../families/negative-binomial.js'
import { defineFamily } from '../define.js'
import { counts, numbers } from '../domains.js'
import { ofNumbers } from '../entropies.js'
import { column } from '../form.js'
import { drawnByNumbers, memberOf } from '../host-draws.js'
import { logNegativeBinomial } from '../saddle-point.js'
import type { TensorFamily } from '../tensor-family.js'
import { divergenceOfTrials, logitOf } from './bernoulli.js'

/** Parameters of negative binomials of one count of successes. */
export type NegativeBinomialTensors = {
  /** log p/(1 - p) of the probability of success in each trial, finite. */
  readonly logit: tf.Tensor
}

/**
 * Failures before so many successes: 0, 1, 2, ... In the order of the float64 family: t(x) = x, eta = log(1 - p). The entropy has no
 * closed form: it is that of the float64 family, for which parameters are read, and has first derivatives alone.
 */
export const negativeBinomial = (
  count: number,
): TensorFamily<NegativeBinomialTensors, tf.Tensor, NegativeBinomial, false> => {
  const float64 = negativeBinomial64(count)
  const probabilityOf = (logit: number): number => 1 / (1 + Math.exp(-logit))
  const entropyAt = (logit: number): number => {
    const member = float64.make({ probability: probabilityOf(logit) })
    return E.isRight(member) ? float64.entropy(member.right) : Number.NaN
  }
  return defineFamily<NegativeBinomialTensors, tf.Tensor, NegativeBinomial, false>({
    name: 'NegativeBinomial',
    reparameterised: false,
    parameters: { logit: numbers() },
    value: counts(),
    logProb: ({ logit }, x) => logNegativeBinomial(x, tf.scalar(count), sigmoid(logit), sigmoid(tf.neg(logit))),
    sample: ({ logit }, lead, noise) =>
      drawnByNumbers('NegativeBinomial', [logit], lead, [], ([l]) =>
        memberOf(float64.make({ probability: probabilityOf(l![0]!) }), p => [float64.sample(p)(noise.stream)]),
      ),
    mean: ({ logit }) => tf.mul(count, exp(tf.neg(logit))),
    variance: ({ logit }) => tf.div(tf.mul(count, exp(tf.neg(logit))), sigmoid(logit)),
    entropy: ({ logit }) => ofNumbers('NegativeBinomial.entropy', entropyAt, logit),
    klDivergence: (p, q) => tf.div(tf.mul(count, divergenceOfTrials(p.logit, q.logit)), sigmoid(p.logit)),
    natural: ({ logit }) => column(tf.neg(softplus(logit))),
    fromNatural: eta => {
      const log = tf.squeeze(eta, [-1])
      return { logit: tf.sub(tf.log(tf.neg(expm1(log))), log) }
    },
    logNormaliser: ({ logit }) => tf.mul(count, softplus(tf.neg(logit))),
    expectedStatistic: ({ logit }) => column(tf.mul(count, exp(tf.neg(logit)))),
    statistic: column,
    logBaseMeasure: x => tf.sub(tf.sub(logGamma(tf.add(x, count)), logGamma(tf.add(x, 1))), logGamma(tf.scalar(count))),
    lift: { logit: m => logitOf(m.probability) },
  })
}
