import { digamma, exp } from '@conjugate/linalg/tensors'
import * as tf from '@tensorflow/tfjs-core'
import type { InverseGamma } from '../../families/inverse-gamma.js'
import { defineFamily } from '../define.js'
import { positives } from '../domains.js'
import { entries, stack, where } from '../form.js'
import { logGammaDraws } from '../gamma-draws.js'
import { divergenceOfGammas, entropyOfGamma, logGammaDensity } from '../saddle-point.js'
import type { TensorFamily } from '../tensor-family.js'
import { logNormaliserOfGamma } from './gamma.js'

/** Parameters of inverse gammas. */
export type InverseGammaTensors = {
  /** a > 0. */
  readonly shape: tf.Tensor
  /** b > 0, in units of the data: the mean is b / (a - 1). */
  readonly scale: tf.Tensor
}

const form = {
  natural: ({ shape, scale }: InverseGammaTensors) => stack(tf.sub(-1, shape), tf.neg(scale)),
  logNormaliser: ({ shape, scale }: InverseGammaTensors) => logNormaliserOfGamma(shape, scale),
  expectedStatistic: ({ shape, scale }: InverseGammaTensors) =>
    stack(tf.sub(tf.log(scale), digamma(shape)), tf.div(shape, scale)),
}

/** The entropy of 1/y for y ~ Gamma(a, b): that of y, less twice E log y. */
export const entropyOfInverseGamma = (shape: tf.Tensor, scale: tf.Tensor): tf.Tensor =>
  tf.add(entropyOfGamma(shape, -2), tf.log(scale))

/** KL of inverse gammas, which is that of the gammas of 1/x. */
export const divergenceOfInverseGammas = (p: InverseGammaTensors, q: InverseGammaTensors): tf.Tensor =>
  divergenceOfGammas(p.shape, q.shape, tf.mul(tf.div(p.shape, q.shape), tf.div(q.scale, p.scale)))

/** b / (a - 1), where a > 1. */
export const meanOfInverseGamma = (shape: tf.Tensor, scale: tf.Tensor): tf.Tensor =>
  where(a => tf.greater(a, 1), shape, Number.NaN, tf.div(scale, tf.sub(shape, 1)))

/** The variance, which is Infinity for 1 < a <= 2. */
export const varianceOfInverseGamma = (shape: tf.Tensor, scale: tf.Tensor): tf.Tensor => {
  const mean = meanOfInverseGamma(shape, scale)
  const finite = where(
    a => tf.greater(a, 2),
    shape,
    Number.POSITIVE_INFINITY,
    tf.div(tf.square(mean), tf.sub(shape, 2)),
  )
  return where(a => tf.greater(a, 1), shape, Number.NaN, finite)
}

/** InverseGamma(shape, scale) on tensors of positive numbers. In the order of the float64 family: t(x) = (log x, 1/x). */
export const inverseGamma: TensorFamily<InverseGammaTensors, tf.Tensor, InverseGamma, true> = defineFamily<
  InverseGammaTensors,
  tf.Tensor,
  InverseGamma,
  true
>({
  name: 'InverseGamma',
  reparameterised: true,
  parameters: { shape: positives(), scale: positives() },
  value: positives(),
  logProb: ({ shape, scale }, x) => logGammaDensity(shape, tf.div(scale, x), x),
  sample: ({ shape, scale }, lead, noise) => exp(tf.sub(tf.log(scale), logGammaDraws(shape, lead, noise))),
  mean: ({ shape, scale }) => meanOfInverseGamma(shape, scale),
  variance: ({ shape, scale }) => varianceOfInverseGamma(shape, scale),
  ...form,
  entropy: ({ shape, scale }) => entropyOfInverseGamma(shape, scale),
  klDivergence: (p, q) => divergenceOfInverseGammas(p, q),
  statistic: x => stack(tf.log(x), tf.reciprocal(x)),
  logBaseMeasure: tf.zerosLike,
  fromNatural: eta => {
    const [first, second] = entries(eta)
    return { shape: tf.sub(-1, first!), scale: tf.neg(second!) }
  },
  lift: { shape: m => m.shape, scale: m => m.scale },
})
