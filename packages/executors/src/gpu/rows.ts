import type { Tensor } from '@tensorflow/tfjs-core'
import type { PreparedRows } from '../contract/rows.js'
import { columnCentres } from './centre.js'
import { type Mixing, mixingOf, unmixed } from './mixing.js'
import { columnScales } from './scale.js'
import type { Gpu } from './tfjs.js'
import { type Weighing, weigh } from './weighing.js'

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
  /** The same of mixed rows: the same tensor where nothing is mixed. */
  readonly mixed: Tensor
  /** The same with 1 where a cell is there and 0 where not, if any is missing. */
  readonly present: Tensor | undefined
  /** G x 1 x g: the scaled weights, and zeros for the padding. */
  readonly weights: Tensor
  /** The columns of each factor of products; none otherwise. */
  readonly factors: ReadonlyArray<ResidentBlock>
}

export interface ResidentRows extends Omit<Weighing, 'weights'> {
  readonly gpu: Gpu
  readonly rows: number
  readonly columns: number
  /** g. */
  readonly group: number
  /** D: what was subtracted from the columns. */
  readonly centres: Float64Array
  /** What the D columns were divided by. */
  readonly columnScales: Float64Array
  /** N x D: the scaled columns in float64, on the host, to be weighed anew. */
  readonly scaled: Float64Array
  /** How the scaled columns are mixed. */
  readonly mixing: Mixing
  readonly blocks: ReadonlyArray<ResidentBlock>
  /** All of them, to be disposed of. */
  readonly tensors: ReadonlyArray<Tensor>
  /** Whether any cell is missing. */
  readonly hasGaps: boolean
  /** The columns of each factor of products; none otherwise. */
  readonly factors: ReadonlyArray<ResidentRows>
}

/** Long enough that the sums of all groups are much fewer than the rows: the least power of two from 8 E on. */
const groupRows = (columns: number): number =>
  Math.min(mostGroup, Math.max(leastGroup, 2 ** Math.ceil(Math.log2(8 * (columns + 1)))))

/** Values and weights in units of about 1. */
interface ScaledRows {
  readonly columns: number
  /** N x D. */
  readonly values: Float64Array
  /** N x D: the same array where nothing is mixed. */
  readonly mixed: Float64Array
  /** N x D: 1 and 0, where cells are missing. */
  readonly present: Float64Array | undefined
  /** N. */
  readonly weights: Float64Array
}

/** Some rows of N x D, from one row on, as G x E x g. */
const grouped = (values: Float64Array, columns: number, group: number, start: number, count: number): Float32Array => {
  const width = columns + 1
  const block = new Float32Array(Math.ceil(count / group) * width * group)
  for (let row = 0, from = start * columns; row < count; row++) {
    const to = Math.floor(row / group) * width * group + (row % group)
    for (let column = 0; column < columns; column++) block[to + column * group] = values[from++]!
    block[to + columns * group] = 1
  }
  return block
}

/** Scaled weights of some rows, with zeros for the padding. */
const blockWeights = (weights: Float64Array, group: number, start: number, count: number): Float32Array => {
  const block = new Float32Array(Math.ceil(count / group) * group)
  block.set(weights.subarray(start, start + count))
  return block
}

/** How rows are divided into blocks: in groups of so many, by so many numbers of a row with its one. */
interface Division {
  readonly group: number
  readonly width: number
}

/** Uploads rows in blocks; what was uploaded is disposed of where a later one fails. */
const uploadBlocks = (
  gpu: Gpu,
  { columns, values, mixed, present, weights }: ScaledRows,
  { group, width }: Division,
): Pick<ResidentRows, 'blocks' | 'tensors'> => {
  const tensors: Tensor[] = []
  const upload = (numbers: Float32Array, shape: number[]): Tensor => {
    const tensor = gpu.compute(tf => tf.keep(tf.tensor(numbers, shape)))
    tensors.push(tensor)
    return tensor
  }
  const rows = weights.length
  const blockRows = group * Math.max(1, Math.floor(blockNumbers / (group * width)))
  try {
    const blocks = Array.from({ length: Math.ceil(rows / blockRows) }, (_, block): ResidentBlock => {
      const start = block * blockRows
      const count = Math.min(blockRows, rows - start)
      const groups = Math.ceil(count / group)
      const uploadRows = (all: Float64Array): Tensor =>
        upload(grouped(all, columns, group, start, count), [groups, 1, columns + 1, group])
      const ofValues = uploadRows(values)
      return {
        start,
        count,
        values: ofValues,
        mixed: mixed === values ? ofValues : uploadRows(mixed),
        present: present && uploadRows(present),
        weights: upload(blockWeights(weights, group, start, count), [groups, 1, group]),
        factors: [],
      }
    })
    return { blocks, tensors }
  } catch (error) {
    for (const tensor of tensors) tensor.dispose()
    throw error
  }
}

/** Uploads rows that are less their centres and scaled. */
export const uploadScaled = (
  gpu: Gpu,
  {
    present,
    rowWeights,
    ...own
  }: Pick<ResidentRows, 'rows' | 'columns' | 'scaled' | 'centres' | 'columnScales' | 'mixing'> &
    Pick<ScaledRows, 'present'> &
    Pick<PreparedRows, 'rowWeights'>,
  allColumns: number,
): ResidentRows => {
  const { rows, columns, scaled, mixing } = own
  const { weights, ...weighing } = weigh(own, rowWeights ?? new Float64Array(rows).fill(1))
  const group = groupRows(allColumns)
  const all = { columns, values: scaled, mixed: mixing.mix(scaled), present, weights }
  return {
    gpu,
    ...own,
    ...weighing,
    group,
    hasGaps: present !== undefined,
    factors: [],
    ...uploadBlocks(gpu, all, { group, width: allColumns + 1 }),
  }
}

/** Mixes rows that need it where that is asked for, beside those that are not mixed. */
export const uploadRows = (
  gpu: Gpu,
  { rows, columns, values, rowWeights }: Omit<PreparedRows, 'factors' | 'largest'>,
  mixes: boolean,
  allColumns: number = columns,
): ResidentRows => {
  const hasGaps = values.some(Number.isNaN)
  const centres = columnCentres(values, columns, hasGaps ? i => !Number.isNaN(values[i]) : undefined)
  const centred = values.map((x, i) => x - centres[i % columns]!)
  const scales = columnScales(centred, columns)
  // Shaders need not know NaN.
  const scaled = centred.map((x, i) => (Number.isNaN(x) ? 0 : x / scales[i % columns]!))
  const present = hasGaps ? values.map(x => (Number.isNaN(x) ? 0 : 1)) : undefined
  const mixing = mixes ? mixingOf(scaled, columns) : unmixed
  return uploadScaled(
    gpu,
    { rows, columns, scaled, rowWeights, centres, columnScales: scales, mixing, present },
    allColumns,
  )
}

/** The same rows by other weights, in tensors of their own. */
export const reweighed = (
  data: ResidentRows,
  rowWeights: Float64Array,
  upload: (values: Float32Array, shape: number[]) => Tensor,
): ResidentRows => {
  const { weights, ...weighing } = weigh(data.factors[0] ?? data, rowWeights)
  return {
    ...data,
    ...weighing,
    factors: data.factors.map(factor => {
      const { weights: _, ...own } = weigh(factor, rowWeights)
      return { ...factor, ...own }
    }),
    blocks: data.blocks.map(block => {
      const values = blockWeights(weights, data.group, block.start, block.count)
      return { ...block, weights: upload(values, [values.length / data.group, 1, data.group]) }
    }),
  }
}
