import type { FactorShape } from '../contract/executor.js'
import type { PreparedRows } from '../contract/rows.js'
import { FLOOR } from './constants.js'
import { unmixed } from './mixing.js'
import { type ResidentRows, uploadRows, uploadScaled } from './rows.js'
import type { Gpu } from './tfjs.js'

/** Stands for an offset of -Infinity: so far below the floor that no other factor lifts it above. */
const FORBIDDEN = 2 * FLOOR

/** Of each row the offsets less their greatest, and then that one: float64 adds it to the log-likelihood. */
const uploadOffsets = (
  gpu: Gpu,
  { rows, columns, values, rowWeights }: Omit<PreparedRows, 'factors' | 'largest'>,
  allColumns: number,
): ResidentRows => {
  const width = columns + 1
  const scaled = new Float64Array(rows * width)
  for (let row = 0; row < rows; row++) {
    const own = values.subarray(row * columns, (row + 1) * columns)
    const greatest = own.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY)
    const base = greatest === Number.NEGATIVE_INFINITY ? 0 : greatest
    for (let k = 0; k < columns; k++)
      scaled[row * width + k] = own[k] === Number.NEGATIVE_INFINITY ? FORBIDDEN : Math.max(own[k]! - base, FLOOR)
    scaled[row * width + columns] = base
  }
  const [centres, columnScales] = [new Float64Array(width), new Float64Array(width).fill(1)]
  const own = { rows, columns: width, scaled, rowWeights, centres, columnScales, mixing: unmixed, present: undefined }
  return uploadScaled(gpu, own, allColumns)
}

/** A column of indices as columns of 1 and 0. */
const oneHot = (values: Float64Array, levels: number): Float64Array => {
  const columns = new Float64Array(values.length * levels)
  for (const [row, index] of values.entries()) if (!Number.isNaN(index)) columns[row * levels + index] = 1
  return columns
}

/** Columns `first` to before `end`. */
const columnsOf = ({ columns, values }: PreparedRows, first: number, end: number): Float64Array =>
  values.filter((_, i) => i % columns >= first && i % columns < end)

/** Uploads the columns of each factor by themselves, in the same blocks. `mixes` says whether a factor does. */
export const uploadFactors = (
  gpu: Gpu,
  prepared: PreparedRows,
  factors: ReadonlyArray<FactorShape>,
  mixes: (factor: FactorShape) => boolean,
): ResidentRows => {
  const uploaded: ResidentRows[] = []
  const allColumns = factors.reduce((sum, { columns, levels = columns }) => sum + levels, 0)
  const { rows, rowWeights } = prepared
  try {
    let end = 0
    for (const factor of factors) {
      const { _tag, columns, levels = columns } = factor
      end += columns
      const values = columnsOf(prepared, end - columns, end)
      if (_tag === 'Offset') uploaded.push(uploadOffsets(gpu, { rows, columns, values, rowWeights }, allColumns))
      else {
        const own = { rows, columns: levels, values: _tag === 'Indexed' ? oneHot(values, levels) : values, rowWeights }
        uploaded.push(uploadRows(gpu, own, mixes(factor), allColumns))
      }
    }
  } catch (error) {
    for (const { tensors } of uploaded) for (const tensor of tensors) tensor.dispose()
    throw error
  }
  const first = uploaded[0]!
  return {
    ...first,
    columns: prepared.columns,
    factors: uploaded,
    blocks: first.blocks.map((block, i) => ({ ...block, factors: uploaded.map(({ blocks }) => blocks[i]!) })),
    tensors: uploaded.flatMap(({ tensors }) => tensors),
  }
}
