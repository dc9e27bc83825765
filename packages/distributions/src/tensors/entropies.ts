import { exp } from '@conjugate/linalg/tensors'
import * as tf from '@tensorflow/tfjs-core'
import { times, vector } from './elementary.js'
import { readNumbers } from './host-draws.js'

/** 0, ..., count on an axis of their own. */
export const countsTo = (count: number): tf.Tensor1D => vector(Array.from({ length: count + 1 }, (_, x) => x))

/** The sum over the last axis of f times masses, given by their logarithms; what has no mass adds nothing. */
export const expectation = (logMass: tf.Tensor, f: tf.Tensor): tf.Tensor => tf.sum(times(exp(logMass), f), -1)

/** The entropy of counts from their log masses, all of them on the last axis. */
export const entropyOfMasses = (logMass: tf.Tensor): tf.Tensor => tf.neg(expectation(logMass, logMass))

/** What is left to the other entries of the last axis, with its own digits. */
export const others = (x: tf.Tensor): tf.Tensor =>
  tf.add(tf.cumsum(x, x.rank - 1, true), tf.cumsum(x, x.rank - 1, true, true))

/** A function of numbers at each place of a tensor, which is read. */
const byNumbers = (where: string, f: (x: number) => number, x: tf.Tensor): tf.Tensor =>
  tf.tensor(Float32Array.from(readNumbers(where)(x), f), x.shape)

/** The step of differences, of numbers of about 1. */
const STEP = 1e-3

/**
 * A function of float64 of each number of a tensor, which is read, once. Its slope is a difference of the fourth order, and there
 * is none of the slope, which `name` says.
 */
export const ofNumbers = (name: string, f: (x: number) => number, x: tf.Tensor): tf.Tensor => {
  const slope = (v: number): number =>
    (8 * (f(v + STEP) - f(v - STEP)) - (f(v + 2 * STEP) - f(v - 2 * STEP))) / (12 * STEP)
  const slopes = (at: tf.Tensor): tf.Tensor =>
    tf.customGrad(v => ({
      value: byNumbers(name, slope, v as tf.Tensor),
      gradFunc: () => {
        throw new Error(`${name}: second derivatives are not to be had`)
      },
    }))(at)
  return tf.customGrad((v, save) => {
    const given = v as tf.Tensor
    ;(save as tf.GradSaveFunc)([given])
    return {
      value: byNumbers(name, f, given),
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => tf.mul(dy, slopes(saved[0]!)),
    }
  })(x)
}
