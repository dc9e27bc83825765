import * as tf from '@tensorflow/tfjs-core'
import { type Random, random } from '../random.js'

/** Seeded noise in the shapes that are asked for, drawn on the host, so that it is the same on every backend. */
export interface Noise {
  readonly normal: (shape: ReadonlyArray<number>) => tf.Tensor
  /** Above 0 and below 1, to the last bit. */
  readonly uniform: (shape: ReadonlyArray<number>) => tf.Tensor
  /** The stream itself, for draws by numbers. */
  readonly stream: Random
}

/** So that the middle of each of so many parts of (0, 1) is a number of float32. */
const PARTS = 2 ** 23

/** Makes noise from a seed. */
export const noise = (seed: number): Noise => {
  const stream = random(seed)
  const fill = (draw: () => number) => (shape: ReadonlyArray<number>) => {
    const values = new Float32Array(shape.reduce((a, b) => a * b, 1))
    for (let i = 0; i < values.length; i++) values[i] = draw()
    return tf.tensor(values, [...shape])
  }
  return {
    normal: fill(stream.normal),
    uniform: fill(() => (Math.floor(stream.uniform() * PARTS) + 0.5) / PARTS),
    stream,
  }
}
