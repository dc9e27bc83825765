import { type CallbackFailed, tryCallAsync, tryEach } from '@conjugate/em'
import { countedRows } from '@conjugate/executors'
import { describeValue } from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import type { FitError } from '../errors.js'
import { readableAgain } from '../model/batches.js'
import { inRows } from '../model/dialect.js'
import { readRowWeights } from '../observations/rows.js'
import { withoutTensors } from '../observations/tensors.js'
import type { Table } from './is-table.js'
import { countRows, pickRows } from './pick-rows.js'
import { columnsOfBatch } from './record-batch.js'
import { unlessStopped, untilStopped } from './until-stopped.js'

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

/** The same error, which tells a row of a block by its number among all, and by its key where it has one. */
export const among = async (
  { table: { key }, signal }: OpenTable,
  { source, counted, placeOf }: Part,
  error: FitError,
): Promise<FitError> => {
  if (!('row' in error) || typeof error.row !== 'number') return error
  const own = error.row
  const row = placeOf(own)
  let known: unknown
  // A key that cannot be told leaves the error what it is.
  await tryCallAsync('key', async () => {
    known = await unlessStopped(key?.(source as never, counted?.[own] ?? own, row, signal), signal)
  })
  return { ...error, row, ...(known !== undefined && { key: describeValue(known) }) } as FitError
}

/** A table that is read for some components. */
export interface OpenTable {
  readonly table: Table<unknown>
  readonly components: unknown
  /** Says when reading has to stop. */
  signal?: AbortSignal | undefined
  /** The names of its columns, where rows of numbers come by them: those of the first block that was read. */
  names?: ReadonlyArray<string> | undefined
}

const interrupted = ({ reason }: AbortSignal): FitError => ({ _tag: 'Interrupted', backend: 'the table', reason })

/** What an observation of a block is told by. */
type Part = Pick<Block, 'source' | 'counted' | 'placeOf'>

/**
 * Reads the blocks of a table, briefly where none of them is held once the next one is asked for. Errors: it was stopped; it throws;
 * weights that are none, or others than there are observations.
 */
export async function* blocksOf(open: OpenTable, isBrief = false): AsyncGenerator<E.Either<FitError, Block>, void> {
  const { read, rowWeights } = open.table
  async function* given() {
    for await (const next of untilStopped(read(isBrief), open.signal)) {
      const block = columnsOfBatch(readableAgain(next))
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
    const all: Part = { source, counted: undefined, placeOf: row => before + row }
    if (E.isLeft(inOrder)) return yield E.left(await among(open, all, inOrder.left))
    const { data, names } = inOrder.right
    open.names ??= names
    const rows = countRows(data)
    if (rowWeights === undefined) {
      const length = rows ?? 0
      yield E.right({ data, ...all, length, rowWeights: undefined })
      first += length
      continue
    }
    const given = readRowWeights(weights)
    if (E.isLeft(given)) return yield E.left(await among(open, all, given.left))
    const found = given.right ?? new Float64Array(0)
    if (found.length !== rows)
      return yield E.left({ _tag: 'ShapeMismatch', what: 'rowWeights', expected: rows ?? 0, received: found.length })
    const wrong = found.findIndex(weight => !(weight >= 0 && weight < Number.POSITIVE_INFINITY))
    if (wrong >= 0)
      return yield E.left(await among(open, all, { _tag: 'InvalidRowWeight', row: wrong, value: found[wrong]! }))
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
  if (open.signal?.aborted) yield E.left(interrupted(open.signal))
}

/** Goes through all blocks. Errors: those of the table; the first of a visit. */
export const through = async (
  table: OpenTable,
  visit: (block: Block) => E.Either<FitError, void>,
  isBrief = false,
): Promise<E.Either<FitError, void>> => {
  for await (const block of blocksOf(table, isBrief)) {
    if (E.isLeft(block)) return block
    const visited = visit(block.right)
    if (E.isLeft(visited)) return E.left(await among(table, block.right, visited.left))
  }
  return E.right(undefined)
}
