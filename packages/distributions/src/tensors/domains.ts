import * as tf from '@tensorflow/tfjs-core'
import { above, type Chart, direction, logCholesky, positive, real, simplex, unitInterval } from './bijections.js'
import { diagonal, lower } from './matrices.js'
import type { Sizes } from './shapes.js'

/** What the arrays of a parameter or of a value are. */
export interface Domain {
  /** The names of their own axes, the last ones of a tensor; those of one name are of one length. A number is the length. */
  readonly axes: ReadonlyArray<string | number>
  /** Which of them (... x axes) belong to it, as booleans (...); NaN does not. */
  readonly contains: (x: tf.Tensor) => tf.Tensor
  /** An array inside, for the places of those that are outside. */
  readonly inside: (x: tf.Tensor) => tf.Tensor
  /** From numbers without bounds, as a network gives them. */
  readonly chart: (sizes: Sizes) => Chart
}

const allOf = (conditions: tf.Tensor, axes: number): tf.Tensor =>
  axes === 0 ? conditions : tf.all(conditions, axes === 1 ? [-1] : [-2, -1])

const ofNumbers = (
  axes: ReadonlyArray<string>,
  condition: (x: tf.Tensor) => tf.Tensor,
  inside: number,
  chart: (size?: number) => Chart,
): Domain => ({
  axes,
  contains: x => allOf(tf.logicalAnd(condition(x), tf.isFinite(x)), axes.length),
  inside: x => tf.fill(x.shape, inside),
  chart: sizes => chart(axes.length === 0 ? undefined : sizes[axes[0]!]!),
})

/** Finite numbers: one, or a vector along an axis. */
export const numbers = (...axes: ReadonlyArray<string>): Domain => ofNumbers(axes, tf.isFinite, 0, real)

/** Numbers above 0. */
export const positives = (...axes: ReadonlyArray<string>): Domain => ofNumbers(axes, x => tf.greater(x, 0), 1, positive)

/** Numbers of at least 0. */
export const nonNegatives = (...axes: ReadonlyArray<string>): Domain =>
  ofNumbers(axes, x => tf.greaterEqual(x, 0), 1, positive)

/** Numbers from 0 to 1. */
export const fractions: Domain = ofNumbers(
  [],
  x => tf.logicalAnd(tf.greaterEqual(x, 0), tf.lessEqual(x, 1)),
  0.5,
  unitInterval,
)

/** Whole numbers of at least 0, up to a bound. */
export const counts = (bound: number = Number.POSITIVE_INFINITY, ...axes: ReadonlyArray<string>): Domain =>
  ofNumbers(
    axes,
    x => {
      const whole = tf.logicalAnd(tf.greaterEqual(x, 0), tf.equal(x, tf.floor(x)))
      return Number.isFinite(bound) ? tf.logicalAnd(whole, tf.lessEqual(x, bound)) : whole
    },
    0,
    real,
  )

/** Lower Cholesky factors: finite, with a positive diagonal. What is above the diagonal is not read. */
export const factors: Domain = {
  axes: ['d', 'd'],
  contains: l => tf.logicalAnd(tf.all(tf.greater(diagonal(l), 0), -1), tf.all(tf.isFinite(lower(l)), [-2, -1])),
  inside: l => tf.broadcastTo(tf.eye(l.shape.at(-1)!), l.shape),
  chart: sizes => logCholesky(sizes['d']!),
}

/** Degrees of freedom above D - 1, which a family checks against its D. */
export const degreesOfFreedom: Domain = { ...positives(), chart: sizes => above(sizes['d']! - 1) }

/** Logits of K categories: finite, or -Infinity for what is impossible, but not all of them. */
export const logits = (axis: string | number = 'k'): Domain => ({
  axes: [axis],
  contains: x =>
    tf.logicalAnd(
      tf.all(tf.logicalOr(tf.isFinite(x), tf.equal(x, Number.NEGATIVE_INFINITY)), -1),
      tf.any(tf.isFinite(x), -1),
    ),
  inside: tf.zerosLike,
  chart: sizes => real(typeof axis === 'number' ? axis : sizes[axis]!),
})

/** Numbers of float32 are taken to sum to 1 up to this. */
const TOLERANCE = 1e-5

/** Probabilities that sum to 1 up to the rounding of float32. */
export const probabilities: Domain = {
  axes: ['k'],
  contains: x =>
    tf.logicalAnd(tf.lessEqual(tf.abs(tf.sub(tf.sum(x, -1), 1)), TOLERANCE), tf.all(tf.greaterEqual(x, 0), -1)),
  inside: x => tf.fill(x.shape, 1 / x.shape.at(-1)!),
  chart: sizes => simplex(sizes['k']!),
}

/** Vectors of length 1 up to the rounding of float32. */
export const directions: Domain = {
  axes: ['d'],
  contains: x => tf.lessEqual(tf.abs(tf.sub(tf.sum(tf.square(x), -1), 1)), 2 * TOLERANCE),
  inside: x => tf.fill(x.shape, 1 / Math.sqrt(x.shape.at(-1)!)),
  chart: sizes => direction(sizes['d']!),
}
