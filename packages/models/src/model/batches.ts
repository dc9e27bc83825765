import { isList, matrix, type RowsLike, toRows } from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import { isInColumns, stackedColumns } from '../observations/stacked.js'
import { stackedSparse } from '../observations/stacked-sparse.js'

/** A batch of a stream: its observations, and what its rows are to each other, as options by name. */
export interface ReadBatch {
  readonly data: unknown
  readonly structure: Readonly<Record<string, unknown>>
}

/** The observations of a batch one by one; `undefined` where they are only known together. */
const observationsOf = (batch: unknown): ReadonlyArray<unknown> | undefined => {
  if (typeof batch !== 'object' || batch === null) return undefined
  if (Symbol.iterator in batch)
    return E.getOrElseW(() => undefined)(E.tryCatch(() => Array.from(batch as Iterable<unknown>), String))
  const rows = matrix(batch as RowsLike)
  return E.isRight(rows) ? toRows(rows.right) : undefined
}

/** What can be read once, such as a generator, as a list. */
export const readableAgain = (batch: unknown): unknown =>
  typeof batch === 'object' && batch !== null && 'next' in batch ? (observationsOf(batch) ?? batch) : batch

/** Lists end to end, and what is the same in all; `undefined` where it is neither. */
const joinedValues = (values: ReadonlyArray<unknown>): unknown => {
  if (values.every(isList)) return values.flatMap(list => Array.from(list as ArrayLike<unknown>))
  return values.every(value => value === values[0]) ? values[0] : undefined
}

/** Batches as one; `undefined` where they can only be taken alone. */
export const joinedBatches = (batches: ReadonlyArray<ReadBatch>): ReadBatch | undefined => {
  const structure: Record<string, unknown> = {}
  for (const name of Object.keys(batches[0]?.structure ?? {})) {
    const joined = joinedValues(batches.map(batch => batch.structure[name]))
    if (joined === undefined) return undefined
    structure[name] = joined
  }
  const sparse = stackedSparse(batches.map(({ data }) => data))
  if (sparse) return { data: sparse.rows, structure }
  if (batches.length > 0 && batches.every(({ data }) => isInColumns(data))) {
    const stacked = stackedColumns(
      batches.map(({ data }) => data),
      'batch',
    )
    return E.isLeft(stacked) ? undefined : { data: stacked.right.columns, structure }
  }
  const observations: unknown[] = []
  for (const { data } of batches) {
    const own = observationsOf(data)
    if (own === undefined) return undefined
    for (const x of own) observations.push(x)
  }
  return { data: observations, structure }
}
