import { type CallbackFailed, tryEach } from '@conjugate/em'
import { countedRows } from '@conjugate/executors'
import * as E from 'fp-ts/lib/Either.js'
import type { FitError } from '../errors.js'
import { readableAgain } from '../model/batches.js'
import { readRowWeights } from '../observations/rows.js'
import { countRows, pickRows } from './pick-rows.js'
import type { Table } from './table.js'

/** The observations of a block that count. */
export interface Block {
  readonly data: unknown
  readonly rowWeights: Float64Array | undefined
  /** The number of an observation of the block among all of the table. */
  readonly placeOf: (row: number) => number
}

/** The same error, which tells a row by its number among all. */
export const among =
  ({ placeOf }: Pick<Block, 'placeOf'>) =>
  (error: FitError): FitError =>
    'row' in error && typeof error.row === 'number' ? { ...error, row: placeOf(error.row) } : error

/** Reads the blocks of a table. Errors: it throws; weights that are none, or others than there are observations. */
export async function* blocksOf({ read, rowWeights }: Table<unknown>): AsyncGenerator<E.Either<FitError, Block>, void> {
  async function* given() {
    for await (const next of read()) {
      const data = readableAgain(next)
      yield { data, weights: rowWeights?.(data as never) }
    }
  }
  let first = 0
  for await (const next of tryEach('table', given())) {
    if (E.isLeft(next)) return yield next as E.Left<CallbackFailed>
    const { data, weights } = next.right
    const before = first
    const rows = countRows(data)
    if (rowWeights === undefined) {
      yield E.right({ data, rowWeights: undefined, placeOf: row => before + row })
      first += rows ?? 0
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
      rowWeights: counted ? Float64Array.from(counted, n => found[n]!) : found,
      placeOf: row => before + (counted?.[row] ?? row),
    })
    first += rows
  }
}

/** Goes through all blocks. Errors: those of the table; the first of a visit. */
export const through = async (
  table: Table<unknown>,
  visit: (block: Block) => E.Either<FitError, void>,
): Promise<E.Either<FitError, void>> => {
  for await (const block of blocksOf(table)) {
    if (E.isLeft(block)) return block
    const visited = visit(block.right)
    if (E.isLeft(visited)) return E.left(among(block.right)(visited.left))
  }
  return E.right(undefined)
}
