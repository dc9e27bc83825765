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

/** What each term of the series of a sine is of the one before and the square, from the last one on. */
const SINES = [14, 12, 10, 8, 6, 4, 2].map(n => 1 / (n * (n + 1)))

/** The sine of angles from 0 to pi/2 with all digits of float32, of which GPUs promise three. */
export const sineOf = (x: tf.Tensor): tf.Tensor => {
  const square = tf.square(x)
  const one: tf.Tensor = tf.onesLike(x)
  return tf.mul(
    x,
    SINES.reduce((rest, c) => tf.sub(1, tf.mul(tf.mul(c, square), rest)), one),
  )
}
