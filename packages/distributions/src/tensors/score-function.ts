import * as tf from '@tensorflow/tfjs-core'
import { held } from './elementary.js'

/**
 * What is expected of a function f under draws that are not differentiable: a tensor with the numbers f(x) and the gradient of
 * E f(x) in the parameters, f(x) times that of log p(x), and in whatever f itself depends on. Take its mean over the draws; what is
 * subtracted from f beforehand, such as its mean, lowers the variance. Source: Williams, Simple statistical gradient-following
 * algorithms (1992); Foerster et al., DiCE (2018).
 */
export const scoreFunction =
  <P, X>(family: { readonly logProb: (p: P) => (x: X) => tf.Tensor }) =>
  (p: P) =>
  (x: X, values: tf.Tensor): tf.Tensor =>
    tf.tidy(() => {
      const log = family.logProb(p)(x)
      return tf.add(values, tf.mul(held(values), tf.sub(log, held(log))))
    })
