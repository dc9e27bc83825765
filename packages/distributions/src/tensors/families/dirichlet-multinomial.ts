import * as tf from '@tensorflow/tfjs-core'
import { type DirichletMultinomial, dirichletMultinomial as float64Of } from '../../families/dirichlet-multinomial.js'
import { counts, positives } from '../domains.js'
import { drawnByNumbers, memberOf } from '../host-draws.js'
import { logRatioOfBetas } from '../saddle-point.js'
import { define, type TensorDistribution } from '../tensor-family.js'
import type { DirichletTensors } from './dirichlet.js'
import { logArrangements } from './multinomial.js'

/** Counts [..., K] of so many draws, the probabilities of which are a Dirichlet's. */
export const dirichletMultinomial = (
  count: number,
): TensorDistribution<DirichletTensors, tf.Tensor, DirichletMultinomial, false> => {
  const float64 = float64Of(count)
  return define<DirichletTensors, tf.Tensor, DirichletMultinomial, false>({
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
    lift: { concentration: m => m.concentration },
  })
}
