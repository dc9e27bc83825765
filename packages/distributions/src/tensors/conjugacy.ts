import { cholesky } from '@conjugate/linalg/tensors'
import * as tf from '@tensorflow/tfjs-core'
import type { BetaTensors } from './families/beta.js'
import { categorical } from './families/categorical.js'
import type { DirichletTensors } from './families/dirichlet.js'
import type { GammaTensors } from './families/gamma.js'
import type { NormalInverseGammaTensors } from './families/normal-inverse-gamma.js'
import type { NormalInverseWishartTensors } from './families/normal-inverse-wishart.js'
import { column } from './form.js'
import { gram } from './matrices.js'
import { trailing } from './shapes.js'

/** What a conjugate prior becomes by observations. */
export interface TensorPrior<P> {
  /**
   * The posterior of observations [N, ...batch, ...event], which are summed over their first axis, each as often as its weight
   * [N, ...batch] says: responsibilities [N, K] of observations [N, 1, ...event] update a batch of K priors.
   */
  readonly update: (prior: P) => (x: tf.Tensor, weights?: tf.Tensor) => P
}

/** Observations in float32, their count by weight, and weighted sums over the first axis. */
interface Observed {
  readonly x: tf.Tensor
  readonly count: tf.Tensor
  readonly sum: (of: tf.Tensor, axes: number) => tf.Tensor
}

const prior = <P>(eventAxes: number, update: (prior: P, observed: Observed) => P): TensorPrior<P> => ({
  update: given => (values, weights) =>
    tf.tidy(() => {
      const x = tf.cast(values, 'float32')
      const ones = tf.ones(x.shape.slice(0, x.rank - eventAxes))
      const w = weights === undefined ? ones : tf.mul(weights, ones)
      return update(given, {
        x,
        count: tf.sum(w, 0),
        sum: (of, axes) => tf.sum(tf.mul(trailing(w, axes), of), 0),
      }) as never
    }),
})

/** The gamma as the prior of a Poisson's rate. */
export const gammaPoissonPrior: TensorPrior<GammaTensors> = prior(0, ({ shape, rate }, { x, count, sum }) => ({
  shape: tf.add(shape, sum(x, 0)),
  rate: tf.add(rate, count),
}))

/** The gamma as the prior of an exponential distribution's rate. */
export const gammaExponentialPrior: TensorPrior<GammaTensors> = prior(0, ({ shape, rate }, { x, count, sum }) => ({
  shape: tf.add(shape, count),
  rate: tf.add(rate, sum(x, 0)),
}))

/** The beta as the prior of a Bernoulli's probability of 1. */
export const betaBernoulliPrior: TensorPrior<BetaTensors> = prior(0, ({ a, b }, { x, count, sum }) => {
  const successes = sum(x, 0)
  return { a: tf.add(a, successes), b: tf.add(b, tf.sub(count, successes)) }
})

/** The Dirichlet as the prior of the probabilities of so many categories, observed by their indices. */
export const dirichletPrior = (categories: number): TensorPrior<DirichletTensors> =>
  prior(0, ({ concentration }, { x, sum }) => ({
    concentration: tf.add(concentration, sum(categorical(categories).statistic(x), 1)),
  }))

/** The mean of what is off a centre, which is 0 where nothing was observed. */
const meanOf = (sum: tf.Tensor, count: tf.Tensor): tf.Tensor => tf.div(sum, tf.where(tf.greater(count, 0), count, 1))

/** The normal-inverse-gamma as the prior of a normal. */
export const normalInverseGammaPrior: TensorPrior<NormalInverseGammaTensors> = prior(0, (p, { x, count, sum }) => {
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
})

const outer = (x: tf.Tensor): tf.Tensor => tf.mul(column(x), tf.expandDims(x, -2))

/**
 * The normal-inverse-Wishart as the prior of a multivariate normal. Squares are taken about the mean of the observations, so that
 * their digits do not depend on how far from the prior they are.
 */
export const normalInverseWishartPrior: TensorPrior<NormalInverseWishartTensors> = prior(1, (p, { x, count, sum }) => {
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
})
