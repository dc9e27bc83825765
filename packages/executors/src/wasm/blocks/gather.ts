import * as E from 'fp-ts/lib/Either.js'
import type { RowBlocks } from '../../contract/blocks.js'
import { firstMismatch, mismatch } from '../../contract/errors.js'
import type { ExecutorError, LoadOptions } from '../../contract/executor.js'
import { type CheckedRows, checkShapes, copyRows } from '../../contract/rows.js'

/** Rows from number `first` on, in a basket that the next chunk is gathered in. */
export interface Chunk extends CheckedRows {
  readonly first: number
}

/** The row of a block as one of all. */
export const amongAll = (error: ExecutorError, first: number): ExecutorError =>
  'row' in error && error.row !== undefined ? { ...error, row: error.row + first } : error

/** What the rows of a chunk are gathered in, and their weights. */
export interface Basket {
  readonly data: Float64Array
  readonly weights: Float64Array | undefined
}

export const basketFor = (
  { rows, columns, weighted = false }: Omit<RowBlocks<unknown>, 'read'>,
  chunkRows: number,
): Basket => {
  const most = Math.min(rows, chunkRows)
  return { data: new Float64Array(most * columns), weights: weighted ? new Float64Array(most) : undefined }
}

/**
 * Rows in chunks of one length, of which the last may have fewer, from blocks of any. Errors: those of the blocks; weights that are
 * none, with their row among all; another number of rows than was said, or of columns. Values are looked at where they are stored.
 */
export async function* gathered<Failure>(
  { rows, columns, weighted = false, read }: RowBlocks<Failure>,
  chunkRows: number,
  { origin, factors }: Pick<LoadOptions, 'origin' | 'factors'>,
  { data, weights }: Basket,
): AsyncGenerator<E.Either<ExecutorError | Failure, Chunk>, void> {
  let [seen, filled] = [0, 0]
  const full = ({ origin: from, factors: parts }: CheckedRows): Chunk => ({
    columns,
    origin: from,
    factors: parts,
    first: seen - filled,
    rows: filled,
    data: data.subarray(0, filled * columns),
    rowWeights: weights?.subarray(0, filled),
  })
  let last: CheckedRows | undefined
  for await (const block of read()) {
    if (E.isLeft(block)) return yield block
    const { rows: own, rowWeights } = block.right
    const wrong = firstMismatch([
      ['columns', columns, own.columns],
      ['rowWeights', weighted ? own.rows : 0, rowWeights?.length ?? 0],
      ['rows of all blocks', rows, Math.max(rows, seen + own.rows)],
    ])
    if (wrong) return yield E.left(wrong)
    const checked = checkShapes(own, {
      ...(origin && { origin }),
      ...(factors && { factors }),
      ...(rowWeights && { rowWeights }),
    })
    if (E.isLeft(checked)) return yield E.left(amongAll(checked.left, seen))
    last = checked.right
    for (let from = 0; from < own.rows; ) {
      const count = Math.min(own.rows - from, chunkRows - filled)
      copyRows(last, from, from + count, data.subarray(filled * columns))
      if (weights) weights.set(last.rowWeights!.subarray(from, from + count), filled)
      from += count
      filled += count
      seen += count
      if (filled < chunkRows) continue
      yield E.right(full(last))
      filled = 0
    }
  }
  if (seen !== rows) return yield E.left(mismatch('rows of all blocks', rows, seen))
  if (filled > 0 && last) yield E.right(full(last))
}
