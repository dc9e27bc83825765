import type { QuadraticDensities } from '../executor.js'
import type { TensorId } from './binding.js'
import type { Ops } from './ops.js'

/** The densities as tensors, for rows that have a one added at their end: E = D + 1. */
export interface DensityTensors {
  /** K x E x 1; the zero at the end keeps the ones of the rows. */
  readonly mean: TensorId
  /** K x D x E; the zeros in the last column leave the ones out. */
  readonly whitening: TensorId
  /** K x 1 x 1. */
  readonly logConstant: TensorId
  readonly half: TensorId
  /** The least finite number. */
  readonly lowest: TensorId
}

/** Copies `rows` rows of `width` numbers to the starts of rows of `width + 1`. */
const widen = (source: Float64Array, rows: number, width: number): Float64Array => {
  const target = new Float64Array(rows * (width + 1))
  for (let row = 0; row < rows; row++) target.set(source.subarray(row * width, (row + 1) * width), row * (width + 1))
  return target
}

export const uploadDensities = (ops: Ops, densities: QuadraticDensities): DensityTensors => {
  const { components, columns } = densities
  const width = columns + 1
  const mean = widen(densities.mean, components, columns)
  const whitening = widen(densities.whitening, components * columns, columns)
  densities.logConstant.forEach((constant, k) => {
    // Nothing about a component of weight zero is used, so nothing about it may be infinite either.
    if (constant === Number.NEGATIVE_INFINITY) {
      mean.fill(0, k * width, (k + 1) * width)
      whitening.fill(0, k * columns * width, (k + 1) * columns * width)
    }
  })
  return {
    mean: ops.upload(mean, [components, width, 1]),
    whitening: ops.upload(whitening, [components, columns, width]),
    logConstant: ops.upload(densities.logConstant.slice(), [components, 1, 1]),
    half: ops.upload(Float64Array.of(0.5), []),
    lowest: ops.upload(Float64Array.of(-Number.MAX_VALUE), []),
  }
}
