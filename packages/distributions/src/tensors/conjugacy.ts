import { cholesky } from '@conjugate/linalg/tensors'
import * as tf from '@tensorflow/tfjs-core'
import { meanOf, type Observed, outer, prior, type TensorPrior } from './conjugate-prior.js'
import { counts, nonNegatives, numbers } from './domains.js'
import { type BetaTensors, beta } from './families/beta.js'
import { categorical } from './families/categorical.js'
import { type DirichletTensors, dirichlet } from './families/dirichlet.js'
import { type GammaTensors, gamma } from './families/gamma.js'
import { isotropicNormalInverseGamma } from './families/isotropic-normal-inverse-gamma.js'
import { type NormalInverseGammaTensors, normalInverseGamma } from './families/normal-inverse-gamma.js'
import { type NormalInverseWishartTensors, normalInverseWishart } from './families/normal-inverse-wishart.js'
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

/** How the values of a normal are told apart: on which axes they are, and what squares of them are. */
interface Values {
  readonly axes: 0 | 1
  readonly square: (off: tf.Tensor) => tf.Tensor
  /** On which axes their squares are. */
  readonly squared: 0 | 2
}

/**
 * What a normal prior of a mean becomes, and the squares that tell of the variance: those about the mean of the observations, so
 * that their digits do not depend on how far from the prior they are, and those between both means.
 */
const ofMean = (
  { mean, meanPrecision }: { readonly mean: tf.Tensor; readonly meanPrecision: tf.Tensor },
  { x, count, sum }: Observed,
  { axes, square, squared }: Values,
) => {
  const off = tf.sub(x, mean)
  const centre = meanOf(sum(off, axes), trailing(count, axes))
  const precision = tf.add(meanPrecision, count)
  const within = sum(square(tf.sub(off, centre)), squared)
  const between = tf.mul(trailing(tf.div(tf.mul(meanPrecision, count), precision), squared), square(centre))
  return {
    mean: tf.add(mean, tf.mul(trailing(tf.div(count, precision), axes), centre)),
    meanPrecision: precision,
    squares: tf.add(within, between),
  }
}

/** The normal-inverse-gamma as the prior of a normal; with a batch of D, of a diagonal normal of D columns. */
export const normalInverseGammaPrior: TensorPrior<NormalInverseGammaTensors> = prior(
  normalInverseGamma,
  numbers(),
  (p, observed) => {
    const { squares, ...found } = ofMean(p, observed, { axes: 0, square: tf.square, squared: 0 })
    return {
      ...found,
      shape: tf.add(p.shape, tf.mul(0.5, observed.count)),
      scale: tf.add(p.scale, tf.mul(0.5, squares)),
    }
  },
)

/** The isotropic normal-inverse-gamma as the prior of an isotropic normal of D columns. */
export const isotropicNormalPrior: TensorPrior<NormalInverseGammaTensors> = prior(
  isotropicNormalInverseGamma,
  numbers('d'),
  (p, observed) => {
    const { squares, ...found } = ofMean(p, observed, { axes: 1, square: squaredNorm, squared: 0 })
    return {
      ...found,
      shape: tf.add(p.shape, tf.mul(0.5 * observed.x.shape.at(-1)!, observed.count)),
      scale: tf.add(p.scale, tf.mul(0.5, squares)),
    }
  },
)

/** The normal-inverse-Wishart as the prior of a multivariate normal. */
export const normalInverseWishartPrior: TensorPrior<NormalInverseWishartTensors> = prior(
  normalInverseWishart,
  numbers('d'),
  (p, observed) => {
    const { squares, ...found } = ofMean(p, observed, { axes: 1, square: outer, squared: 2 })
    return {
      ...found,
      degreesOfFreedom: tf.add(p.degreesOfFreedom, observed.count),
      factor: cholesky(tf.add(gram(p.factor), squares)),
    }
  },
)
