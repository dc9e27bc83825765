import { cholesky } from '@conjugate/linalg/tensors'
import * as tf from '@tensorflow/tfjs-core'
import { meanOf, outer, prior, type TensorPrior } from './conjugate-prior.js'
import { directions, numbers, positives } from './domains.js'
import { type GammaTensors, gamma } from './families/gamma.js'
import { type InverseGammaTensors, inverseGamma } from './families/inverse-gamma.js'
import { type NormalTensors, normal } from './families/normal.js'
import { type VonMisesFisherTensors, vonMisesFisher } from './families/von-mises-fisher.js'
import { type WishartTensors, wishart } from './families/wishart.js'
import { column } from './form.js'
import { inverseFactor, inverseOf } from './matrices.js'

// Priors of one parameter of a likelihood whose other one is known: a number, or a tensor [...batch] of them.

/** The normal as the prior of the mean of a normal whose standard deviation is known. */
export const normalMeanPrior = (known: tf.Tensor | number): TensorPrior<NormalTensors> =>
  prior(normal, numbers(), ({ mean, deviation }, { x, count, sum }) => {
    const [ofOne, ofPrior] = [tf.square(known), tf.square(deviation)]
    const total = tf.add(ofOne, tf.mul(count, ofPrior))
    const centre = meanOf(sum(tf.sub(x, mean), 0), count)
    return {
      mean: tf.add(mean, tf.mul(tf.div(tf.mul(count, ofPrior), total), centre)),
      deviation: tf.mul(deviation, tf.sqrt(tf.div(ofOne, total))),
    }
  })

/** The gamma as the prior of the precision, one over the variance, of a normal whose mean is known. */
export const gammaNormalPrior = (mean: tf.Tensor | number): TensorPrior<GammaTensors> =>
  prior(gamma, numbers(), ({ shape, rate }, { x, count, sum }) => ({
    shape: tf.add(shape, tf.mul(0.5, count)),
    rate: tf.add(rate, tf.mul(0.5, sum(tf.square(tf.sub(x, mean)), 0))),
  }))

/** The inverse gamma as the prior of the variance of a normal whose mean is known. */
export const inverseGammaNormalPrior = (mean: tf.Tensor | number): TensorPrior<InverseGammaTensors> =>
  prior(inverseGamma, numbers(), ({ shape, scale }, { x, count, sum }) => ({
    shape: tf.add(shape, tf.mul(0.5, count)),
    scale: tf.add(scale, tf.mul(0.5, sum(tf.square(tf.sub(x, mean)), 0))),
  }))

/** The gamma as the prior of the rate of a gamma whose shape is known. */
export const gammaRatePrior = (known: tf.Tensor | number): TensorPrior<GammaTensors> =>
  prior(gamma, positives(), ({ shape, rate }, { x, count, sum }) => ({
    shape: tf.add(shape, tf.mul(known, count)),
    rate: tf.add(rate, sum(x, 0)),
  }))

/** The Wishart as the prior of the precision of a multivariate normal whose mean [...batch, D] is known. */
export const wishartPrior = (mean: tf.Tensor): TensorPrior<WishartTensors> =>
  prior(wishart, numbers('d'), ({ degreesOfFreedom, factor }, { x, count, sum }) => ({
    degreesOfFreedom: tf.add(degreesOfFreedom, count),
    factor: inverseFactor(cholesky(tf.add(inverseOf(factor), sum(outer(tf.sub(x, mean)), 2)))),
  }))

/** A von Mises-Fisher as the prior of the mean direction of von Mises-Fishers whose concentration is known. */
export const meanDirectionPrior = (known: tf.Tensor | number): TensorPrior<VonMisesFisherTensors> =>
  prior(vonMisesFisher, directions, ({ meanDirection, concentration }, { x, sum }) => {
    const observed = tf.mul(column(tf.mul(known, tf.onesLike(concentration))), sum(x, 1))
    return vonMisesFisher.fromNatural(tf.add(tf.mul(column(concentration), meanDirection), observed))
  })
