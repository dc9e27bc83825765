/**
 * Rows of which few numbers are not 0, one behind the other: those of row n are `values[i]` in the columns `indices[i]`, for i from
 * `indptr[n]` to `indptr[n + 1]` - 1, and their columns ascend.
 */
export interface SparseMatrix {
  readonly rows: number
  readonly columns: number
  /** N + 1 places. */
  readonly indptr: Float64Array
  readonly indices: Int32Array
  readonly values: Float64Array
}

/** How many rows have lines of their own at a time. */
export const BLOCK = 256

/**
 * Sparse rows, or some of them, beside numbers of components: `stride` for each column, of which the first K count. What is in
 * `numbers`, `sums` and `lines` at the beginning is whatever was there.
 */
export interface SparseWork {
  readonly rows: number
  readonly stride: number
  /** F x stride. */
  readonly numbers: Float64Array
  /** F x stride. */
  readonly sums: Float64Array
  /** At most `BLOCK` lines of `stride` numbers. */
  readonly lines: Float64Array
  /** Writes the inner products of rows with the numbers of each component, in the order of the columns, as lines. */
  readonly innerProducts: (first: number, end: number) => void
  /** Adds rows to the sums of each component, by the shares that are their lines. */
  readonly addRows: (first: number, end: number) => void
  /** One for each column, F. */
  readonly scales: Float64Array
  /**
   * Adds a row, by its place among all, times a share and the squares of the scales of its columns, to the numbers of one component.
   * Gives the inner product of the row with what was there before.
   */
  readonly addScaled: (place: number, component: number, share: number) => number
}

/** Sparse rows where they are computed. */
export interface HeldRows {
  /** The rows. Its lists are to be asked for anew after work with more components than before. */
  readonly matrix: SparseMatrix
  /** Room for work with so many components on rows at these places, or all, until it is asked for again. Errors: no memory. */
  readonly work: (components: number, places?: ArrayLike<number>) => SparseWork
  /** Says to a person where that is. */
  readonly ranOn: string
}
