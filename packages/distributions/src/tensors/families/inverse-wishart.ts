import { cholesky, multivariateDigamma, triangularSolve } from '@conjugate/linalg/tensors'
import * as tf from '@tensorflow/tfjs-core'
import type { InverseWishart } from '../../families/inverse-wishart.js'
import { defineFamily } from '../define.js'
import { degreesOfFreedom as degrees, factors } from '../domains.js'
import { column, concatenate, divergencesOfForm, where } from '../form.js'
import { diagonal, flat, gram, inverseOf, logDiagonal, lower, squaredFrobenius, swap, unflat } from '../matrices.js'
import type { Noise } from '../noise.js'
import { partsOf, type Sizes } from '../shapes.js'
import type { TensorFamily } from '../tensor-family.js'
import { bartlett, enoughDegrees, logGammaOfWishart } from './wishart.js'

/** Parameters of inverse Wisharts. */
export type InverseWishartTensors = {
  /** nu > D - 1 [...batch]. */
  readonly degreesOfFreedom: tf.Tensor
  /** The lower Cholesky factor of the scale Psi [...batch, D, D]. */
  readonly factor: tf.Tensor
}

const matrixOf = (x: tf.Tensor): tf.Tensor => column(column(x))

const form = {
  natural: ({ degreesOfFreedom: nu, factor }: InverseWishartTensors, { d }: Sizes) =>
    concatenate(column(tf.mul(-0.5, tf.add(nu, d! + 1))), tf.mul(-0.5, flat(gram(factor)))),
  logNormaliser: ({ degreesOfFreedom: nu, factor }: InverseWishartTensors, { d }: Sizes) =>
    tf.sub(logGammaOfWishart(d!, nu), tf.mul(nu, logDiagonal(factor))),
  expectedStatistic: (p: InverseWishartTensors, { d }: Sizes) =>
    concatenate(column(expectedLogDeterminant(p, d!)), flat(tf.mul(matrixOf(p.degreesOfFreedom), inverseOf(p.factor)))),
}

/** E log|X|. */
export const expectedLogDeterminant = ({ degreesOfFreedom: nu, factor }: InverseWishartTensors, d: number): tf.Tensor =>
  tf.sub(tf.sub(tf.mul(2, logDiagonal(factor)), d * Math.LN2), multivariateDigamma(d)(tf.mul(0.5, nu)))

/** The log density of the matrix of a factor x. */
export const logProbOfInverseWishart = (p: InverseWishartTensors, x: tf.Tensor, sizes: Sizes): tf.Tensor =>
  tf.sub(
    tf.neg(
      tf.add(
        tf.mul(tf.add(p.degreesOfFreedom, sizes['d']! + 1), logDiagonal(x)),
        tf.mul(0.5, squaredFrobenius(triangularSolve(x, lower(p.factor)))),
      ),
    ),
    form.logNormaliser(p, sizes),
  )

/**
 * The factor L B^-1 of a draw: B B' is a Wishart of unit scale whose factor B is that of reversed axes, so that its inverse
 * transposed is the lower factor of the inverse.
 */
export const drawInverseWishart = (
  { degreesOfFreedom: nu, factor }: InverseWishartTensors,
  lead: ReadonlyArray<number>,
  noise: Noise,
  d: number,
): tf.Tensor => swap(triangularSolve(bartlett(d, nu, lead, noise, true), swap(lower(factor)), { transposed: true }))

/** The factor of the mean Psi/(nu - D - 1), which exists for nu > D + 1. */
export const meanOfInverseWishart = ({ degreesOfFreedom, factor }: InverseWishartTensors, d: number): tf.Tensor => {
  const nu = matrixOf(degreesOfFreedom)
  return where(v => tf.greater(v, d + 1), nu, Number.NaN, tf.div(lower(factor), tf.sqrt(tf.sub(nu, d + 1))))
}

/** The variances of the entries, which are Infinity for D + 1 < nu <= D + 3. */
export const varianceOfInverseWishart = ({ degreesOfFreedom, factor }: InverseWishartTensors, d: number): tf.Tensor => {
  const nu = matrixOf(degreesOfFreedom)
  const excess = tf.sub(nu, d)
  const psi = gram(factor)
  const sizes = diagonal(psi)
  const squares = tf.add(
    tf.mul(tf.add(excess, 1), tf.square(psi)),
    tf.mul(tf.sub(excess, 1), tf.mul(column(sizes), tf.expandDims(sizes, -2))),
  )
  const finite = tf.div(squares, tf.mul(tf.mul(excess, tf.square(tf.sub(excess, 1))), tf.sub(excess, 3)))
  const held = where(v => tf.greater(v, d + 3), nu, Number.POSITIVE_INFINITY, finite)
  return where(v => tf.greater(v, d + 1), nu, Number.NaN, held)
}

/**
 * Inverse Wisharts. Values are the lower Cholesky factors [..., D, D] of positive definite matrices, and so are means; the
 * density is that of the matrix, with respect to its lower triangle, and variances are those of its entries. In the order of
 * the float64 family: t(X) = (log|X|, X^-1). Source: Gelman et al., Bayesian Data Analysis, 3rd ed. (2013), appendix A.
 */
export const inverseWishart: TensorFamily<InverseWishartTensors, tf.Tensor, InverseWishart, true> = defineFamily<
  InverseWishartTensors,
  tf.Tensor,
  InverseWishart,
  true
>({
  name: 'InverseWishart',
  reparameterised: true,
  parameters: { degreesOfFreedom: degrees, factor: factors },
  together: enoughDegrees,
  value: factors,
  matrices: { matrixOf: gram, factorOf: cholesky },
  logProb: logProbOfInverseWishart,
  sample: (p, lead, noise, { d }) => drawInverseWishart(p, lead, noise, d!),
  mean: (p, { d }) => meanOfInverseWishart(p, d!),
  variance: (p, { d }) => varianceOfInverseWishart(p, d!),
  ...form,
  ...divergencesOfForm(form),
  statistic: x => concatenate(column(tf.mul(2, logDiagonal(x))), flat(inverseOf(x))),
  logBaseMeasure: x => tf.zeros(x.shape.slice(0, -2)),
  fromNatural: eta => {
    const d = Math.round(Math.sqrt(eta.shape.at(-1)! - 1))
    const [first, second] = partsOf(eta, [1, d * d])
    return {
      degreesOfFreedom: tf.sub(tf.mul(-2, tf.squeeze(first!, [-1])), d + 1),
      factor: cholesky(tf.mul(-2, unflat(second!))),
    }
  },
  lift: { degreesOfFreedom: m => m.degreesOfFreedom, factor: m => m.cholesky.data },
})
