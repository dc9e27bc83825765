import { exp, logGamma } from '@conjugate/linalg/tensors'
import * as tf from '@tensorflow/tfjs-core'
import { vonMisesFisher as float64, type VonMisesFisher } from '../../families/von-mises-fisher.js'
import { defineFamily } from '../define.js'
import { directions, nonNegatives } from '../domains.js'
import { constant, sineOf, vector } from '../elementary.js'
import { column } from '../form.js'
import { legendre } from '../gamma-draws.js'
import { memberOf, readToDraw } from '../host-draws.js'
import { squaredNorm } from '../matrices.js'
import { expand, type Sizes } from '../shapes.js'
import type { TensorFamily } from '../tensor-family.js'

/** Parameters of von Mises-Fisher distributions. */
export type VonMisesFisherTensors = {
  /** A vector of length 1 [...batch, D]. */
  readonly meanDirection: tf.Tensor
  /** kappa of at least 0 [...batch]: 0 is the uniform distribution. */
  readonly concentration: tf.Tensor
}

const { nodes, weights } = legendre(48)

/** The integrand is left out where it has fallen by exp of this, and more for more columns. */
const FALL = 40

/**
 * Integrals over the angle from mu, up to where exp(-kappa (1 - t)) has fallen, of t = mu'x: log of that over the sphere,
 * E (1 - t) and E (1 - t^2). The nodes do not move with kappa as far as gradients go, so that derivatives are integrals by the same
 * rule. Source: Mardia and Jupp, Directional Statistics (2000), section 9.3.
 */
const integrals = (kappa: tf.Tensor, d: number) => {
  // Half the angle. Where it ends does not matter to the last digit, but for that of the whole sphere.
  const end = constant(k => {
    const far = tf.div(0.5 * (FALL + 4 * d), tf.maximum(k!, 1e-3))
    const whole = tf.greaterEqual(far, 1)
    return tf.where(whole, 0.5 * Math.PI, tf.asin(tf.sqrt(tf.where(whole, 0, far))))
  })(kappa)
  const half = tf.mul(column(end), vector(nodes))
  const [sine, cosine] = [sineOf(half), sineOf(tf.sub(0.5 * Math.PI, half))]
  const defects = tf.mul(2, tf.square(sine))
  const sines = tf.mul(2, tf.mul(sine, cosine))
  const integrand = tf.mul(tf.mul(tf.pow(sines, d - 2), exp(tf.neg(tf.mul(column(kappa), defects)))), vector(weights))
  const all = tf.sum(integrand, -1)
  const mean = (of: tf.Tensor): tf.Tensor => tf.div(tf.sum(tf.mul(integrand, of), -1), all)
  // The surface of the sphere of one column less, 2 pi^((D - 1)/2)/Gamma((D - 1)/2).
  const surface = tf.sub(Math.LN2 + 0.5 * (d - 1) * Math.log(Math.PI), logGamma(tf.scalar(0.5 * (d - 1))))
  return {
    logIntegral: tf.add(tf.log(tf.mul(tf.mul(2, end), all)), surface),
    defect: mean(defects),
    across: mean(tf.square(sines)),
  }
}

const meanCosine = (kappa: tf.Tensor, d: number): tf.Tensor => tf.sub(1, integrals(kappa, d).defect)

/**
 * Von Mises-Fisher distributions on vectors [..., D] of length 1, D >= 2; the density is with respect to the surface of the sphere.
 * Draws are those of the float64 family. In its order: t(x) = x, eta = kappa mu.
 */
export const vonMisesFisher: TensorFamily<VonMisesFisherTensors, tf.Tensor, VonMisesFisher, false> = defineFamily<
  VonMisesFisherTensors,
  tf.Tensor,
  VonMisesFisher,
  false
>({
  name: 'VonMisesFisher',
  reparameterised: false,
  parameters: { meanDirection: directions, concentration: nonNegatives() },
  value: directions,
  // By 1 - mu'x = |x - mu|^2/2, which keeps its digits about the mode.
  logProb: ({ meanDirection, concentration }, x, { d }) =>
    tf.neg(
      tf.add(
        tf.mul(tf.mul(0.5, concentration), squaredNorm(tf.sub(x, meanDirection))),
        integrals(concentration, d!).logIntegral,
      ),
    ),
  sample: ({ meanDirection, concentration }, lead, noise, { d }) =>
    constant((mu, kappa) => {
      const read = readToDraw('VonMisesFisher')
      const [directionsOf, concentrations] = [read(expand(mu!, lead, 1)), read(expand(kappa!, lead, 0))]
      const drawn = new Float32Array(directionsOf.length).fill(Number.NaN)
      for (const [n, k] of concentrations.entries()) {
        const mean = Float64Array.from(directionsOf.subarray(n * d!, (n + 1) * d!))
        const norm = Math.hypot(...mean)
        const member = float64.make({ meanDirection: mean.map(v => v / norm), concentration: k })
        const x = memberOf(member, p => float64.sample(p)(noise.stream))
        if (x) drawn.set(x, n * d!)
      }
      return tf.tensor(drawn, [...lead, d!])
    })(meanDirection, concentration),
  mean: ({ meanDirection, concentration }, { d }) => tf.mul(column(meanCosine(concentration, d!)), meanDirection),
  // That of mu'x along mu, and E (1 - t^2)/(D - 1) across it.
  variance: ({ meanDirection, concentration }, { d }) => {
    const { defect, across } = integrals(concentration, d!)
    const along = tf.sub(tf.sub(tf.mul(2, defect), tf.square(defect)), across)
    const squares = tf.square(meanDirection)
    return tf.add(tf.mul(column(along), squares), tf.mul(column(tf.div(across, d! - 1)), tf.sub(1, squares)))
  },
  entropy: ({ concentration }, { d }) => {
    const { logIntegral, defect } = integrals(concentration, d!)
    return tf.add(logIntegral, tf.mul(concentration, defect))
  },
  klDivergence: (p, q, { d }) => {
    const [of, to] = [integrals(p.concentration, d!), integrals(q.concentration, d!)]
    const turn = tf.mul(0.5, squaredNorm(tf.sub(p.meanDirection, q.meanDirection)))
    const ofTurn = tf.mul(tf.mul(q.concentration, turn), tf.sub(1, of.defect))
    const ofConcentration = tf.mul(tf.sub(q.concentration, p.concentration), of.defect)
    return tf.add(tf.sub(to.logIntegral, of.logIntegral), tf.add(ofConcentration, ofTurn))
  },
  statistic: tf.clone,
  logBaseMeasure: x => tf.zeros(x.shape.slice(0, -1)),
  natural: ({ meanDirection, concentration }) => tf.mul(column(concentration), meanDirection),
  fromNatural: eta => {
    // The uniform distribution does not see its direction, which is the first axis then.
    const square = squaredNorm(eta)
    const uniform = constant(v => tf.equal(v!, 0))(square)
    const concentration = tf.where(uniform, 0, tf.sqrt(tf.where(uniform, 1, square)))
    const first = tf.oneHot(0, eta.shape.at(-1)!)
    const towards = tf.div(eta, column(tf.where(uniform, 1, concentration)))
    return { meanDirection: tf.where(column(uniform), tf.cast(first, 'float32'), towards), concentration }
  },
  logNormaliser: ({ concentration }, { d }: Sizes) => tf.add(integrals(concentration, d!).logIntegral, concentration),
  expectedStatistic: ({ meanDirection, concentration }, { d }) =>
    tf.mul(column(meanCosine(concentration, d!)), meanDirection),
  lift: { meanDirection: m => m.meanDirection, concentration: m => m.concentration },
})
