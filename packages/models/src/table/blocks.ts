import { type CallbackFailed, tryEach } from '@conjugate/em'
import { countedRows } from '@conjugate/executors'
import * as E from 'fp-ts/lib/Either.js'
import type { FitError } from '../errors.js'
import { readableAgain } from '../model/batches.js'
import { inRows } from '../model/dialect.js'
import { readRowWeights } from '../observations/rows.js'
import { withoutTensors } from '../observations/tensors.js'
import type { Table } from './is-table.js'
import { countRows, pickRows } from './pick-rows.js'

/** The observations of a block that count. */
export interface Block {
  readonly data: unknown
  /** The block as it was read, and which of its observations count; `undefined` where all do. */
  readonly source: unknown
  readonly counted: Int32Array | undefined
  /** How many observations it has in all. */
  readonly length: number
  readonly rowWeights: Float64Array | undefined
  /** The number of an observation of the block among all of the table. */
  readonly placeOf: (row: number) => number
}

/** The same error, which tells a row by its number among all. */
export const among =
  ({ placeOf }: Pick<Block, 'placeOf'>) =>
  (error: FitError): FitError =>
    'row' in error && typeof error.row === 'number' ? { ...error, row: placeOf(error.row) } : error

/** A table that is read for some components. */
export interface OpenTable {
  readonly table: Table<unknown>
  readonly components: unknown
  /** The names of its columns, where rows of numbers come by them: those of the first block that was read. */
  names?: ReadonlyArray<string> | undefined
}

/** Reads the blocks of a table. Errors: it throws; weights that are none, or others than there are observations. */
export async function* blocksOf(open: OpenTable): AsyncGenerator<E.Either<FitError, Block>, void> {
  const { read, rowWeights } = open.table
  async function* given() {
    for await (const next of read()) {
      const block = readableAgain(next)
      yield { source: next, block: await withoutTensors(block), weights: rowWeights?.(block as never) }
    }
  }
  let first = 0
  for await (const next of tryEach('table', given())) {
    if (E.isLeft(next)) return yield next as E.Left<CallbackFailed>
    const { source, block, weights } = next.right
    const before = first
    if (E.isLeft(block)) return yield block
    const inOrder = inRows(open.components, block.right, open.names && { columns: open.names }, false)
    if (E.isLeft(inOrder)) return yield E.left(among({ placeOf: row => before + row })(inOrder.left))
    const { data, names } = inOrder.right
    open.names ??= names
    const rows = countRows(data)
    if (rowWeights === undefined) {
      const length = rows ?? 0
      yield E.right({ data, source, counted: undefined, length, rowWeights: undefined, placeOf: row => before + row })
      first += length
      continue
    }
    const all = readRowWeights(weights)
    if (E.isLeft(all)) return yield all
    const found = all.right ?? new Float64Array(0)
    if (found.length !== rows)
      return yield E.left({ _tag: 'ShapeMismatch', what: 'rowWeights', expected: rows ?? 0, received: found.length })
    const counted = countedRows(found)
    yield E.right({
      data: counted ? pickRows(data, counted) : data,
      source,
      counted,
      length: rows,
      rowWeights: counted ? Float64Array.from(counted, n => found[n]!) : found,
      placeOf: row => before + (counted?.[row] ?? row),
    })
    first += rows
  }
}

/** Goes through all blocks. Errors: those of the table; the first of a visit. */
export const through = async (
  table: OpenTable,
  visit: (block: Block) => E.Either<FitError, void>,
): Promise<E.Either<FitError, void>> => {
  for await (const block of blocksOf(table)) {
    if (E.isLeft(block)) return block
    const visited = visit(block.right)
    if (E.isLeft(visited)) return E.left(among(block.right)(visited.left))
  }
  return E.right(undefined)
}
