import type { TensorInfo } from '@tensorflow/tfjs-core'

export type Shape = ReadonlyArray<number>

export const sizeOf = (shape: Shape): number => shape.reduce((product, n) => product * n, 1)

/** The same numbers in another shape. */
export const viewed = ({ dataId, dtype }: TensorInfo, shape: Shape): TensorInfo => ({
  dataId,
  dtype,
  shape: [...shape],
})

/** The same numbers as one batch of matrices. */
export const batched = (x: TensorInfo): TensorInfo => {
  const [rows, columns] = x.shape.slice(-2) as [number, number]
  return viewed(x, [sizeOf(x.shape) / rows / columns, rows, columns])
}
