import * as tf from '@tensorflow/tfjs-core'
import { type BetaBinomial, betaBinomial as betaBinomial64 } from '../../families/beta-binomial.js'
import { defineWithEntropy } from '../define.js'
import { counts, positives } from '../domains.js'
import { countsTo, entropyOfMasses } from '../entropies.js'
import { column, stack } from '../form.js'
import { drawnByNumbers, memberOf } from '../host-draws.js'
import { logRatioOfBetas } from '../saddle-point.js'
import type { TensorDistribution, WithEntropy } from '../tensor-family.js'
import type { BetaTensors } from './beta.js'
import { logChoose } from './binomial.js'

/** Successes in so many trials whose probability is a beta: 0, ..., count. The entropy is a sum over all counts. */
export const betaBinomial = (
  count: number,
): TensorDistribution<BetaTensors, tf.Tensor, BetaBinomial, false> & WithEntropy<BetaTensors> => {
  const logProb = ({ a, b }: BetaTensors, x: tf.Tensor): tf.Tensor =>
    tf.add(logChoose(count, x), logRatioOfBetas(stack(a, b), stack(x, tf.sub(count, x))))
  const float64 = betaBinomial64(count)
  return defineWithEntropy<BetaTensors, tf.Tensor, BetaBinomial, false>({
    name: 'BetaBinomial',
    reparameterised: false,
    parameters: { a: positives(), b: positives() },
    value: counts(count),
    logProb,
    sample: ({ a, b }, lead, noise) =>
      drawnByNumbers('BetaBinomial', [a, b], lead, [], ([p, q]) =>
        memberOf(float64.make({ a: p![0]!, b: q![0]! }), m => [float64.sample(m)(noise.stream)]),
      ),
    mean: ({ a, b }) => tf.div(tf.mul(count, a), tf.add(a, b)),
    variance: ({ a, b }) => {
      const sum = tf.add(a, b)
      const ofOne = tf.mul(tf.div(a, sum), tf.div(b, sum))
      return tf.mul(tf.mul(count, ofOne), tf.div(tf.add(sum, count), tf.add(sum, 1)))
    },
    entropy: ({ a, b }) => entropyOfMasses(logProb({ a: column(a), b: column(b) }, countsTo(count))),
    lift: { a: m => m.a, b: m => m.b },
  })
}
