import type { Tensor } from '@tensorflow/tfjs-core'
import type { PreparedRows } from '../rows.js'
import { columnScales } from './scale.js'
import type { Gpu, Tf } from './tfjs.js'

/** Numbers in one block of rows, at most. The intermediate tensors have that many per component. */
const blockNumbers = 2 ** 19

/** Fewest and most rows in a group, whose sums are taken in float32. */
const [leastGroup, mostGroup] = [256, 2048]

/** A block of rows on a GPU: G groups of g rows, the last of which may be padded. E = D + 1. */
export interface ResidentBlock {
  readonly start: number
  readonly count: number
  /** G x 1 x E x g: the scaled columns of each group as rows, and ones below them. */
  readonly values: Tensor
  /** G x 1 x g: the scaled weights, and zeros for the padding. */
  readonly weights: Tensor
}

export interface ResidentRows {
  readonly gpu: Gpu
  readonly rows: number
  readonly columns: number
  /** g. */
  readonly group: number
  /** What the D columns and the weights were divided by. */
  readonly columnScales: Float64Array
  readonly weightScale: number
  /** The sum of the scaled weights. */
  readonly totalWeight: number
  readonly blocks: ReadonlyArray<ResidentBlock>
}

/** Long enough that the sums of all groups are much fewer than the rows: the least power of two from 8 E on. */
const groupRows = (columns: number): number =>
  Math.min(mostGroup, Math.max(leastGroup, 2 ** Math.ceil(Math.log2(8 * (columns + 1)))))

const upload = (
  tf: Tf,
  { columns, values }: PreparedRows,
  weights: Float64Array,
  scales: Float64Array,
  group: number,
  start: number,
  count: number,
): Tensor[] => {
  const groups = Math.ceil(count / group)
  const width = columns + 1
  const block = new Float32Array(groups * width * group)
  for (let row = 0, from = start * columns; row < count; row++) {
    const to = Math.floor(row / group) * width * group + (row % group)
    for (let column = 0; column < columns; column++) block[to + column * group] = values[from++]! / scales[column]!
    block[to + columns * group] = 1
  }
  const blockWeights = new Float32Array(groups * group)
  blockWeights.set(weights.subarray(start, start + count))
  return [tf.keep(tf.tensor(block, [groups, 1, width, group])), tf.keep(tf.tensor(blockWeights, [groups, 1, group]))]
}

/** Uploads the rows; what was uploaded is disposed of where a later block fails. */
export const uploadRows = (gpu: Gpu, prepared: PreparedRows): ResidentRows => {
  const { rows, columns } = prepared
  const rowWeights = prepared.rowWeights ?? new Float64Array(rows).fill(1)
  const scales = columnScales(prepared.values, columns)
  const weightScale = columnScales(rowWeights, 1)[0]!
  const weights = rowWeights.map(weight => weight / weightScale)
  const group = groupRows(columns)
  const blockRows = group * Math.max(1, Math.floor(blockNumbers / (group * (columns + 1))))
  const blocks: ResidentBlock[] = []
  try {
    for (let start = 0; start < rows; start += blockRows) {
      const count = Math.min(blockRows, rows - start)
      const [values, blockWeights] = gpu.compute(tf => upload(tf, prepared, weights, scales, group, start, count))
      blocks.push({ start, count, values: values!, weights: blockWeights! })
    }
  } catch (error) {
    disposeBlocks(blocks)
    throw error
  }
  const totalWeight = weights.reduce((sum, weight) => sum + weight, 0)
  return { gpu, rows, columns, group, columnScales: scales, weightScale, totalWeight, blocks }
}

export const disposeBlocks = (blocks: ReadonlyArray<ResidentBlock>): void => {
  for (const { values, weights } of blocks) {
    values.dispose()
    weights.dispose()
  }
}
