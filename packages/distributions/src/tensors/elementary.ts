import * as tf from '@tensorflow/tfjs-core'

type F = (...xs: ReadonlyArray<tf.Tensor>) => tf.Tensor

/** What does not change with its arguments as far as gradients go: conditions, maxima that cancel, draws. */
export const constant =
  (f: F): F =>
  (...xs) =>
    tf.customGrad((...given: unknown[]) => {
      const shapes = xs.map(x => x.shape)
      return { value: f(...(given.slice(0, xs.length) as tf.Tensor[])), gradFunc: () => shapes.map(s => tf.zeros(s)) }
    })(...(xs as tf.Tensor[]))

/** The same without a gradient. */
export const held = (x: tf.Tensor): tf.Tensor => constant(v => tf.clone(v!))(x)

/** a b, which is 0 where a is 0, whatever b is, with a gradient that is finite there. */
export const times = (a: tf.Tensor, b: tf.Tensor): tf.Tensor =>
  tf.mul(a, tf.where(constant((v, w) => tf.logicalAnd(tf.equal(v!, 0), tf.logicalNot(tf.isFinite(w!))))(a, b), 0, b))

/** e log x, with 0 log 0 = 0. */
export const timesLog = (e: tf.Tensor, x: tf.Tensor): tf.Tensor => {
  const neither = constant((v, w) => tf.logicalAnd(tf.equal(v!, 0), tf.equal(w!, 0)))(e, x)
  return tf.mul(e, tf.log(tf.where(neither, 1, x)))
}

/** Numbers as a tensor of one axis. */
export const vector = (values: ArrayLike<number>): tf.Tensor1D => tf.tensor1d(Float32Array.from(values))

/**
 * log(1 + x) of every entry with all digits where x is small, which some backends lose; differentiable any number of times.
 * Source: Kahan, in Higham, Accuracy and Stability of Numerical Algorithms, 2nd ed. (2002), section 1.14.1.
 */
export const log1p = (x: tf.Tensor): tf.Tensor =>
  tf.customGrad((v, save) => {
    const given = v as tf.Tensor
    ;(save as tf.GradSaveFunc)([given])
    const sum = tf.add(1, given)
    const same = tf.equal(sum, 1)
    const ratio = tf.div(given, tf.where(same, 1, tf.sub(sum, 1)))
    return {
      // What is not finite has no ratio.
      value: tf.where(same, given, tf.where(tf.isFinite(given), tf.mul(tf.log(sum), ratio), tf.log(sum))),
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => tf.div(dy, tf.add(1, saved[0]!)),
    }
  })(x)
