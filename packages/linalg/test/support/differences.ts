import * as tf from '@tensorflow/tfjs-core'

export type OfTensor = (x: tf.Tensor) => tf.Tensor

/** A sum of the entries with weights, none of which are alike. */
export const weighted = (y: tf.Tensor): tf.Tensor => {
  const weights = Array.from({ length: y.size }, (_, i) => Math.sin(2 * i + 1))
  return tf.sum(tf.mul(y, tf.tensor(weights, y.shape)))
}

/** By differences of the fourth order. */
export const differences = (f: OfTensor, at: tf.Tensor, step = 0.02): number[] => {
  const values = Array.from(at.dataSync())
  return values.map((value, i) => {
    const moved = (by: number) => {
      const points = values.map((v, j) => (i === j ? v + by * step : v))
      // What the step is after rounding to float32.
      const moved = Math.fround(value + by * step) - value
      return [f(tf.tensor(points, at.shape)).dataSync()[0]!, moved] as const
    }
    const [a, b, c, d] = [moved(-2), moved(-1), moved(1), moved(2)]
    return (4 * (c[0] - b[0])) / (c[1] - b[1]) / 3 - (d[0] - a[0]) / (d[1] - a[1]) / 3
  })
}
