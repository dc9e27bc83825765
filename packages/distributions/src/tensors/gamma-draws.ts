import { digamma, expm1 } from '@conjugate/linalg/tensors'
import * as tf from '@tensorflow/tfjs-core'
import { constant, log1p, vector } from './elementary.js'
import type { Noise } from './noise.js'
import { expand } from './shapes.js'

/** Of shapes from 1 on, each candidate is accepted with a probability of 0.95, so that all are refused once in 10^10 draws. */
const CANDIDATES = 8

/** The nodes and weights of the Gauss-Legendre rule on (0, 1). */
export const legendre = (count: number): { readonly nodes: number[]; readonly weights: number[] } => {
  const nodes: number[] = []
  const weights: number[] = []
  for (let i = 0; i < count; i++) {
    let x = Math.cos((Math.PI * (i + 0.75)) / (count + 0.5))
    let slope = 1
    for (let step = 0; step < 50; step++) {
      let [p, before] = [1, 0]
      for (let j = 1; j <= count; j++) [p, before] = [((2 * j - 1) * x * p - (j - 1) * before) / j, p]
      slope = (count * (x * p - before)) / (x * x - 1)
      x -= p / slope
    }
    nodes.push((x + 1) / 2)
    weights.push(1 / ((1 - x * x) * slope * slope))
  }
  return { nodes, weights }
}

/** log y of y ~ Gamma(a, 1), a >= 1. Source: Marsaglia and Tsang, A simple method for generating gamma variables (2000). */
const draw = (a: tf.Tensor, { normal, uniform }: Noise): tf.Tensor => {
  const d = tf.sub(a, 1 / 3)
  const c = tf.rsqrt(tf.mul(9, d))
  let log: tf.Tensor = tf.log(d)
  for (let i = 0; i < CANDIDATES; i++) {
    const z = normal(a.shape)
    const root = tf.add(1, tf.mul(c, z))
    const possible = tf.greater(root, 0)
    const logCube = tf.mul(3, tf.log(tf.where(possible, root, 1)))
    const bound = tf.add(tf.mul(0.5, tf.square(z)), tf.mul(d, tf.sub(tf.add(1, logCube), tf.exp(logCube))))
    const accepted = tf.logicalAnd(possible, tf.less(tf.log(uniform(a.shape)), bound))
    log = tf.where(accepted, tf.add(tf.log(d), logCube), log)
  }
  return log
}

/** Where the integrand has fallen by exp(-17). */
const FALL = 17
const { nodes, weights } = legendre(20)

/** From here on the derivative is that along the transformation of Wilson and Hilferty, to 1e-5. */
const LARGE = 1e3

/**
 * d log y / da of y ~ Gamma(a, 1) at a fixed probability, for a >= 1: the derivative of the incomplete gamma function by a over
 * the density, as an integral over t = y exp(s w) from y to the end on its own side of a (s = 1 above, -1 below):
 * s int_0^W exp(s a w - y (exp(s w) - 1)) (log y - psi(a) + s w) dw. Source of implicit derivatives: Figurnov, Mohamed and
 * Mnih, Implicit reparameterization gradients (2018); of the transformation: Wilson and Hilferty (1931).
 */
export const implicitSlope = (a: tf.Tensor, logY: tf.Tensor): tf.Tensor => {
  const large = tf.greater(a, LARGE)
  // The scaled variable (y/a)^(1/3) is normal with mean 1 - 1/(9 a) and variance 1/(9 a).
  const ratio = tf.exp(tf.div(tf.sub(logY, tf.log(a)), 3))
  const centred = tf.add(tf.sub(ratio, 1), tf.div(1 / 9, a))
  const alongNormal = tf.div(tf.sub(tf.add(ratio, tf.div(1 / 3, a)), tf.mul(1.5, centred)), tf.mul(a, ratio))
  const moderate = tf.where(large, 2, a)
  const y = tf.where(large, 2, tf.exp(logY))
  const sign = tf.sub(tf.mul(2, tf.cast(tf.greaterEqual(y, moderate), 'float32')), 1)
  const exponent = (w: tf.Tensor, s: tf.Tensor, b: tf.Tensor, x: tf.Tensor): tf.Tensor =>
    tf.sub(tf.mul(tf.mul(s, b), w), tf.mul(x, expm1(tf.mul(s, w))))
  let end: tf.Tensor = tf.minimum(tf.div(6, tf.sqrt(y)), tf.div(FALL, tf.maximum(tf.abs(tf.sub(moderate, y)), 1e-3)))
  for (let step = 0; step < 8; step++) {
    const slope = tf.mul(sign, tf.sub(moderate, tf.mul(y, tf.exp(tf.mul(sign, end)))))
    const next = tf.sub(end, tf.div(tf.add(exponent(end, sign, moderate, y), FALL), tf.minimum(slope, -1e-6)))
    end = tf.maximum(tf.mul(end, 0.3), next)
  }
  // log y - psi(a), without cancelling for large a.
  const close = tf.add(
    log1p(tf.div(tf.sub(y, moderate), moderate)),
    tf.div(tf.add(0.5, tf.div(1 / 12, moderate)), moderate),
  )
  const shift = tf.where(tf.greater(moderate, 20), close, tf.sub(tf.log(y), digamma(moderate)))
  const [s, b, x] = [sign, moderate, y].map(v => tf.expandDims(v, -1)) as [tf.Tensor, tf.Tensor, tf.Tensor]
  const w = tf.mul(tf.expandDims(end, -1), vector(nodes))
  const integrand = tf.mul(tf.exp(exponent(w, s, b, x)), tf.add(tf.expandDims(shift, -1), tf.mul(s, w)))
  const integral = tf.sum(tf.mul(integrand, vector(weights)), -1)
  return tf.where(large, alongNormal, tf.mul(tf.mul(sign, end), integral))
}

/**
 * log y of y ~ Gamma(a, 1) in the shape of `lead`, to which `a` is broadcast, with the gradient in a that moves a draw at a
 * fixed probability. A shape a < 1 is that of a + 1 times u^(1/a), in logarithms, which do not underflow.
 */
export const logGammaDraws = (a: tf.Tensor, lead: ReadonlyArray<number>, noise: Noise): tf.Tensor => {
  const shape = expand(a, lead, 0)
  const small = constant(v => tf.less(v!, 1))(shape)
  const boosted = tf.where(small, tf.add(shape, 1), shape)
  const drawn = tf.customGrad((v, save) => {
    const a = v as tf.Tensor
    const log = draw(a, noise)
    ;(save as tf.GradSaveFunc)([a, log])
    return {
      value: log,
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => tf.mul(dy, implicitSlope(saved[0]!, saved[1]!)),
    }
  })(boosted)
  return tf.add(drawn, tf.where(small, tf.div(tf.log(noise.uniform(lead)), shape), 0))
}
