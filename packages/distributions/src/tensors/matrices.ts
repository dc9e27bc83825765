import { cholesky, triangularSolve } from '@conjugate/linalg/tensors'
import * as tf from '@tensorflow/tfjs-core'
import { broadcast, expand } from './shapes.js'

/** Where, not times a mask, which would read what is left out if that is not finite. */
const masked = (x: tf.Tensor, keep: (i: number, j: number) => boolean): tf.Tensor => {
  const d = x.shape.at(-1)!
  const mask = Uint8Array.from({ length: d * d }, (_, at) => Number(keep(Math.floor(at / d), at % d)))
  return tf.where(tf.tensor2d(mask, [d, d], 'bool'), x, 0)
}

/** The lower triangle of each matrix; what is above is not read. */
export const lower = (x: tf.Tensor): tf.Tensor => masked(x, (i, j) => j <= i)

/** The diagonal of each matrix (... x D x D), as vectors (... x D). */
export const diagonal = (x: tf.Tensor): tf.Tensor =>
  tf.sum(
    masked(x, (i, j) => i === j),
    -1,
  )

/** The last two axes swapped. */
export const swap = (x: tf.Tensor): tf.Tensor => {
  const axes = x.shape.map((_, i) => i)
  return tf.transpose(x, [...axes.slice(0, -2), x.rank - 1, x.rank - 2])
}

/** The log of the determinant of L, half of that of L L'. */
export const logDiagonal = (factor: tf.Tensor): tf.Tensor => tf.sum(tf.log(diagonal(factor)), -1)

/** Products of matrices whose leading axes are broadcast. */
export const product = (a: tf.Tensor, b: tf.Tensor): tf.Tensor => {
  const lead = broadcast('product', a.shape.slice(0, -2), b.shape.slice(0, -2))
  return tf.matMul(expand(a, lead, 2), expand(b, lead, 2))
}

/** L L' of the lower triangles. */
export const gram = (factor: tf.Tensor): tf.Tensor => {
  const l = lower(factor)
  return tf.matMul(l, l, false, true)
}

/**
 * L^-1 v of vectors (... x D). Where v has axes before those of L, all its vectors are columns of one system for each L, which
 * is not repeated.
 */
export const whiten = (factor: tf.Tensor, v: tf.Tensor): tf.Tensor => {
  const d = v.shape.at(-1)!
  const batch = factor.shape.slice(0, -2)
  const lead = v.shape.slice(0, -1)
  const extra = lead.length - batch.length
  if (extra <= 0 || batch.some((n, i) => n !== lead[extra + i]))
    return tf.squeeze(triangularSolve(factor, tf.expandDims(v, -1)), [-1])
  const count = lead.slice(0, extra).reduce((a, b) => a * b, 1)
  const flat = tf.reshape(v, [count, ...batch, d])
  const columns = tf.transpose(flat, [...batch.map((_, i) => i + 1), batch.length + 1, 0])
  const solved = triangularSolve(factor, columns)
  const last = batch.length + 1
  return tf.reshape(tf.transpose(solved, [last, ...Array.from({ length: last }, (_, i) => i)]), [...lead, d])
}

/** v' v over the last axis. */
export const squaredNorm = (v: tf.Tensor): tf.Tensor => tf.sum(tf.square(v), -1)

/** The sum of the squares of all entries of each matrix. */
export const squaredFrobenius = (x: tf.Tensor): tf.Tensor => tf.sum(tf.square(x), [-2, -1])

/** The factor of the inverse of L L'. */
export const inverseFactor = (factor: tf.Tensor): tf.Tensor => cholesky(inverseOf(factor))

/** (L L')^-1. */
export const inverseOf = (factor: tf.Tensor): tf.Tensor => {
  const d = factor.shape.at(-1)!
  const root = triangularSolve(factor, tf.eye(d))
  return tf.matMul(root, root, true, false)
}

/** Matrices (... x D x D) as vectors (... x D^2), and back. */
export const flat = (x: tf.Tensor): tf.Tensor => tf.reshape(x, [...x.shape.slice(0, -2), x.shape.at(-1)! ** 2])
export const unflat = (x: tf.Tensor): tf.Tensor => {
  const d = Math.round(Math.sqrt(x.shape.at(-1)!))
  return tf.reshape(x, [...x.shape.slice(0, -1), d, d])
}
