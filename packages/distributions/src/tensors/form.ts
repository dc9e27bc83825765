import * as tf from '@tensorflow/tfjs-core'
import type { Divergences, Form } from './definition.js'
import { constant, log1p } from './elementary.js'
import { broadcast, expand } from './shapes.js'

const inner = (a: tf.Tensor, b: tf.Tensor): tf.Tensor => tf.sum(tf.mul(a, b), -1)

/**
 * The entropy A - <eta, E t> - E log h and the divergence A(q) - A(p) - <eta(q) - eta(p), E t> of an exponential form, where
 * log h does not depend on the value; `logBase` is what it is.
 * Source: Nielsen and Nock, Entropies and cross-entropies of exponential families (2010).
 */
export const divergencesOfForm = <P, X>(
  { natural, logNormaliser, expectedStatistic }: Pick<Form<P, X>, 'natural' | 'logNormaliser' | 'expectedStatistic'>,
  logBase: (sizes: Readonly<Record<string, number>>) => number = () => 0,
): Divergences<P> => ({
  entropy: (p, sizes) =>
    tf.sub(tf.sub(logNormaliser(p, sizes), inner(natural(p, sizes), expectedStatistic(p, sizes))), logBase(sizes)),
  klDivergence: (p, q, sizes) =>
    tf.sub(
      tf.sub(logNormaliser(q, sizes), logNormaliser(p, sizes)),
      inner(tf.sub(natural(q, sizes), natural(p, sizes)), expectedStatistic(p, sizes)),
    ),
})

/** x - log x - 1, with the digits that it has about 1. */
export const itakuraSaito = (x: tf.Tensor): tf.Tensor => {
  const excess = tf.sub(x, 1)
  // Far below 1 the difference has lost the digits of x.
  const far = constant(v => tf.less(v!, 0.5))(x)
  const log = tf.where(far, tf.log(tf.where(far, x, 1)), log1p(tf.where(far, 0, excess)))
  return tf.sub(excess, log)
}

/** With an axis of one more behind all others, as the events of a family whose values are numbers have. */
export const column = (x: tf.Tensor): tf.Tensor => tf.expandDims(x, -1)

/** Tensors side by side on the last axis, after their leading axes are broadcast. */
export const concatenate = (...parts: ReadonlyArray<tf.Tensor>): tf.Tensor => {
  const lead = parts.map(t => t.shape.slice(0, -1)).reduce((a, b) => broadcast('natural', a, b))
  return tf.concat(
    parts.map(t => expand(t, lead, 1)),
    -1,
  )
}

/** Numbers on a last axis of their own, side by side. */
export const stack = (...parts: ReadonlyArray<tf.Tensor>): tf.Tensor =>
  concatenate(...parts.map(t => tf.expandDims(t, -1)))

/** The numbers on the last axis, each without it. */
export const entries = (x: tf.Tensor): tf.Tensor[] => tf.unstack(x, -1)

/** Infinity or NaN instead of a moment, unless what it is of is as it has to be; the two are broadcast. */
export const where = (
  condition: (x: tf.Tensor) => tf.Tensor,
  of: tf.Tensor,
  otherwise: number,
  value: tf.Tensor,
): tf.Tensor => tf.where(constant(v => condition(v!))(of), value, otherwise)
