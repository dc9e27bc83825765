import type { Tensor } from '@tensorflow/tfjs-core'
import type { PreparedRows } from '../rows.js'
import { columnCentres } from './centre.js'
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
  /** D: what was subtracted from the columns. */
  readonly centres: Float64Array
  /** What the D columns and the weights were divided by. */
  readonly columnScales: Float64Array
  readonly weightScale: number
  /** The sum of the scaled weights. */
  readonly totalWeight: number
  /** D: the sums of the scaled columns, each row times its scaled weight, in float64. */
  readonly totals: Float64Array
  readonly blocks: ReadonlyArray<ResidentBlock>
}

/** Long enough that the sums of all groups are much fewer than the rows: the least power of two from 8 E on. */
const groupRows = (columns: number): number =>
  Math.min(mostGroup, Math.max(leastGroup, 2 ** Math.ceil(Math.log2(8 * (columns + 1)))))

/** Rows and weights in units of about 1. */
interface ScaledRows {
  readonly columns: number
  /** N x D. */
  readonly values: Float64Array
  /** N. */
  readonly weights: Float64Array
}

const upload = (
  tf: Tf,
  { columns, values, weights }: ScaledRows,
  group: number,
  start: number,
  count: number,
): Tensor[] => {
  const groups = Math.ceil(count / group)
  const width = columns + 1
  const block = new Float32Array(groups * width * group)
  for (let row = 0, from = start * columns; row < count; row++) {
    const to = Math.floor(row / group) * width * group + (row % group)
    for (let column = 0; column < columns; column++) block[to + column * group] = values[from++]!
    block[to + columns * group] = 1
  }
  const blockWeights = new Float32Array(groups * group)
  blockWeights.set(weights.subarray(start, start + count))
  return [tf.keep(tf.tensor(block, [groups, 1, width, group])), tf.keep(tf.tensor(blockWeights, [groups, 1, group]))]
}

/** Uploads blocks of rows; what was uploaded is disposed of where a later one fails. */
const uploadBlocks = (gpu: Gpu, scaled: ScaledRows, group: number): ReadonlyArray<ResidentBlock> => {
  const rows = scaled.weights.length
  const blockRows = group * Math.max(1, Math.floor(blockNumbers / (group * (scaled.columns + 1))))
  const blocks: ResidentBlock[] = []
  try {
    for (let start = 0; start < rows; start += blockRows) {
      const count = Math.min(blockRows, rows - start)
      const [values, weights] = gpu.compute(tf => upload(tf, scaled, group, start, count))
      blocks.push({ start, count, values: values!, weights: weights! })
    }
    return blocks
  } catch (error) {
    disposeBlocks(blocks)
    throw error
  }
}

export const uploadRows = (gpu: Gpu, { rows, columns, values, rowWeights }: PreparedRows): ResidentRows => {
  const centres = columnCentres(values, columns)
  const centred = values.map((x, i) => x - centres[i % columns]!)
  const scales = columnScales(centred, columns)
  const scaled = centred.map((x, i) => x / scales[i % columns]!)
  const unscaled = rowWeights ?? new Float64Array(rows).fill(1)
  const weightScale = columnScales(unscaled, 1)[0]!
  const weights = unscaled.map(weight => weight / weightScale)
  const totals = new Float64Array(columns)
  for (let row = 0, i = 0; row < rows; row++)
    for (let column = 0; column < columns; column++, i++) totals[column]! += weights[row]! * scaled[i]!
  const group = groupRows(columns)
  return {
    gpu,
    rows,
    columns,
    group,
    centres,
    columnScales: scales,
    weightScale,
    totalWeight: weights.reduce((sum, weight) => sum + weight, 0),
    totals,
    blocks: uploadBlocks(gpu, { columns, values: scaled, weights }, group),
  }
}

export const disposeBlocks = (blocks: ReadonlyArray<ResidentBlock>): void => {
  for (const { values, weights } of blocks) {
    values.dispose()
    weights.dispose()
  }
}
