import { cholesky, exp, multivariateDigamma, multivariateLogGamma, triangularSolve } from '@conjugate/linalg/tensors'
import * as tf from '@tensorflow/tfjs-core'
import type { Wishart } from '../../families/wishart.js'
import { defineFamily } from '../define.js'
import { degreesOfFreedom as degrees, factors } from '../domains.js'
import { column, concatenate, divergencesOfForm } from '../form.js'
import { logGammaDraws } from '../gamma-draws.js'
import {
  diagonal,
  flat,
  gram,
  inverseFactor,
  inverseOf,
  logDiagonal,
  lower,
  product,
  squaredFrobenius,
  unflat,
} from '../matrices.js'
import type { Noise } from '../noise.js'
import { partsOf, type Sizes } from '../shapes.js'
import type { TensorFamily } from '../tensor-family.js'

/** Parameters of Wisharts. */
export type WishartTensors = {
  /** nu > D - 1 [...batch]. */
  readonly degreesOfFreedom: tf.Tensor
  /** The lower Cholesky factor of the scale V [...batch, D, D]. */
  readonly factor: tf.Tensor
}

const matrixOf = (x: tf.Tensor): tf.Tensor => column(column(x))

/** nu > D - 1, on which all Wisharts depend. */
export const enoughDegrees = (
  { degreesOfFreedom }: { readonly degreesOfFreedom: tf.Tensor },
  { d }: Sizes,
): tf.Tensor => tf.greater(degreesOfFreedom, d! - 1)

/** log of 2^(nu D/2) Gamma_D(nu/2). */
export const logGammaOfWishart = (d: number, nu: tf.Tensor): tf.Tensor =>
  tf.add(tf.mul(0.5 * d * Math.LN2, nu), multivariateLogGamma(d)(tf.mul(0.5, nu)))

/**
 * The lower factor A of Bartlett's decomposition of a Wishart draw with unit scale: normals below the diagonal, and on it roots
 * of chi-squares of nu - i degrees of freedom, or of nu - (D - 1 - i) where `ascending`, which is the factor of the reversed axes.
 */
export const bartlett = (
  d: number,
  nu: tf.Tensor,
  lead: ReadonlyArray<number>,
  noise: Noise,
  ascending: boolean,
): tf.Tensor => {
  const less = tf.tensor1d(Float32Array.from({ length: d }, (_, i) => (ascending ? d - 1 - i : i)))
  const shapes = tf.mul(0.5, tf.sub(column(nu), less))
  const roots = exp(tf.mul(0.5, tf.add(Math.LN2, logGammaDraws(shapes, [...lead, d], noise))))
  const below = tf.sub(lower(tf.onesLike(tf.eye(d))), tf.eye(d))
  return tf.add(tf.mul(noise.normal([...lead, d, d]), below), tf.mul(column(roots), tf.eye(d)))
}

const form = {
  natural: ({ degreesOfFreedom: nu, factor }: WishartTensors, { d }: Sizes) =>
    concatenate(column(tf.mul(0.5, tf.sub(nu, d! + 1))), tf.mul(-0.5, flat(inverseOf(factor)))),
  logNormaliser: ({ degreesOfFreedom: nu, factor }: WishartTensors, { d }: Sizes) =>
    tf.add(logGammaOfWishart(d!, nu), tf.mul(nu, logDiagonal(factor))),
  expectedStatistic: ({ degreesOfFreedom: nu, factor }: WishartTensors, { d }: Sizes) =>
    concatenate(
      column(tf.add(tf.add(tf.mul(2, logDiagonal(factor)), d! * Math.LN2), multivariateDigamma(d!)(tf.mul(0.5, nu)))),
      flat(tf.mul(matrixOf(nu), gram(factor))),
    ),
}

/**
 * Wisharts. Values are the lower Cholesky factors [..., D, D] of positive definite matrices, and so are means; the density is
 * that of the matrix, with respect to its lower triangle, and variances are those of its entries. Draws are by Bartlett's
 * decomposition. In the order of the float64 family: t(X) = (log|X|, X).
 * Source: Muirhead, Aspects of Multivariate Statistical Theory (1982), theorem 3.2.14.
 */
export const wishart: TensorFamily<WishartTensors, tf.Tensor, Wishart, true> = defineFamily<
  WishartTensors,
  tf.Tensor,
  Wishart,
  true
>({
  name: 'Wishart',
  reparameterised: true,
  parameters: { degreesOfFreedom: degrees, factor: factors },
  together: enoughDegrees,
  value: factors,
  matrices: { matrixOf: gram, factorOf: cholesky },
  logProb: (p, x, sizes) =>
    tf.sub(
      tf.sub(
        tf.mul(tf.sub(p.degreesOfFreedom, sizes['d']! + 1), logDiagonal(x)),
        tf.mul(0.5, squaredFrobenius(triangularSolve(p.factor, lower(x)))),
      ),
      form.logNormaliser(p, sizes),
    ),
  sample: ({ degreesOfFreedom: nu, factor }, lead, noise, { d }) =>
    product(lower(factor), bartlett(d!, nu, lead, noise, false)),
  mean: ({ degreesOfFreedom: nu, factor }) => tf.mul(tf.sqrt(matrixOf(nu)), lower(factor)),
  variance: ({ degreesOfFreedom: nu, factor }) => {
    const v = gram(factor)
    const sizes = diagonal(v)
    return tf.mul(matrixOf(nu), tf.add(tf.square(v), tf.mul(column(sizes), tf.expandDims(sizes, -2))))
  },
  ...form,
  ...divergencesOfForm(form),
  statistic: x => concatenate(column(tf.mul(2, logDiagonal(x))), flat(gram(x))),
  logBaseMeasure: x => tf.zeros(x.shape.slice(0, -2)),
  fromNatural: eta => {
    const d = Math.round(Math.sqrt(eta.shape.at(-1)! - 1))
    const [first, second] = partsOf(eta, [1, d * d])
    return {
      degreesOfFreedom: tf.add(tf.mul(2, tf.squeeze(first!, [-1])), d + 1),
      factor: inverseFactor(cholesky(tf.mul(-2, unflat(second!)))),
    }
  },
  lift: { degreesOfFreedom: m => m.degreesOfFreedom, factor: m => m.cholesky.data },
})
