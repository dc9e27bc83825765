import * as tf from '@tensorflow/tfjs-core'
import * as E from 'fp-ts/lib/Either.js'
import type { Validated } from '../validation.js'
import { constant } from './elementary.js'
import { expand } from './shapes.js'

/** Draws of a member, or nothing where there is none. */
export const memberOf = <P>(made: Validated<P>, draw: (p: P) => ArrayLike<number>): ArrayLike<number> | undefined =>
  E.isRight(made) ? draw(made.right) : undefined

/**
 * Reads the parameters of a function that is made of numbers, in the calling thread. tfjs-backend-webgpu cannot be read so: of what is
 * still to be computed it gives something else, or loses its device.
 */
export const readNumbers =
  (where: string) =>
  (x: tf.Tensor): tf.TypedArray => {
    if (tf.getBackend() === 'webgpu')
      throw new Error(
        `${where} on the backend webgpu of TensorFlow.js: it is made of numbers that are not given at once there; cpu, wasm, tensorflow and webgl give them`,
      )
    return x.dataSync()
  }

/** The same to draw of a family. */
export const readToDraw = (family: string): ((x: tf.Tensor) => tf.TypedArray) => readNumbers(`${family}.sample`)

/**
 * Draws that are no differentiable functions of the parameters, by the float64 family: parameters are read, once, and each
 * place of `lead` has a draw of so many numbers; NaN where parameters are those of no member. `axes` are the lengths of the
 * axes of each parameter, one alone for a vector.
 */
export const drawnByNumbers = (
  family: string,
  parameters: ReadonlyArray<tf.Tensor>,
  lead: ReadonlyArray<number>,
  axes: ReadonlyArray<number>,
  draw: (numbers: ReadonlyArray<ArrayLike<number>>) => ArrayLike<number> | undefined,
): tf.Tensor => {
  const sizes = parameters.map((_, i) => axes[i] ?? 0)
  return constant((...given) => {
    const values = given.map((t, i) => readToDraw(family)(expand(t, lead, sizes[i] === 0 ? 0 : 1)))
    const count = lead.reduce((a, b) => a * b, 1)
    const length = axes.at(-1) || 1
    const drawn = new Float32Array(count * length).fill(Number.NaN)
    for (let n = 0; n < count; n++) {
      const numbers = values.map((v, i) => v.subarray(n * (sizes[i] || 1), (n + 1) * (sizes[i] || 1)))
      const one = draw(numbers)
      if (one) drawn.set(one, n * length)
    }
    return tf.tensor(drawn, axes.at(-1) ? [...lead, length] : [...lead])
  })(...parameters)
}
