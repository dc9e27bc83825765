import { LOG_2PI } from '@conjugate/linalg'
import { digamma, exp } from '@conjugate/linalg/tensors'
import * as tf from '@tensorflow/tfjs-core'
import type { NormalInverseGamma } from '../../families/normal-inverse-gamma.js'
import { defineFamily } from '../define.js'
import { numbers, positives } from '../domains.js'
import { entries, itakuraSaito, stack } from '../form.js'
import { logGammaDraws } from '../gamma-draws.js'
import { logGammaDensity } from '../saddle-point.js'
import type { TensorFamily } from '../tensor-family.js'
import { logNormaliserOfGamma } from './gamma.js'
import {
  divergenceOfInverseGammas,
  entropyOfInverseGamma,
  meanOfInverseGamma,
  varianceOfInverseGamma,
} from './inverse-gamma.js'
import type { NormalTensors } from './normal.js'

/** Parameters of normal-inverse-gammas. */
export type NormalInverseGammaTensors = {
  /** m, in units of the data. */
  readonly mean: tf.Tensor
  /** kappa > 0: the number of observations that the prior mean is worth. */
  readonly meanPrecision: tf.Tensor
  /** a > 0, that of the inverse gamma of the variance. */
  readonly shape: tf.Tensor
  /** b > 0, in squared units of the data. */
  readonly scale: tf.Tensor
}

/** Variances of a mean and of a variance. */
export type NormalInverseGammaVarianceTensors = {
  readonly mean: tf.Tensor
  readonly variance: tf.Tensor
}

const half = (x: tf.Tensor): tf.Tensor => tf.mul(0.5, x)

const form = {
  natural: ({ mean, meanPrecision: kappa, shape, scale }: NormalInverseGammaTensors) =>
    stack(
      tf.mul(kappa, mean),
      tf.neg(tf.add(scale, half(tf.mul(kappa, tf.square(mean))))),
      tf.mul(-0.5, kappa),
      tf.sub(-1.5, shape),
    ),
  logNormaliser: ({ meanPrecision, shape, scale }: NormalInverseGammaTensors) =>
    tf.sub(logNormaliserOfGamma(shape, scale), half(tf.log(meanPrecision))),
  expectedStatistic: ({ mean, meanPrecision, shape, scale }: NormalInverseGammaTensors) => {
    const precision = tf.div(shape, scale)
    return stack(
      tf.mul(mean, precision),
      precision,
      tf.add(tf.reciprocal(meanPrecision), tf.mul(tf.square(mean), precision)),
      tf.sub(tf.log(scale), digamma(shape)),
    )
  },
}

/**
 * Normal-inverse-gammas. Values are parameters { mean, deviation } of normals, and so are means, of which the deviation is the root
 * of the mean variance; the density is that of the mean and the variance. In the order of the float64 family:
 * t = (mu/sigma^2, 1/sigma^2, mu^2/sigma^2, log sigma^2).
 * Source: Murphy, Machine Learning (2012), 4.6.3.
 */
export const normalInverseGamma: TensorFamily<
  NormalInverseGammaTensors,
  NormalTensors,
  NormalInverseGamma,
  true,
  NormalTensors,
  NormalInverseGammaVarianceTensors
> = defineFamily<
  NormalInverseGammaTensors,
  NormalTensors,
  NormalInverseGamma,
  true,
  NormalTensors,
  NormalInverseGammaVarianceTensors
>({
  name: 'NormalInverseGamma',
  reparameterised: true,
  parameters: { mean: numbers(), meanPrecision: positives(), shape: positives(), scale: positives() },
  value: { mean: numbers(), deviation: positives() },
  varianceAxes: { mean: 0, variance: 0 },
  logProb: ({ mean, meanPrecision, shape, scale }, x) => {
    const logVariance = tf.mul(2, tf.log(x.deviation))
    const distance = tf.mul(meanPrecision, tf.square(tf.div(tf.sub(x.mean, mean), x.deviation)))
    const ofMean = half(tf.add(tf.sub(tf.add(logVariance, LOG_2PI), tf.log(meanPrecision)), distance))
    const variance = tf.square(x.deviation)
    return tf.sub(logGammaDensity(shape, tf.div(scale, variance), variance), ofMean)
  },
  sample: ({ mean, meanPrecision, shape, scale }, lead, noise) => {
    const deviation = exp(half(tf.sub(tf.log(scale), logGammaDraws(shape, lead, noise))))
    return { mean: tf.add(mean, tf.div(tf.mul(deviation, noise.normal(lead)), tf.sqrt(meanPrecision))), deviation }
  },
  mean: ({ mean, shape, scale }) => ({ mean, deviation: tf.sqrt(meanOfInverseGamma(shape, scale)) }),
  variance: ({ meanPrecision, shape, scale }) => ({
    mean: tf.div(meanOfInverseGamma(shape, scale), meanPrecision),
    variance: varianceOfInverseGamma(shape, scale),
  }),
  ...form,
  entropy: ({ meanPrecision, shape, scale }) => {
    const logVariance = tf.sub(tf.log(scale), digamma(shape))
    const ofMean = tf.sub(tf.add(logVariance, 1 + LOG_2PI), tf.log(meanPrecision))
    return tf.add(entropyOfInverseGamma(shape, scale), tf.mul(0.5, ofMean))
  },
  // Given sigma^2 two normals in units of sigma; the distance of their means weighs E sigma^-2 = a/b.
  klDivergence: (p, q) => {
    const distance = tf.mul(tf.mul(q.meanPrecision, tf.div(p.shape, p.scale)), tf.square(tf.sub(p.mean, q.mean)))
    const spread = itakuraSaito(tf.div(q.meanPrecision, p.meanPrecision))
    return tf.add(divergenceOfInverseGammas(p, q), half(tf.add(spread, distance)))
  },
  statistic: x => {
    const precision = tf.square(tf.reciprocal(x.deviation))
    return stack(
      tf.mul(x.mean, precision),
      precision,
      tf.square(tf.div(x.mean, x.deviation)),
      tf.mul(2, tf.log(x.deviation)),
    )
  },
  logBaseMeasure: x => tf.fill(x.mean.shape, -0.5 * LOG_2PI),
  fromNatural: eta => {
    const [first, second, third, fourth] = entries(eta)
    const meanPrecision = tf.mul(-2, third!)
    const mean = tf.div(first!, meanPrecision)
    return {
      mean,
      meanPrecision,
      shape: tf.sub(-1.5, fourth!),
      scale: tf.neg(tf.add(second!, half(tf.mul(meanPrecision, tf.square(mean))))),
    }
  },
  lift: {
    mean: m => m.mean,
    meanPrecision: m => m.meanPrecision,
    shape: m => m.variance.shape,
    scale: m => m.variance.scale,
  },
})
