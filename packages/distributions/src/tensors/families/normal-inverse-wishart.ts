import { LOG_2PI } from '@conjugate/linalg'
import { cholesky, triangularSolve } from '@conjugate/linalg/tensors'
import * as tf from '@tensorflow/tfjs-core'
import type { NormalInverseWishart } from '../../families/normal-inverse-wishart.js'
import { defineFamily } from '../define.js'
import { degreesOfFreedom as degrees, factors, numbers, positives } from '../domains.js'
import { column, concatenate, divergencesOfForm } from '../form.js'
import { diagonal, flat, gram, inverseOf, logDiagonal, product, squaredNorm, unflat, whiten } from '../matrices.js'
import { partsOf, type Sizes } from '../shapes.js'
import type { TensorFamily } from '../tensor-family.js'
import {
  drawInverseWishart,
  expectedLogDeterminant,
  logProbOfInverseWishart,
  meanOfInverseWishart,
  varianceOfInverseWishart,
} from './inverse-wishart.js'
import type { MultivariateNormalTensors } from './multivariate-normal.js'
import { enoughDegrees, logGammaOfWishart } from './wishart.js'

/** Parameters of normal-inverse-Wisharts. */
export type NormalInverseWishartTensors = {
  /** m [...batch, D], in units of the data. */
  readonly mean: tf.Tensor
  /** kappa > 0 [...batch]: the number of observations that the prior mean is worth. */
  readonly meanPrecision: tf.Tensor
  /** nu > D - 1 [...batch]. */
  readonly degreesOfFreedom: tf.Tensor
  /** The lower Cholesky factor of Psi [...batch, D, D]. */
  readonly factor: tf.Tensor
}

/** Variances of the entries of a mean [..., D] and of a covariance [..., D, D]. */
export type NormalInverseWishartVarianceTensors = {
  readonly mean: tf.Tensor
  readonly covariance: tf.Tensor
}

const outer = (x: tf.Tensor): tf.Tensor => tf.mul(column(x), tf.expandDims(x, -2))
const times = (matrix: tf.Tensor, v: tf.Tensor): tf.Tensor => tf.squeeze(product(matrix, column(v)), [-1])

const form = {
  natural: ({ mean, meanPrecision: kappa, degreesOfFreedom: nu, factor }: NormalInverseWishartTensors, { d }: Sizes) =>
    concatenate(
      tf.mul(column(kappa), mean),
      tf.mul(-0.5, flat(tf.add(gram(factor), tf.mul(column(column(kappa)), outer(mean))))),
      column(tf.mul(-0.5, kappa)),
      column(tf.mul(-0.5, tf.add(nu, d! + 2))),
    ),
  logNormaliser: ({ meanPrecision, degreesOfFreedom: nu, factor }: NormalInverseWishartTensors, { d }: Sizes) =>
    tf.sub(tf.sub(logGammaOfWishart(d!, nu), tf.mul(nu, logDiagonal(factor))), tf.mul(0.5 * d!, tf.log(meanPrecision))),
  expectedStatistic: (p: NormalInverseWishartTensors, { d }: Sizes) => {
    const precision = tf.mul(column(column(p.degreesOfFreedom)), inverseOf(p.factor))
    const square = tf.mul(p.degreesOfFreedom, squaredNorm(whiten(p.factor, p.mean)))
    return concatenate(
      times(precision, p.mean),
      flat(precision),
      column(tf.add(tf.div(d!, p.meanPrecision), square)),
      column(expectedLogDeterminant(p, d!)),
    )
  },
}

/**
 * Normal-inverse-Wisharts. Values are parameters { mean, factor } of multivariate normals, and so are means; the density is
 * that of the mean and the covariance. In the order of the float64 family:
 * t = (Sigma^-1 mu, Sigma^-1, mu' Sigma^-1 mu, log|Sigma|).
 * Source: Gelman et al., Bayesian Data Analysis, 3rd ed. (2013), section 3.6.
 */
export const normalInverseWishart: TensorFamily<
  NormalInverseWishartTensors,
  MultivariateNormalTensors,
  NormalInverseWishart,
  true,
  MultivariateNormalTensors,
  NormalInverseWishartVarianceTensors
> = defineFamily<
  NormalInverseWishartTensors,
  MultivariateNormalTensors,
  NormalInverseWishart,
  true,
  MultivariateNormalTensors,
  NormalInverseWishartVarianceTensors
>({
  name: 'NormalInverseWishart',
  reparameterised: true,
  parameters: { mean: numbers('d'), meanPrecision: positives(), degreesOfFreedom: degrees, factor: factors },
  together: enoughDegrees,
  value: { mean: numbers('d'), factor: factors },
  varianceAxes: { mean: 1, covariance: 2 },
  logProb: (p, x, sizes) => {
    const d = sizes['d']!
    const distance = tf.mul(p.meanPrecision, squaredNorm(whiten(x.factor, tf.sub(x.mean, p.mean))))
    const ofMean = tf.neg(
      tf.add(
        tf.add(logDiagonal(x.factor), tf.mul(0.5, distance)),
        tf.mul(0.5 * d, tf.sub(LOG_2PI, tf.log(p.meanPrecision))),
      ),
    )
    return tf.add(ofMean, logProbOfInverseWishart(p, x.factor, sizes))
  },
  sample: (p, lead, noise, { d }) => {
    const factor = drawInverseWishart(p, lead, noise, d!)
    const spread = tf.div(times(factor, noise.normal([...lead, d!])), tf.sqrt(column(p.meanPrecision)))
    return { mean: tf.add(p.mean, spread), factor }
  },
  mean: (p, { d }) => ({ mean: p.mean, factor: meanOfInverseWishart(p, d!) }),
  variance: (p, { d }) => ({
    mean: tf.div(diagonal(gram(meanOfInverseWishart(p, d!))), column(p.meanPrecision)),
    covariance: varianceOfInverseWishart(p, d!),
  }),
  ...form,
  ...divergencesOfForm(form, ({ d }) => -0.5 * d! * LOG_2PI),
  statistic: x => {
    const white = whiten(x.factor, x.mean)
    return concatenate(
      tf.squeeze(triangularSolve(x.factor, column(white), { transposed: true }), [-1]),
      flat(inverseOf(x.factor)),
      column(squaredNorm(white)),
      column(tf.mul(2, logDiagonal(x.factor))),
    )
  },
  logBaseMeasure: x => tf.fill(x.mean.shape.slice(0, -1), -0.5 * x.mean.shape.at(-1)! * LOG_2PI),
  fromNatural: eta => {
    const d = Math.round((Math.sqrt(4 * eta.shape.at(-1)! - 7) - 1) / 2)
    const [products, squares, precision, degreesLess] = partsOf(eta, [d, d * d, 1, 1])
    const meanPrecision = tf.mul(-2, precision!)
    const mean = tf.div(products!, meanPrecision)
    const scale = tf.sub(tf.mul(-2, unflat(squares!)), tf.mul(column(meanPrecision), outer(mean)))
    return {
      mean,
      meanPrecision: tf.squeeze(meanPrecision, [-1]),
      degreesOfFreedom: tf.sub(tf.mul(-2, tf.squeeze(degreesLess!, [-1])), d + 2),
      factor: cholesky(scale),
    }
  },
  lift: {
    mean: m => m.mean,
    meanPrecision: m => m.meanPrecision,
    degreesOfFreedom: m => m.covariance.degreesOfFreedom,
    factor: m => m.covariance.cholesky.data,
  },
})
