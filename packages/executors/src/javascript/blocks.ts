import type { QuadraticDensities } from '../executor.js'
import type { PreparedRows } from '../rows.js'
import { blockRows, interleave, lanes } from './layout.js'
import { quadraticLogits } from './logits.js'

/** Rows as the kernels read them. */
export interface PackedRows {
  readonly rows: number
  readonly columns: number
  /** Groups of four rows, see `interleave`. */
  readonly packed: Float64Array
  readonly rowWeights: Float64Array | undefined
}

/** One block of rows with its logits. */
export interface Block {
  readonly start: number
  readonly count: number
  /** `count` rounded up to whole groups of four rows. */
  readonly padded: number
  /** K x 256, of which the first `padded` columns are of this block; a visitor may overwrite them. */
  readonly logits: Float64Array
}

export const packRows = ({ rows, columns, values, rowWeights }: PreparedRows): PackedRows => ({
  rows,
  columns,
  packed: interleave(values, rows, columns),
  rowWeights,
})

/** Visits the blocks in order, each with the logits of every component. */
export const forEachBlock = (data: PackedRows, densities: QuadraticDensities, visit: (block: Block) => void): void => {
  const residual = new Float64Array(data.columns * lanes)
  const logits = new Float64Array(densities.components * blockRows)
  for (let start = 0; start < data.rows; start += blockRows) {
    const count = Math.min(blockRows, data.rows - start)
    const padded = Math.ceil(count / lanes) * lanes
    for (let k = 0; k < densities.components; k++)
      quadraticLogits(data.packed, start, padded, densities, k, residual, logits)
    visit({ start, count, padded, logits })
  }
}
