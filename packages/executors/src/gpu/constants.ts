import type { Tensor } from '@tensorflow/tfjs-core'
import type { Upload } from './kind.js'

/**
 * Stands for a logarithm of -Infinity, which shaders need not know: no exponential of a difference to it is above 0. The
 * maximum of webgl starts at -1e20, so that it cannot be lower than that.
 */
export const FLOOR: number = -(2 ** 60)

/** The spacing of float32 at 1. */
export const SPACING: number = 2 ** -23

export interface UploadedConstants {
  /** 1 x K x 1: the relative log constants. */
  readonly constants: Tensor
  /** K: the log constants less the largest one. */
  readonly relative: Float64Array
  /** The largest one, in float64. */
  readonly constant: number
}

export const uploadConstants = (upload: Upload, logConstant: Float64Array): UploadedConstants => {
  const largest = logConstant.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY)
  const constant = largest === Number.NEGATIVE_INFINITY ? 0 : largest
  const relative = logConstant.map(c => Math.max(c - constant, FLOOR))
  return { constants: upload(relative, [1, logConstant.length, 1]), relative, constant }
}
