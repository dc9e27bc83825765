import { LOG_2PI } from '@conjugate/linalg'
import { cholesky, triangularSolve } from '@conjugate/linalg/tensors'
import * as tf from '@tensorflow/tfjs-core'
import type { MultivariateNormal } from '../../families/multivariate-normal.js'
import { defineFamily } from '../define.js'
import { factors, numbers } from '../domains.js'
import { column, concatenate } from '../form.js'
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
  squaredNorm,
  unflat,
  whiten,
} from '../matrices.js'
import { partsOf } from '../shapes.js'
import type { TensorFamily } from '../tensor-family.js'

/** Parameters of multivariate normals. */
export type MultivariateNormalTensors = {
  /** The means [...batch, D], in units of the data. */
  readonly mean: tf.Tensor
  /** The lower Cholesky factors of the covariances [...batch, D, D]. */
  readonly factor: tf.Tensor
}

const outer = (x: tf.Tensor): tf.Tensor => tf.mul(column(x), tf.expandDims(x, -2))

/** N(mean, factor factor') on vectors [..., D]. In the order of the float64 family: t(x) = (x, x x'). */
export const multivariateNormal: TensorFamily<MultivariateNormalTensors, tf.Tensor, MultivariateNormal, true> =
  defineFamily<MultivariateNormalTensors, tf.Tensor, MultivariateNormal, true>({
    name: 'MultivariateNormal',
    reparameterised: true,
    parameters: { mean: numbers('d'), factor: factors },
    value: numbers('d'),
    logProb: ({ mean, factor }, x, { d }) =>
      tf.neg(
        tf.add(
          tf.mul(0.5, squaredNorm(whiten(factor, tf.sub(x, mean)))),
          tf.add(logDiagonal(factor), 0.5 * d! * LOG_2PI),
        ),
      ),
    sample: ({ mean, factor }, lead, noise, { d }) => {
      const z = noise.normal([...lead, d!])
      return tf.add(mean, tf.squeeze(product(lower(factor), column(z)), [-1]))
    },
    mean: ({ mean }) => mean,
    variance: ({ factor }) => diagonal(gram(factor)),
    entropy: ({ factor }, { d }) => tf.add(logDiagonal(factor), 0.5 * d! * (1 + LOG_2PI)),
    klDivergence: (p, q, { d }) => {
      const ratio = tf.sub(logDiagonal(q.factor), logDiagonal(p.factor))
      const trace = tf.sub(squaredFrobenius(triangularSolve(q.factor, lower(p.factor))), d!)
      return tf.add(ratio, tf.mul(0.5, tf.add(trace, squaredNorm(whiten(q.factor, tf.sub(p.mean, q.mean))))))
    },
    statistic: x => concatenate(x, flat(outer(x))),
    logBaseMeasure: x => tf.fill(x.shape.slice(0, -1), -0.5 * x.shape.at(-1)! * LOG_2PI),
    natural: ({ mean, factor }) =>
      concatenate(
        tf.squeeze(triangularSolve(factor, column(whiten(factor, mean)), { transposed: true }), [-1]),
        tf.mul(-0.5, flat(inverseOf(factor))),
      ),
    fromNatural: eta => {
      const d = Math.round((Math.sqrt(1 + 4 * eta.shape.at(-1)!) - 1) / 2)
      const [first, second] = partsOf(eta, [d, d * d])
      const root = cholesky(tf.mul(-2, unflat(second!)))
      return {
        mean: tf.squeeze(triangularSolve(root, triangularSolve(root, column(first!)), { transposed: true }), [-1]),
        factor: inverseFactor(root),
      }
    },
    logNormaliser: ({ mean, factor }) => tf.add(tf.mul(0.5, squaredNorm(whiten(factor, mean))), logDiagonal(factor)),
    expectedStatistic: ({ mean, factor }) => concatenate(mean, flat(tf.add(gram(factor), outer(mean)))),
    lift: { mean: m => m.mean, factor: m => m.cholesky.data },
  })
