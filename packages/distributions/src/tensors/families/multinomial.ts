import { logGamma, logSumExp, softmax } from '@conjugate/linalg/tensors'
import * as tf from '@tensorflow/tfjs-core'
import { type Multinomial, multinomial as multinomial64 } from '../../families/multinomial.js'
import { define, withEntropy, withForm } from '../define.js'
import { counts, logits as logitsOf } from '../domains.js'
import { constant } from '../elementary.js'
import { countsTo, expectation, others } from '../entropies.js'
import { column } from '../form.js'
import { drawnByNumbers, memberOf } from '../host-draws.js'
import { logPoisson } from '../saddle-point.js'
import type { ExponentialForm, TensorDistribution, WithEntropy } from '../tensor-family.js'

/** Parameters of multinomials of one count of draws. */
export type MultinomialTensors = {
  /** Logs of K probabilities up to a constant [...batch, K]; -Infinity for what is impossible. */
  readonly logits: tf.Tensor
}

const total = (x: tf.Tensor): tf.Tensor => tf.sum(x, -1)

/** log of n! over the product of the factorials of counts on the last axis. */
export const logArrangements = (n: number, x: tf.Tensor): tf.Tensor =>
  tf.sub(logGamma(tf.scalar(n + 1)), total(logGamma(tf.add(x, 1))))

/** Counts are known of what has this probability at most, or all but this, whose logarithm has a slope beyond float32. */
const NEGLIGIBLE = 1e-30

/** Terms of the log density, each expected under the binomial of its category. */
const entropyOfMultinomial = (count: number, p: tf.Tensor): tf.Tensor => {
  const whole = tf.scalar(count)
  const ofTotal = logPoisson(whole, whole)
  const q = others(p)
  const isLess = constant(v => tf.less(v!, NEGLIGIBLE))
  const [never, always] = [isLess(p), isLess(q)]
  const isKnown = constant((a, b) => tf.logicalOr(a!, b!))(never, always)
  const held = (x: tf.Tensor): tf.Tensor => tf.mul(whole, column(tf.where(isKnown, 0.5, x)))
  const x = countsTo(count)
  const ofCategory = logPoisson(x, held(p))
  const logMass = tf.sub(tf.add(ofCategory, logPoisson(tf.sub(whole, x), held(q))), ofTotal)
  const expected = tf.where(never, 0, tf.where(always, ofTotal, expectation(logMass, ofCategory)))
  return tf.sub(ofTotal, total(expected))
}

/**
 * How often each of K categories came up in so many draws: counts [..., K] whose sum is `count`. In the order of the float64
 * family: t(x) = x. Natural parameters are the logits. The entropy is a sum over all counts of each category.
 */
export const multinomial = (
  count: number,
): TensorDistribution<MultinomialTensors, tf.Tensor, Multinomial, false> &
  WithEntropy<MultinomialTensors> &
  ExponentialForm<MultinomialTensors, tf.Tensor> => {
  const float64 = multinomial64(count)
  const definition: Parameters<typeof define<MultinomialTensors, tf.Tensor, Multinomial, false>>[0] = {
    name: 'Multinomial',
    reparameterised: false,
    parameters: { logits: logitsOf() },
    value: counts(count, 'k'),
    support: x => tf.equal(total(x), count),
    // Poissons of the categories, given their sum.
    logProb: ({ logits }, x) => {
      const whole = tf.scalar(count)
      return tf.sub(total(logPoisson(x, tf.mul(whole, softmax(logits)))), logPoisson(whole, whole))
    },
    sample: ({ logits }, lead, noise, { k }) =>
      drawnByNumbers('Multinomial', [logits], lead, [k!], ([l]) => {
        const top = Math.max(...Array.from(l!))
        const weights = Array.from(l!, v => Math.exp(v - top))
        const sum = weights.reduce((a, b) => a + b, 0)
        return memberOf(float64.make({ probabilities: weights.map(v => v / sum) }), p =>
          float64.sample(p)(noise.stream),
        )
      }),
    mean: ({ logits }) => tf.mul(count, softmax(logits)),
    variance: ({ logits }) => {
      const p = softmax(logits)
      return tf.mul(count, tf.mul(p, tf.sub(1, p)))
    },
    lift: { logits: m => Array.from(m.probabilities, Math.log) },
  }
  return {
    ...define<MultinomialTensors, tf.Tensor, Multinomial, false>(definition),
    ...withEntropy<MultinomialTensors, tf.Tensor, Multinomial, false, tf.Tensor, tf.Tensor>({
      ...definition,
      entropy: ({ logits }) => entropyOfMultinomial(count, softmax(logits)),
    }),
    ...withForm<MultinomialTensors, tf.Tensor, Multinomial, false, tf.Tensor, tf.Tensor>({
      ...definition,
      natural: ({ logits }) => tf.clone(logits),
      fromNatural: eta => ({ logits: tf.clone(eta) }),
      logNormaliser: ({ logits }) => tf.mul(count, logSumExp(logits)),
      expectedStatistic: ({ logits }) => tf.mul(count, softmax(logits)),
      statistic: tf.clone,
      logBaseMeasure: x => logArrangements(count, x),
    }),
  }
}
