import * as tf from '@tensorflow/tfjs-core'
import { type DirichletMultinomial, dirichletMultinomial as float64Of } from '../../families/dirichlet-multinomial.js'
import { defineWithEntropy } from '../define.js'
import { counts, positives } from '../domains.js'
import { held } from '../elementary.js'
import { countsTo, expectation, others } from '../entropies.js'
import { column } from '../form.js'
import { drawnByNumbers, memberOf } from '../host-draws.js'
import { logNegativeBinomial, logRatioOfBetas } from '../saddle-point.js'
import type { TensorDistribution, WithEntropy } from '../tensor-family.js'
import type { DirichletTensors } from './dirichlet.js'
import { logArrangements } from './multinomial.js'

/**
 * Negative binomials of one probability, given their sum, are a Dirichlet-multinomial, whatever the probability is; terms of their log
 * masses are each expected under the beta-binomial of their category.
 */
const entropyOf = (count: number, alpha: tf.Tensor): tf.Tensor => {
  const sum = tf.sum(alpha, -1, true)
  // One category has all of the draws.
  if (alpha.shape.at(-1) === 1) return tf.mul(0, tf.squeeze(sum, [-1]))
  const whole = tf.scalar(count)
  const total = held(tf.add(sum, whole))
  const [p, q] = [tf.div(held(sum), total), tf.div(whole, total)]
  const x = countsTo(count)
  const ofTotal = logNegativeBinomial(whole, sum, p, q)
  const [success, failure] = [column(p), column(q)]
  const ofCategory = logNegativeBinomial(x, column(alpha), success, failure)
  const ofOthers = logNegativeBinomial(tf.sub(whole, x), column(others(alpha)), success, failure)
  const logMass = tf.sub(tf.add(ofCategory, ofOthers), column(ofTotal))
  return tf.sub(tf.squeeze(ofTotal, [-1]), tf.sum(expectation(logMass, ofCategory), -1))
}

/** Counts [..., K] of so many draws, the probabilities of which are a Dirichlet's. The entropy is a sum over all counts of each category. */
export const dirichletMultinomial = (
  count: number,
): TensorDistribution<DirichletTensors, tf.Tensor, DirichletMultinomial, false> & WithEntropy<DirichletTensors> => {
  const float64 = float64Of(count)
  return defineWithEntropy<DirichletTensors, tf.Tensor, DirichletMultinomial, false>({
    name: 'DirichletMultinomial',
    reparameterised: false,
    parameters: { concentration: positives('k') },
    value: counts(count, 'k'),
    support: x => tf.equal(tf.sum(x, -1), count),
    logProb: ({ concentration }, x) => tf.add(logArrangements(count, x), logRatioOfBetas(concentration, x)),
    sample: ({ concentration }, lead, noise, { k }) =>
      drawnByNumbers('DirichletMultinomial', [concentration], lead, [k!], ([alpha]) =>
        memberOf(float64.make({ concentration: alpha! }), p => float64.sample(p)(noise.stream)),
      ),
    mean: ({ concentration }) => tf.div(tf.mul(count, concentration), tf.sum(concentration, -1, true)),
    variance: ({ concentration }) => {
      const sum = tf.sum(concentration, -1, true)
      const p = tf.div(concentration, sum)
      return tf.mul(tf.mul(count, tf.mul(p, tf.sub(1, p))), tf.div(tf.add(sum, count), tf.add(sum, 1)))
    },
    entropy: ({ concentration }) => entropyOf(count, concentration),
    lift: { concentration: m => m.concentration },
  })
}
