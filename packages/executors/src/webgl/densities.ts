import type { Tensor } from '@tensorflow/tfjs-core'
import type { QuadraticDensities } from '../executor.js'
import type { ResidentRows } from './rows.js'

/**
 * Stands for a logarithm of -Infinity, which shaders need not know: no exponential of a difference to it is above 0. The
 * maximum of webgl starts at -1e20, so that it cannot be lower than that.
 */
export const FLOOR: number = -(2 ** 60)

/** Densities as float32 tensors, about scaled rows that have a one at their end: E = D + 1. */
export interface DensityTensors {
  /** 1 x K x E x 1; the zero at the end keeps the ones of the rows. */
  readonly mean: Tensor
  /** 1 x K x D x E; the zeros in the last column leave the ones out. */
  readonly whitening: Tensor
  /** 1 x K x 1 x 1: less the `constant`. */
  readonly logConstant: Tensor
}

/** What the tensors hold, where it matters to the last digit. */
export interface UploadedDensities {
  readonly tensors: DensityTensors
  /** The largest log constant, in float64, which the logarithms on the GPU are relative to. */
  readonly constant: number
  /** K x D: the means as they were rounded, in the units of the densities. */
  readonly mean: Float64Array
}

export const uploadDensities = (data: ResidentRows, densities: QuadraticDensities): UploadedDensities => {
  const { components, columns } = densities
  const { columnScales: scales, gpu } = data
  const width = columns + 1
  const mean = new Float32Array(components * width)
  const whitening = new Float32Array(components * columns * width)
  for (let k = 0, from = 0; k < components; k++)
    for (let i = 0; i < columns; i++) {
      mean[k * width + i] = densities.mean[k * columns + i]! / scales[i]!
      for (let j = 0; j < columns; j++, from++)
        whitening[(k * columns + i) * width + j] = densities.whitening[from]! * scales[j]!
    }
  const largest = densities.logConstant.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY)
  const constant = largest === Number.NEGATIVE_INFINITY ? 0 : largest
  const logConstant = Float32Array.from(densities.logConstant, c => Math.max(c - constant, FLOOR))
  const [meanTensor, whiteningTensor, constantTensor] = gpu.compute(tf => [
    tf.tensor(mean, [1, components, width, 1]),
    tf.tensor(whitening, [1, components, columns, width]),
    tf.tensor(logConstant, [1, components, 1, 1]),
  ])
  return {
    tensors: { mean: meanTensor!, whitening: whiteningTensor!, logConstant: constantTensor! },
    constant,
    mean: densities.mean.map((_, i) => {
      const column = i % columns
      return mean[Math.floor(i / columns) * width + column]! * scales[column]!
    }),
  }
}

export const disposeDensities = ({ tensors }: UploadedDensities): void => {
  for (const tensor of Object.values(tensors)) tensor.dispose()
}
