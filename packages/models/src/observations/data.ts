import { isList, type Matrix, type UnreadableData, type Vector } from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import type { ColumnVector, NumberColumn } from './cells.js'
import type { TensorLike } from './tensors.js'

/** A column of lists of as many numbers: one after the other, or as the rows of a matrix. A cell that is `null` is missing. */
export type BlockColumn = ArrayLike<ArrayLike<number> | null> | ColumnVector<ArrayLike<number>> | Matrix

/**
 * Compressed sparse rows, as scipy and others have them: row n has `values[i]` in the columns `indices[i]`, for i from `indptr[n]` to
 * `indptr[n + 1]` - 1, and 0 in all others.
 */
export interface CompressedRows {
  /** D, the number of columns. */
  readonly columns: number
  /** N + 1 places that do not descend, from 0 to the number of values. */
  readonly indptr: ArrayLike<number>
  /** Whole numbers from 0 to D - 1, which ascend within a row. */
  readonly indices: ArrayLike<number>
  readonly values: ArrayLike<number>
  /** Of a column of a table: the rows that have no cell there, which is not one of zeros, in ascending order. */
  readonly missing?: ArrayLike<number>
}

/** Rows of which few numbers are not 0, made by `sparseRows`. */
export interface SparseRows {
  readonly _tag: 'SparseRows'
  readonly rows: CompressedRows
  /** How components load them: code that a program without sparse rows has none of. */
  readonly load: (...given: ReadonlyArray<never>) => unknown
  /** What those tell that can take no sparse rows. */
  readonly refused: E.Either<UnreadableData, never>
}

/** The columns of a table by name, each with a cell for every row. */
export type ColumnsOf<X> = {
  readonly [C in keyof X]: [X[C]] extends [number | null] ? NumberColumn : BlockColumn | SparseRows
}

/** Columns of numbers by their names, which are rows of numbers side by side. */
export type NamedColumns = Readonly<Record<string, NumberColumn | TensorLike>>

/** How observations are given: one after the other, and numbers or tables also in columns. */
export type DataOf<X> =
  | Iterable<X>
  | ([X] extends [number]
      ? NumberColumn | NamedColumns | TensorLike
      : [X] extends [Vector]
        ? Matrix | SparseRows | NamedColumns | TensorLike
        : X extends object
          ? ColumnsOf<X>
          : never)

/** Sparse rows that data are, or a column of theirs is. What cannot be read is for others to tell. */
export const sparseIn = (data: unknown): SparseRows | undefined => {
  if (isSparse(data)) return data
  if (typeof data !== 'object' || data === null || isList(data)) return undefined
  const orNothing = <A>(read: () => A): A | undefined => E.getOrElseW(() => undefined)(E.tryCatch(read, String))
  for (const name of orNothing(() => Object.keys(data)) ?? []) {
    const column = orNothing(() => (data as Readonly<Record<string, unknown>>)[name])
    if (isSparse(column)) return column
  }
  return undefined
}

/** Whether data is sparse rows. */
export const isSparse = (data: unknown): data is SparseRows =>
  typeof data === 'object' && data !== null && '_tag' in data && data._tag === 'SparseRows'
