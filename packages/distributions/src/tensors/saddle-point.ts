import { LOG_2PI } from '@conjugate/linalg'
import { digamma, logGamma } from '@conjugate/linalg/tensors'
import * as tf from '@tensorflow/tfjs-core'
import { constant, log1p, times } from './elementary.js'
import { itakuraSaito } from './form.js'

// Masses and densities without the large terms of log Gamma, which cancel, and of which float32 has seven digits.
// Source: Loader, Fast and accurate computation of binomial probabilities (2000).

/** From here on Stirling's series has all digits of float32. */
const LARGE = 10

/** log Gamma(x) less Stirling's (x - 1/2) log x - x + log(2 pi)/2. Source: NIST DLMF, 5.11.1. */
export const stirlingError = (x: tf.Tensor): tf.Tensor => {
  const large = constant(v => tf.greaterEqual(v!, LARGE))(x)
  const r = tf.reciprocal(tf.where(large, x, LARGE))
  const square = tf.square(r)
  const series = tf.mul(r, tf.add(1 / 12, tf.mul(square, tf.sub(tf.mul(square, 1 / 1260), 1 / 360))))
  const held = tf.where(large, 1, x)
  const direct = tf.sub(tf.add(logGamma(held), held), tf.add(tf.mul(tf.sub(held, 0.5), tf.log(held)), 0.5 * LOG_2PI))
  return tf.where(large, series, direct)
}

/** psi(x) - log x. Source: NIST DLMF, 5.11.2. */
export const digammaLessLog = (x: tf.Tensor): tf.Tensor => {
  const large = constant(v => tf.greaterEqual(v!, LARGE))(x)
  const r = tf.reciprocal(tf.where(large, x, LARGE))
  const square = tf.square(r)
  const series = tf.neg(tf.add(tf.mul(0.5, r), tf.mul(square, tf.sub(1 / 12, tf.mul(square, 1 / 120)))))
  const held = tf.where(large, 1, x)
  return tf.where(large, series, tf.sub(digamma(held), tf.log(held)))
}

/** x log rate - rate - log Gamma(x + 1), for x >= 0 that need not be whole; 0 for x = 0 and a rate of 0. */
export const logPoisson = (x: tf.Tensor, rate: tf.Tensor): tf.Tensor => {
  const large = constant(v => tf.greaterEqual(v!, LARGE))(x)
  const held = tf.where(large, x, LARGE)
  const ratio = tf.div(tf.where(large, rate, LARGE), held)
  const aside = tf.add(tf.mul(0.5, tf.add(tf.log(held), LOG_2PI)), stirlingError(held))
  const small = tf.where(large, 0, x)
  const direct = tf.sub(tf.sub(times(small, tf.log(rate)), rate), logGamma(tf.add(small, 1)))
  return tf.where(large, tf.neg(tf.add(tf.mul(held, itakuraSaito(ratio)), aside)), direct)
}

/**
 * The log mass of x failures before r successes, of probability p = 1 - q: r/(x + r) times that of a binomial of x + r trials.
 */
export const logNegativeBinomial = (x: tf.Tensor, r: tf.Tensor, p: tf.Tensor, q: tf.Tensor): tf.Tensor => {
  const trials = tf.add(x, r)
  const both = tf.add(logPoisson(x, tf.mul(trials, q)), logPoisson(r, tf.mul(trials, p)))
  return tf.sub(tf.sub(both, logPoisson(trials, trials)), log1p(tf.div(x, r)))
}

/** The log of the density x^(-1) y^a e^(-y) / Gamma(a) of a gamma at x > 0, of which y is the multiple by the rate. */
export const logGammaDensity = (a: tf.Tensor, y: tf.Tensor, x: tf.Tensor): tf.Tensor =>
  tf.sub(tf.add(logPoisson(a, y), tf.log(a)), tf.log(x))

/** The log density of a Dirichlet at shares above 0, over the last axis: gammas of one rate, given their sum. */
export const logDirichletDensity = (alpha: tf.Tensor, x: tf.Tensor): tf.Tensor => {
  const sum = tf.sum(alpha, -1, true)
  const ofSum = tf.squeeze(logGammaDensity(sum, sum, tf.onesLike(sum)), [-1])
  return tf.sub(tf.sum(logGammaDensity(alpha, tf.mul(sum, x), x), -1), ofSum)
}

/**
 * log B(alpha + x) - log B(alpha), over the last axis, without terms that are large where alpha is and x is not.
 */
export const logRatioOfBetas = (alpha: tf.Tensor, x: tf.Tensor): tf.Tensor => {
  const [sum, count] = [tf.sum(alpha, -1), tf.sum(x, -1)]
  const after = tf.add(alpha, x)
  const all = tf.add(sum, count)
  const errors = tf.sum(tf.sub(stirlingError(after), stirlingError(alpha)), -1)
  const grown = tf.mul(tf.sub(alpha, 0.5), log1p(tf.div(x, alpha)))
  const shares = tf.mul(x, tf.log(tf.div(after, tf.expandDims(all, -1))))
  const ofSum = tf.add(
    tf.mul(tf.sub(sum, 0.5), log1p(tf.div(count, sum))),
    tf.sub(stirlingError(all), stirlingError(sum)),
  )
  return tf.sub(tf.add(tf.sum(tf.add(grown, shares), -1), errors), ofSum)
}

/** The entropy of Gamma(a, 1), and so many times E log x besides. */
export const entropyOfGamma = (a: tf.Tensor, logs = 0): tf.Tensor => {
  const log = tf.log(a)
  const ofDigamma = tf.mul(tf.sub(1 + logs, a), digammaLessLog(a))
  return tf.add(tf.add(tf.mul(0.5 + logs, log), 0.5 * LOG_2PI), tf.add(stirlingError(a), ofDigamma))
}

/** KL of gammas of shapes a and b, whose means have the ratio r = (a/rate of a) / (b/rate of b). */
export const divergenceOfGammas = (a: tf.Tensor, b: tf.Tensor, ratio: tf.Tensor): tf.Tensor => {
  const ofShapes = tf.add(
    tf.mul(tf.sub(a, b), digammaLessLog(a)),
    tf.add(tf.mul(0.5, tf.log(tf.div(a, b))), tf.sub(stirlingError(b), stirlingError(a))),
  )
  return tf.add(tf.mul(b, itakuraSaito(ratio)), ofShapes)
}

/** The entropy of a Dirichlet: gammas of one rate are their sum and their shares. */
export const entropyOfDirichlet = (alpha: tf.Tensor): tf.Tensor => {
  const sum = tf.sum(alpha, -1)
  const logs = alpha.shape.at(-1)! - 1
  return tf.sub(tf.sum(entropyOfGamma(alpha), -1), entropyOfGamma(sum, logs))
}

/** KL of Dirichlets, in the same way. */
export const divergenceOfDirichlets = (alpha: tf.Tensor, beta: tf.Tensor): tf.Tensor => {
  const [sum, other] = [tf.sum(alpha, -1), tf.sum(beta, -1)]
  return tf.sub(
    tf.sum(divergenceOfGammas(alpha, beta, tf.div(alpha, beta)), -1),
    divergenceOfGammas(sum, other, tf.div(sum, other)),
  )
}
