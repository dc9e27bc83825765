import type { ReadMatrix } from '@conjugate/linalg'

/** Rows that are written where they are needed, so that they need not be in memory twice; their data is made where it is asked for. */
export interface WrittenRows extends ReadMatrix {
  /** Writes the rows from `start` to before `end`, each of them `width` numbers behind the one before. */
  readonly write: (start: number, end: number, target: Float64Array, width: number) => void
  /** Where it is known which rows are equal: a number of each row, below `count`, that only equal rows have in common. */
  readonly equal?: { readonly of: Uint16Array; readonly count: number }
}
