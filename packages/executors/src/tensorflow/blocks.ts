import type { PreparedRows } from '../rows.js'
import type { Binding, TensorId } from './binding.js'
import { uploadResident } from './ops.js'

/** Numbers in one block of rows; the intermediate tensors have that many per component, and four of them are large. */
const blockNumbers = 2 ** 18

/** A block of rows in TensorFlow. */
export interface ResidentBlock {
  readonly start: number
  readonly count: number
  /** 1 x E x count, E = D + 1: the columns as rows, which makes every inner loop long, and ones below them. */
  readonly values: TensorId
  /** 1 x 1 x count. */
  readonly weights: TensorId | undefined
}

/** Rows `start` to `start + count` transposed, followed by ones. */
const transposed = ({ columns, values }: PreparedRows, start: number, count: number): Float64Array => {
  const block = new Float64Array((columns + 1) * count)
  for (let row = 0, from = start * columns; row < count; row++)
    for (let column = 0; column < columns; column++) block[column * count + row] = values[from++]!
  return block.fill(1, columns * count)
}

/** Uploads the rows; what was uploaded is deleted where a later block fails. */
export const uploadBlocks = (binding: Binding, data: PreparedRows): ReadonlyArray<ResidentBlock> => {
  const { rows, columns, rowWeights } = data
  const blockRows = Math.ceil(blockNumbers / (columns + 1))
  const uploaded: TensorId[] = []
  const upload = (values: Float64Array, shape: ReadonlyArray<number>): TensorId => {
    const tensor = uploadResident(binding, values, shape)
    uploaded.push(tensor)
    return tensor
  }
  try {
    return Array.from({ length: Math.ceil(rows / blockRows) }, (_, block) => {
      const start = block * blockRows
      const count = Math.min(blockRows, rows - start)
      return {
        start,
        count,
        values: upload(transposed(data, start, count), [1, columns + 1, count]),
        weights: rowWeights && upload(rowWeights.slice(start, start + count), [1, 1, count]),
      }
    })
  } catch (error) {
    for (const tensor of uploaded) binding.deleteTensor(tensor)
    throw error
  }
}

export const deleteBlocks = (binding: Binding, blocks: ReadonlyArray<ResidentBlock>): void => {
  for (const { values, weights } of blocks) {
    binding.deleteTensor(values)
    if (weights !== undefined) binding.deleteTensor(weights)
  }
}
