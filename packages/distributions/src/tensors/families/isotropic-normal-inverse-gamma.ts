import { LOG_2PI } from '@conjugate/linalg'
import { digamma, exp } from '@conjugate/linalg/tensors'
import * as tf from '@tensorflow/tfjs-core'
import type { IsotropicNormalInverseGamma } from '../../families/isotropic-normal-inverse-gamma.js'
import { defineFamily } from '../define.js'
import { numbers, positives } from '../domains.js'
import { column, concatenate, itakuraSaito } from '../form.js'
import { logGammaDraws } from '../gamma-draws.js'
import { squaredNorm } from '../matrices.js'
import { logGammaDensity } from '../saddle-point.js'
import { partsOf, type Sizes } from '../shapes.js'
import type { TensorFamily } from '../tensor-family.js'
import { logNormaliserOfGamma } from './gamma.js'
import {
  divergenceOfInverseGammas,
  entropyOfInverseGamma,
  meanOfInverseGamma,
  varianceOfInverseGamma,
} from './inverse-gamma.js'
import type { IsotropicNormalTensors } from './isotropic-normal.js'
import type { NormalInverseGammaTensors, NormalInverseGammaVarianceTensors } from './normal-inverse-gamma.js'

const half = (x: tf.Tensor): tf.Tensor => tf.mul(0.5, x)

const form = {
  natural: ({ mean, meanPrecision: kappa, shape, scale }: NormalInverseGammaTensors, { d }: Sizes) =>
    concatenate(
      tf.mul(column(kappa), mean),
      column(tf.neg(tf.add(scale, half(tf.mul(kappa, squaredNorm(mean)))))),
      column(tf.mul(-0.5, kappa)),
      column(tf.sub(-0.5 * d! - 1, shape)),
    ),
  logNormaliser: ({ meanPrecision, shape, scale }: NormalInverseGammaTensors, { d }: Sizes) =>
    tf.sub(logNormaliserOfGamma(shape, scale), tf.mul(0.5 * d!, tf.log(meanPrecision))),
  expectedStatistic: ({ mean, meanPrecision, shape, scale }: NormalInverseGammaTensors, { d }: Sizes) => {
    const precision = tf.div(shape, scale)
    return concatenate(
      tf.mul(mean, column(precision)),
      column(precision),
      column(tf.add(tf.div(d!, meanPrecision), tf.mul(squaredNorm(mean), precision))),
      column(tf.sub(tf.log(scale), digamma(shape))),
    )
  },
}

/**
 * Normal-inverse-gammas of D columns with one variance, whose means are [...batch, D]. Values are parameters { mean, deviation } of
 * isotropic normals, and so are means, of which the deviation is the root of the mean variance; the density is that of the mean and
 * the variance. In the order of the float64 family: t = (mu/sigma^2, 1/sigma^2, mu'mu/sigma^2, log sigma^2).
 * Source: Murphy, Machine Learning (2012), 4.6.3, with the D columns of one variance as observations of one.
 */
export const isotropicNormalInverseGamma: TensorFamily<
  NormalInverseGammaTensors,
  IsotropicNormalTensors,
  IsotropicNormalInverseGamma,
  true,
  IsotropicNormalTensors,
  NormalInverseGammaVarianceTensors
> = defineFamily<
  NormalInverseGammaTensors,
  IsotropicNormalTensors,
  IsotropicNormalInverseGamma,
  true,
  IsotropicNormalTensors,
  NormalInverseGammaVarianceTensors
>({
  name: 'IsotropicNormalInverseGamma',
  reparameterised: true,
  parameters: { mean: numbers('d'), meanPrecision: positives(), shape: positives(), scale: positives() },
  value: { mean: numbers('d'), deviation: positives() },
  varianceAxes: { mean: 1, variance: 0 },
  logProb: ({ mean, meanPrecision, shape, scale }, x, { d }) => {
    const logVariance = tf.mul(2, tf.log(x.deviation))
    const distance = tf.mul(meanPrecision, squaredNorm(tf.div(tf.sub(x.mean, mean), column(x.deviation))))
    const ofMean = half(tf.add(tf.mul(d!, tf.sub(tf.add(logVariance, LOG_2PI), tf.log(meanPrecision))), distance))
    const variance = tf.square(x.deviation)
    return tf.sub(logGammaDensity(shape, tf.div(scale, variance), variance), ofMean)
  },
  sample: ({ mean, meanPrecision, shape, scale }, lead, noise, { d }) => {
    const deviation = exp(half(tf.sub(tf.log(scale), logGammaDraws(shape, lead, noise))))
    const spread = column(tf.div(deviation, tf.sqrt(meanPrecision)))
    return { mean: tf.add(mean, tf.mul(spread, noise.normal([...lead, d!]))), deviation }
  },
  mean: ({ mean, shape, scale }) => ({ mean, deviation: tf.sqrt(meanOfInverseGamma(shape, scale)) }),
  variance: ({ mean, meanPrecision, shape, scale }) => ({
    mean: tf.mul(column(tf.div(meanOfInverseGamma(shape, scale), meanPrecision)), tf.onesLike(mean)),
    variance: varianceOfInverseGamma(shape, scale),
  }),
  ...form,
  entropy: ({ meanPrecision, shape, scale }, { d }) => {
    const logVariance = tf.sub(tf.log(scale), digamma(shape))
    const ofMean = tf.sub(tf.add(logVariance, 1 + LOG_2PI), tf.log(meanPrecision))
    return tf.add(entropyOfInverseGamma(shape, scale), tf.mul(0.5 * d!, ofMean))
  },
  // Given sigma^2 two normals in units of sigma; the distance of their means weighs E sigma^-2 = a/b.
  klDivergence: (p, q, { d }) => {
    const distance = tf.mul(tf.mul(q.meanPrecision, tf.div(p.shape, p.scale)), squaredNorm(tf.sub(p.mean, q.mean)))
    const spread = tf.mul(d!, itakuraSaito(tf.div(q.meanPrecision, p.meanPrecision)))
    return tf.add(divergenceOfInverseGammas(p, q), half(tf.add(spread, distance)))
  },
  statistic: x => {
    const precision = column(tf.square(tf.reciprocal(x.deviation)))
    return concatenate(
      tf.mul(x.mean, precision),
      precision,
      column(squaredNorm(tf.div(x.mean, column(x.deviation)))),
      column(tf.mul(2, tf.log(x.deviation))),
    )
  },
  logBaseMeasure: x => tf.fill(x.mean.shape.slice(0, -1), -0.5 * x.mean.shape.at(-1)! * LOG_2PI),
  fromNatural: eta => {
    const d = eta.shape.at(-1)! - 3
    const [first, second, third, fourth] = partsOf(eta, [d, 1, 1, 1])
    const meanPrecision = tf.mul(-2, third!)
    const mean = tf.div(first!, meanPrecision)
    const number = (x: tf.Tensor) => tf.squeeze(x, [-1])
    return {
      mean,
      meanPrecision: number(meanPrecision),
      shape: tf.sub(-0.5 * d - 1, number(fourth!)),
      scale: tf.neg(tf.add(number(second!), half(tf.mul(number(meanPrecision), squaredNorm(mean))))),
    }
  },
  lift: {
    mean: m => m.mean,
    meanPrecision: m => m.meanPrecision,
    shape: m => m.variance.shape,
    scale: m => m.variance.scale,
  },
})
