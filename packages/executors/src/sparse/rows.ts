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

/** Some of the rows, by their places. */
export const sparseRowsAt = (
  { columns, indptr, indices, values }: SparseMatrix,
  places: ArrayLike<number>,
): SparseMatrix => {
  const starts = new Float64Array(places.length + 1)
  for (let i = 0; i < places.length; i++) starts[i + 1] = starts[i]! + indptr[places[i]! + 1]! - indptr[places[i]!]!
  const [columnsOfSome, valuesOfSome] = [new Int32Array(starts.at(-1)!), new Float64Array(starts.at(-1)!)]
  for (let i = 0; i < places.length; i++) {
    const [first, end] = [indptr[places[i]!]!, indptr[places[i]! + 1]!]
    columnsOfSome.set(indices.subarray(first, end), starts[i]!)
    valuesOfSome.set(values.subarray(first, end), starts[i]!)
  }
  return { rows: places.length, columns, indptr: starts, indices: columnsOfSome, values: valuesOfSome }
}
