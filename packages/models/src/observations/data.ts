import type { Matrix, Vector } from '@conjugate/linalg'
import type { ColumnVector, NumberColumn } from './cells.js'

/** A column of lists of as many numbers: one after the other, or as the rows of a matrix. A cell that is `null` is missing. */
export type BlockColumn = ArrayLike<ArrayLike<number> | null> | ColumnVector<ArrayLike<number>> | Matrix

/** The columns of a table by name, each with a cell for every row. */
export type ColumnsOf<X> = {
  readonly [C in keyof X]: [X[C]] extends [number | null] ? NumberColumn : BlockColumn
}

/** How observations are given: one after the other, and numbers or tables also in columns. */
export type DataOf<X> =
  | Iterable<X>
  | ([X] extends [number] ? NumberColumn : [X] extends [Vector] ? Matrix : X extends object ? ColumnsOf<X> : never)
