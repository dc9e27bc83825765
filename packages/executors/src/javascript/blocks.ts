import type { Densities } from '../contract/executor.js'
import type { PreparedRows } from '../contract/rows.js'
import type { PackedBlock, PackedFactor } from './kind.js'
import { kindOf } from './kinds.js'
import { blockRows, interleave, lanes } from './layout.js'

/** Rows as the kernels read them. */
export interface PackedRows {
  readonly rows: number
  readonly columns: number
  /** Groups of four rows, see `interleave`; none where there are factors. */
  readonly packed: Float64Array
  readonly factors: ReadonlyArray<PackedFactor>
  readonly rowWeights: Float64Array | undefined
}

/** One block of rows with its logits. */
export interface Block extends PackedBlock {
  /** How many of its rows are data: `count` is that, rounded up to whole groups of four rows. */
  readonly rows: number
  /** K x 256, of which the first `count` columns are of this block; a visitor may overwrite them. */
  readonly logits: Float64Array
}

const packFactors = ({ rows, columns, values, factors = [] }: PreparedRows): ReadonlyArray<PackedFactor> => {
  let end = 0
  return factors.map(({ columns: width }) => {
    end += width
    const packed = interleave(values, rows, columns, end - width, width)
    return { packed, columns: width, hasGaps: packed.some(Number.isNaN) }
  })
}

export const packRows = (prepared: PreparedRows): PackedRows => ({
  rows: prepared.rows,
  columns: prepared.columns,
  packed: prepared.factors ? new Float64Array(0) : interleave(prepared.values, prepared.rows, prepared.columns),
  factors: packFactors(prepared),
  rowWeights: prepared.rowWeights,
})

/** Visits the blocks in order, each with room for the logits of every component. */
export const forEachEmptyBlock = (
  { rows, columns, packed, factors }: PackedRows,
  densities: Densities,
  visit: (block: Block) => void,
): void => {
  const scratch = new Float64Array(columns * lanes)
  const logits = new Float64Array(densities.components * blockRows)
  const spare = new Float64Array(factors.length > 0 ? logits.length : 0)
  for (let start = 0; start < rows; start += blockRows) {
    const left = Math.min(blockRows, rows - start)
    visit({ packed, factors, scratch, spare, logits, start, rows: left, count: Math.ceil(left / lanes) * lanes })
  }
}

/** Visits the blocks in order, each with the logits of every component. */
export const forEachBlock = <D extends Densities>(
  data: PackedRows,
  densities: D,
  visit: (block: Block) => void,
): void => {
  const kind = kindOf(densities)
  forEachEmptyBlock(data, densities, block => {
    for (let k = 0; k < densities.components; k++) kind.logits(block, densities, k, block.logits)
    visit(block)
  })
}
