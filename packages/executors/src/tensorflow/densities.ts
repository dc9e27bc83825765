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
  return {
    mean: ops.upload(widen(densities.mean, components, columns), [components, columns + 1, 1]),
    whitening: ops.upload(widen(densities.whitening, components * columns, columns), [
      components,
      columns,
      columns + 1,
    ]),
    logConstant: ops.upload(densities.logConstant.slice(), [components, 1, 1]),
    half: ops.upload(Float64Array.of(0.5), []),
    lowest: ops.upload(Float64Array.of(-Number.MAX_VALUE), []),
  }
}
