import { digamma, logGamma, sigmoid } from '@conjugate/linalg/tensors'
import * as tf from '@tensorflow/tfjs-core'
import type { Beta } from '../../families/beta.js'
import { defineFamily } from '../define.js'
import { fractions, positives } from '../domains.js'
import { constant, log1p, timesLog } from '../elementary.js'
import { entries, stack } from '../form.js'
import { logGammaDraws } from '../gamma-draws.js'
import { divergenceOfDirichlets, entropyOfDirichlet, logDirichletDensity } from '../saddle-point.js'
import type { TensorFamily } from '../tensor-family.js'

/** Parameters of betas. */
export type BetaTensors = {
  /** a > 0, that of successes: the mean is a / (a + b). */
  readonly a: tf.Tensor
  /** b > 0, that of failures. */
  readonly b: tf.Tensor
}

/** log B(a, b). */
export const logBeta = (a: tf.Tensor, b: tf.Tensor): tf.Tensor =>
  tf.sub(tf.add(logGamma(a), logGamma(b)), logGamma(tf.add(a, b)))

const form = {
  natural: ({ a, b }: BetaTensors) => stack(tf.sub(a, 1), tf.sub(b, 1)),
  logNormaliser: ({ a, b }: BetaTensors) => logBeta(a, b),
  expectedStatistic: ({ a, b }: BetaTensors) => {
    const ofSum = digamma(tf.add(a, b))
    return stack(tf.sub(digamma(a), ofSum), tf.sub(digamma(b), ofSum))
  },
}

/** Beta(a, b) on tensors of numbers from 0 to 1. In the order of the float64 family: t(x) = (log x, log(1 - x)). */
export const beta: TensorFamily<BetaTensors, tf.Tensor, Beta, true> = defineFamily<BetaTensors, tf.Tensor, Beta, true>({
  name: 'Beta',
  reparameterised: true,
  parameters: { a: positives(), b: positives() },
  value: fractions,
  logProb: ({ a, b }, x) => {
    // As the Dirichlet of two columns.
    const atEnd = constant(v => tf.logicalOr(tf.equal(v!, 0), tf.equal(v!, 1)))(x)
    const inside = tf.where(atEnd, 0.5, x)
    const end = tf.where(atEnd, x, 0.5)
    const limit = tf.sub(tf.add(timesLog(tf.sub(a, 1), end), timesLog(tf.sub(b, 1), tf.sub(1, end))), logBeta(a, b))
    return tf.where(atEnd, limit, logDirichletDensity(stack(a, b), stack(inside, tf.sub(1, inside))))
  },
  // The share of the first of two gammas, from their logs: small shapes underflow otherwise.
  sample: ({ a, b }, lead, noise) => sigmoid(tf.sub(logGammaDraws(a, lead, noise), logGammaDraws(b, lead, noise))),
  mean: ({ a, b }) => tf.div(a, tf.add(a, b)),
  variance: ({ a, b }) => {
    const sum = tf.add(a, b)
    return tf.div(tf.mul(tf.div(a, sum), tf.div(b, sum)), tf.add(sum, 1))
  },
  ...form,
  entropy: ({ a, b }) => entropyOfDirichlet(stack(a, b)),
  klDivergence: (p, q) => divergenceOfDirichlets(stack(p.a, p.b), stack(q.a, q.b)),
  statistic: x => stack(tf.log(x), log1p(tf.neg(x))),
  logBaseMeasure: tf.zerosLike,
  fromNatural: eta => {
    const [first, second] = entries(eta)
    return { a: tf.add(first!, 1), b: tf.add(second!, 1) }
  },
  lift: { a: m => m.a, b: m => m.b },
})
