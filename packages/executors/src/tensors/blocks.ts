import type { FactorShape } from '../contract/executor.js'
import type { PreparedRows } from '../contract/rows.js'
import type { Binding, TensorId } from './binding.js'
import { uploadResident } from './ops.js'

/** Numbers in one block of rows; the intermediate tensors have that many per component, and four of them are large. */
const blockNumbers = 2 ** 18

/** The columns of a block of rows, or those of one factor. */
export interface ResidentColumns {
  /**
   * 1 x E x count, E = D + 1: the columns as rows, which makes every inner loop long, and ones below them. Of offsets K x 1 x
   * count, as logits are, and of indices columns of 1 and 0 with ones below.
   */
  readonly values: TensorId
  /** The same with 1 where a cell is there and 0 where not, if any is missing. */
  readonly present: TensorId | undefined
}

/** A block of rows in TensorFlow. */
export interface ResidentBlock {
  readonly start: number
  readonly count: number
  /** One, or those of the factors. */
  readonly parts: ReadonlyArray<ResidentColumns>
  /** 1 x 1 x count. */
  readonly weights: TensorId | undefined
}

/** The columns of a factor. */
interface Range extends FactorShape {
  readonly first: number
}

const rangesOf = ({ columns, factors = [{ _tag: 'Linear', columns }] }: PreparedRows): ReadonlyArray<Range> => {
  let end = 0
  return factors.map(factor => {
    end += factor.columns
    return { ...factor, first: end - factor.columns }
  })
}

/** Columns of rows `start` to `start + count` transposed, followed by ones. */
const transposed = (
  { columns, values }: PreparedRows,
  { first, columns: width }: Range,
  start: number,
  count: number,
): Float64Array => {
  const block = new Float64Array((width + 1) * count)
  for (let row = 0; row < count; row++)
    for (let column = 0, from = (start + row) * columns + first; column < width; column++)
      block[column * count + row] = values[from++]!
  return block.fill(1, width * count)
}

/** A column of indices as columns of 1 and 0 that are transposed, followed by ones. */
const oneHot = (
  { columns, values }: PreparedRows,
  { first, levels = 0 }: Range,
  start: number,
  count: number,
): Float64Array => {
  const block = new Float64Array((levels + 1) * count)
  for (let row = 0; row < count; row++) {
    const index = values[(start + row) * columns + first]!
    if (!Number.isNaN(index)) block[index * count + row] = 1
  }
  return block.fill(1, levels * count)
}

/** Uploads the rows; what was uploaded is deleted where a later block fails. */
export const uploadBlocks = (binding: Binding, data: PreparedRows): ReadonlyArray<ResidentBlock> => {
  const { rows, columns, rowWeights } = data
  const ranges = rangesOf(data)
  const widest = ranges.reduce((most, { columns: own, levels = own }) => Math.max(most, levels), columns)
  const blockRows = Math.ceil(blockNumbers / (widest + 1))
  const uploaded: TensorId[] = []
  const upload = (values: Float64Array, shape: ReadonlyArray<number>): TensorId => {
    const tensor = uploadResident(binding, values, shape)
    uploaded.push(tensor)
    return tensor
  }
  const uploadColumns = (range: Range, start: number, count: number): ResidentColumns => {
    if (range._tag === 'Indexed')
      return { values: upload(oneHot(data, range, start, count), [1, range.levels! + 1, count]), present: undefined }
    const width = range.columns
    const block = transposed(data, range, start, count)
    if (range._tag === 'Offset')
      return { values: upload(block.slice(0, width * count), [width, 1, count]), present: undefined }
    const shape = [1, width + 1, count]
    const present = block.some(Number.isNaN)
      ? upload(
          block.map(v => (Number.isNaN(v) ? 0 : 1)),
          shape,
        )
      : undefined
    return { values: upload(block, shape), present }
  }
  try {
    return Array.from({ length: Math.ceil(rows / blockRows) }, (_, block) => {
      const start = block * blockRows
      const count = Math.min(blockRows, rows - start)
      return {
        start,
        count,
        parts: ranges.map(range => uploadColumns(range, start, count)),
        weights: rowWeights && upload(rowWeights.slice(start, start + count), [1, 1, count]),
      }
    })
  } catch (error) {
    for (const tensor of uploaded) binding.deleteTensor(tensor)
    throw error
  }
}

export const deleteBlocks = (binding: Binding, blocks: ReadonlyArray<ResidentBlock>): void => {
  for (const { parts, weights } of blocks)
    for (const tensor of [...parts.flatMap(({ values, present }) => [values, present]), weights])
      if (tensor !== undefined) binding.deleteTensor(tensor)
}
