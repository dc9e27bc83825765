import { cholesky } from '@conjugate/linalg/tensors'
import * as tf from '@tensorflow/tfjs-core'
import { meanOf, outer, prior, type TensorPrior } from './conjugate-prior.js'
import { counts, nonNegatives, numbers } from './domains.js'
import { type BetaTensors, beta } from './families/beta.js'
import { categorical } from './families/categorical.js'
import { type DirichletTensors, dirichlet } from './families/dirichlet.js'
import { type GammaTensors, gamma } from './families/gamma.js'
import { isotropicNormalInverseGamma } from './families/isotropic-normal-inverse-gamma.js'
import { type NormalInverseGammaTensors, normalInverseGamma } from './families/normal-inverse-gamma.js'
import { type NormalInverseWishartTensors, normalInverseWishart } from './families/normal-inverse-wishart.js'
import { column } from './form.js'
import { gram, squaredNorm } from './matrices.js'
import { trailing } from './shapes.js'

/** The gamma as the prior of a Poisson's rate. */
export const gammaPoissonPrior: TensorPrior<GammaTensors> = prior(
  gamma,
  counts(),
  ({ shape, rate }, { x, count, sum }) => ({
    shape: tf.add(shape, sum(x, 0)),
    rate: tf.add(rate, count),
  }),
)

/** The gamma as the prior of an exponential distribution's rate. */
export const gammaExponentialPrior: TensorPrior<GammaTensors> = prior(
  gamma,
  nonNegatives(),
  ({ shape, rate }, { x, count, sum }) => ({
    shape: tf.add(shape, count),
    rate: tf.add(rate, sum(x, 0)),
  }),
)

/** The beta as the prior of a Bernoulli's probability of 1. */
export const betaBernoulliPrior: TensorPrior<BetaTensors> = prior(beta, counts(1), ({ a, b }, { x, count, sum }) => {
  const successes = sum(x, 0)
  return { a: tf.add(a, successes), b: tf.add(b, tf.sub(count, successes)) }
})

/** The beta as the prior of the probability of a binomial of so many trials. */
export const betaBinomialPrior = (count: number): TensorPrior<BetaTensors> =>
  prior(beta, counts(count), ({ a, b }, { x, count: observed, sum }) => {
    const successes = sum(x, 0)
    return { a: tf.add(a, successes), b: tf.add(b, tf.sub(tf.mul(count, observed), successes)) }
  })

/** The Dirichlet as the prior of the probabilities of multinomials, observed by the counts of their categories. */
export const dirichletMultinomialPrior: TensorPrior<DirichletTensors> = prior(
  dirichlet,
  counts(undefined, 'k'),
  ({ concentration }, { x, sum }) => ({
    concentration: tf.add(concentration, sum(x, 1)),
  }),
)

/** The Dirichlet as the prior of the probabilities of so many categories, observed by their indices. */
export const dirichletPrior = (categories: number): TensorPrior<DirichletTensors> =>
  prior(dirichlet, counts(categories - 1), ({ concentration }, { x, sum }) => ({
    concentration: tf.add(concentration, sum(categorical(categories).statistic(x), 1)),
  }))

/** The normal-inverse-gamma as the prior of a normal; with a batch of D, of a diagonal normal of D columns. */
export const normalInverseGammaPrior: TensorPrior<NormalInverseGammaTensors> = prior(
  normalInverseGamma,
  numbers(),
  (p, { x, count, sum }) => {
    const { mean, meanPrecision, shape, scale } = p
    const off = tf.sub(x, mean)
    const centre = meanOf(sum(off, 0), count)
    const squares = sum(tf.square(tf.sub(off, centre)), 0)
    const precision = tf.add(meanPrecision, count)
    const between = tf.mul(tf.div(tf.mul(meanPrecision, count), precision), tf.square(centre))
    return {
      mean: tf.add(mean, tf.mul(tf.div(count, precision), centre)),
      meanPrecision: precision,
      shape: tf.add(shape, tf.mul(0.5, count)),
      scale: tf.add(scale, tf.mul(0.5, tf.add(squares, between))),
    }
  },
)

/** The isotropic normal-inverse-gamma as the prior of an isotropic normal of D columns. */
export const isotropicNormalPrior: TensorPrior<NormalInverseGammaTensors> = prior(
  isotropicNormalInverseGamma,
  numbers('d'),
  (p, { x, count, sum }) => {
    const { mean, meanPrecision, shape, scale } = p
    const off = tf.sub(x, mean)
    const centre = meanOf(sum(off, 1), column(count))
    const squares = sum(squaredNorm(tf.sub(off, centre)), 0)
    const precision = tf.add(meanPrecision, count)
    const between = tf.mul(tf.div(tf.mul(meanPrecision, count), precision), squaredNorm(centre))
    return {
      mean: tf.add(mean, tf.mul(column(tf.div(count, precision)), centre)),
      meanPrecision: precision,
      shape: tf.add(shape, tf.mul(0.5 * x.shape.at(-1)!, count)),
      scale: tf.add(scale, tf.mul(0.5, tf.add(squares, between))),
    }
  },
)

/**
 * The normal-inverse-Wishart as the prior of a multivariate normal. Squares are taken about the mean of the observations, so that
 * their digits do not depend on how far from the prior they are.
 */
export const normalInverseWishartPrior: TensorPrior<NormalInverseWishartTensors> = prior(
  normalInverseWishart,
  numbers('d'),
  (p, { x, count, sum }) => {
    const { mean, meanPrecision, degreesOfFreedom, factor } = p
    const off = tf.sub(x, mean)
    const centre = meanOf(sum(off, 1), column(count))
    const squares = sum(outer(tf.sub(off, centre)), 2)
    const precision = tf.add(meanPrecision, count)
    const between = tf.mul(trailing(tf.div(tf.mul(meanPrecision, count), precision), 2), outer(centre))
    return {
      mean: tf.add(mean, tf.mul(column(tf.div(count, precision)), centre)),
      meanPrecision: precision,
      degreesOfFreedom: tf.add(degreesOfFreedom, count),
      factor: cholesky(tf.add(gram(factor), tf.add(squares, between))),
    }
  },
)
