import { logGamma, sigmoid, softplus } from '@conjugate/linalg/tensors'
import * as tf from '@tensorflow/tfjs-core'
import { type Binomial, binomial as binomial64 } from '../../families/binomial.js'
import { defineFamily } from '../define.js'
import { counts, numbers } from '../domains.js'
import { countsTo, entropyOfMasses } from '../entropies.js'
import { column } from '../form.js'
import { drawnByNumbers, memberOf } from '../host-draws.js'
import { logPoisson } from '../saddle-point.js'
import type { TensorFamily } from '../tensor-family.js'
import { divergenceOfTrials, logitOf } from './bernoulli.js'

/** Parameters of binomials of one count of trials. */
export type BinomialTensors = {
  /** log p/(1 - p) of the probability of success in each trial, finite. */
  readonly logit: tf.Tensor
}

/** log of n choose x. */
export const logChoose = (n: number, x: tf.Tensor): tf.Tensor =>
  tf.sub(logGamma(tf.scalar(n + 1)), tf.add(logGamma(tf.add(x, 1)), logGamma(tf.sub(n + 1, x))))

/** A logit whose probabilities are as good as 0 and 1, and none of them 0. */
const CERTAIN = 80

/**
 * Successes in so many trials: 0, ..., count. In the order of the float64 family: t(x) = x. The entropy is a sum over all counts.
 */
export const binomial = (count: number): TensorFamily<BinomialTensors, tf.Tensor, Binomial, false> => {
  // Poissons of successes and of failures, given their sum.
  const logProb = ({ logit }: BinomialTensors, x: tf.Tensor): tf.Tensor => {
    const whole = tf.scalar(count)
    const both = tf.add(
      logPoisson(x, tf.mul(whole, sigmoid(logit))),
      logPoisson(tf.sub(whole, x), tf.mul(whole, sigmoid(tf.neg(logit)))),
    )
    return tf.sub(both, logPoisson(whole, whole))
  }
  const float64 = binomial64(count)
  return defineFamily<BinomialTensors, tf.Tensor, Binomial, false>({
    name: 'Binomial',
    reparameterised: false,
    parameters: { logit: numbers() },
    value: counts(count),
    logProb,
    sample: ({ logit }, lead, noise) =>
      drawnByNumbers('Binomial', [logit], lead, [], ([l]) =>
        memberOf(float64.make({ probability: 1 / (1 + Math.exp(-l![0]!)) }), p => [float64.sample(p)(noise.stream)]),
      ),
    mean: ({ logit }) => tf.mul(count, sigmoid(logit)),
    variance: ({ logit }) => tf.mul(count, tf.mul(sigmoid(logit), sigmoid(tf.neg(logit)))),
    entropy: ({ logit }) => {
      const held = tf.clipByValue(column(logit), -CERTAIN, CERTAIN)
      return entropyOfMasses(logProb({ logit: held }, countsTo(count)))
    },
    klDivergence: (p, q) => tf.mul(count, divergenceOfTrials(p.logit, q.logit)),
    statistic: column,
    logBaseMeasure: x => logChoose(count, x),
    natural: ({ logit }) => column(logit),
    fromNatural: eta => ({ logit: tf.squeeze(eta, [-1]) }),
    logNormaliser: ({ logit }) => tf.mul(count, softplus(logit)),
    expectedStatistic: ({ logit }) => column(tf.mul(count, sigmoid(logit))),
    lift: { logit: m => logitOf(m.probability) },
  })
}
