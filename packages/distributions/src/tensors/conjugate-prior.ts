import * as tf from '@tensorflow/tfjs-core'
import { each } from './definition.js'
import type { Domain } from './domains.js'
import { constant } from './elementary.js'
import { column } from './form.js'
import { trailing } from './shapes.js'

/** What a conjugate prior becomes by observations. */
export interface TensorPrior<P> {
  /**
   * The posterior of observations [N, ...batch, ...event], which are summed over their first axis, each as often as its weight
   * [N, ...batch] says: responsibilities [N, K] of observations [N, 1, ...event] update a batch of K priors. An observation of weight 0 is not
   * read; NaN where one that counts is outside the support of the likelihood, a weight is negative, or the prior is no member.
   */
  readonly update: (prior: P) => (x: tf.Tensor, weights?: tf.Tensor) => P
}

/** Observations in float32, their count by weight, and weighted sums over the first axis. */
export interface Observed {
  readonly x: tf.Tensor
  readonly count: tf.Tensor
  readonly sum: (of: tf.Tensor, axes: number) => tf.Tensor
}

/** Makes a prior, of a family, of what its update by values of a likelihood is. */
export const prior = <P>(
  family: { readonly isMember: (p: P) => tf.Tensor },
  value: Domain,
  update: (prior: P, observed: Observed) => P,
): TensorPrior<P> => ({
  update: given => (values, weights) =>
    tf.tidy(() => {
      const x = tf.cast(values, 'float32')
      const axes = value.axes.length
      const ones = tf.ones(x.shape.slice(0, x.rank - axes))
      const w = weights === undefined ? ones : tf.mul(weights, ones)
      const inside = constant(v => value.contains(v!))(x)
      // What does not count is not read.
      const held = tf.where(trailing(inside, axes), x, value.inside(x))
      const valid = constant((v, possible, isMember) => {
        const isWeight = tf.logicalAnd(tf.greaterEqual(v!, 0), tf.isFinite(v!))
        const counts = tf.logicalAnd(isWeight, tf.logicalOr(possible!, tf.equal(v!, 0)))
        return tf.where(tf.logicalAnd(tf.all(counts, 0), isMember!), 1, Number.NaN)
      })(w, inside, family.isMember(given))
      const posterior = update(given, {
        x: held,
        count: tf.sum(w, 0),
        sum: (of, axesOf) => tf.sum(tf.mul(trailing(w, axesOf), of), 0),
      })
      return each(posterior, t => tf.mul(t, trailing(valid, t.rank - valid.rank))) as never
    }),
})

/** The mean of what is off a centre, which is 0 where nothing was observed. */
export const meanOf = (sum: tf.Tensor, count: tf.Tensor): tf.Tensor =>
  tf.div(sum, tf.where(constant(v => tf.greater(v!, 0))(count), count, 1))

/** x x' of vectors. */
export const outer = (x: tf.Tensor): tf.Tensor => tf.mul(column(x), tf.expandDims(x, -2))
