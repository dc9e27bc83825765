import { digamma, logGamma, softmax } from '@conjugate/linalg/tensors'
import * as tf from '@tensorflow/tfjs-core'
import type { Dirichlet } from '../../families/dirichlet.js'
import { defineFamily } from '../define.js'
import { positives, probabilities } from '../domains.js'
import { constant, timesLog } from '../elementary.js'
import { logGammaDraws } from '../gamma-draws.js'
import { divergenceOfDirichlets, entropyOfDirichlet, logDirichletDensity } from '../saddle-point.js'
import type { TensorFamily } from '../tensor-family.js'

/** Parameters of Dirichlets. */
export type DirichletTensors = {
  /** alpha, K positive numbers [...batch, K]. */
  readonly concentration: tf.Tensor
}

const total = (x: tf.Tensor): tf.Tensor => tf.sum(x, -1)

/** The log of the multivariate beta function, over the last axis. */
export const logMultivariateBeta = (alpha: tf.Tensor): tf.Tensor =>
  tf.sub(total(logGamma(alpha)), logGamma(total(alpha)))

const form = {
  natural: ({ concentration }: DirichletTensors) => tf.sub(concentration, 1),
  logNormaliser: ({ concentration }: DirichletTensors) => logMultivariateBeta(concentration),
  expectedStatistic: ({ concentration }: DirichletTensors) =>
    tf.sub(digamma(concentration), tf.expandDims(digamma(total(concentration)), -1)),
}

/** Where one probability of 0 raises the density without bound and another one lowers it so, it is 0, as in float64. */
const numberOrNone = (log: tf.Tensor): tf.Tensor =>
  tf.where(constant(v => tf.isNaN(v!))(log), Number.NEGATIVE_INFINITY, log)

/**
 * Dirichlet(concentration) on probabilities [..., K]; the density is with respect to the first K - 1. In the order of the
 * float64 family: t(x) = log x.
 */
export const dirichlet: TensorFamily<DirichletTensors, tf.Tensor, Dirichlet, true> = defineFamily<
  DirichletTensors,
  tf.Tensor,
  Dirichlet,
  true
>({
  name: 'Dirichlet',
  reparameterised: true,
  parameters: { concentration: positives('k') },
  value: probabilities,
  logProb: ({ concentration }, x) => {
    const atEdge = constant(v => tf.any(tf.equal(v!, 0), -1))(x)
    const held = tf.where(tf.expandDims(atEdge, -1), 1 / x.shape.at(-1)!, x)
    const edge = tf.where(tf.expandDims(atEdge, -1), x, 1 / x.shape.at(-1)!)
    const limit = tf.sub(total(timesLog(tf.sub(concentration, 1), edge)), logMultivariateBeta(concentration))
    return tf.where(atEdge, numberOrNone(limit), logDirichletDensity(concentration, held))
  },
  sample: ({ concentration }, lead, noise, { k }) => softmax(logGammaDraws(concentration, [...lead, k!], noise)),
  mean: ({ concentration }) => tf.div(concentration, tf.sum(concentration, -1, true)),
  variance: ({ concentration }) => {
    const sum = tf.sum(concentration, -1, true)
    const mean = tf.div(concentration, sum)
    return tf.div(tf.mul(mean, tf.sub(1, mean)), tf.add(sum, 1))
  },
  ...form,
  entropy: ({ concentration }) => entropyOfDirichlet(concentration),
  klDivergence: (p, q) => divergenceOfDirichlets(p.concentration, q.concentration),
  statistic: tf.log,
  logBaseMeasure: x => tf.zeros(x.shape.slice(0, -1)),
  fromNatural: eta => ({ concentration: tf.add(eta, 1) }),
  lift: { concentration: m => m.concentration },
})
