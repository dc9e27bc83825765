import type { CellFamily } from '@conjugate/distributions'
import type { SparseMatrix } from '@conjugate/executors/sparse'
import type { Vector } from '@conjugate/linalg'
import type { ReadSparse } from './read.js'

/** Sparse rows that are written one after the other, their numbers in the order of the columns. */
export interface Written {
  readonly push: (column: number, value: number) => void
  readonly endRow: () => void
  readonly found: (columns: number) => SparseMatrix
}

/** Room for so many rows with so many numbers, at most. */
export const writtenSparse = (rows: number, most: number): Written => {
  const indptr = new Float64Array(rows + 1)
  const [indices, values] = [new Int32Array(most), new Float64Array(most)]
  let [row, at] = [0, 0]
  return {
    push: (column, value) => {
      indices[at] = column
      values[at++] = value
    },
    endRow: () => {
      indptr[++row] = at
    },
    found: columns => ({
      rows,
      columns,
      indptr,
      indices: at === most ? indices : indices.slice(0, at),
      values: at === most ? values : values.slice(0, at),
    }),
  }
}

/** A column of sparse rows in the linear factor of a table. */
export interface SparsePlace {
  readonly name: string
  readonly read: ReadSparse
  /** See families. */
  readonly compared: CellFamily['compared']
  /** The columns of the factor that have the first number of a row, and 1 where a row has a cell. */
  readonly first: number
  readonly presence: number
}

/** Of the columns of a linear factor that are not sparse: N rows of `width` numbers, from a place on, and where each goes; log h last. */
export interface DensePart {
  readonly data: Vector
  readonly width: number
  readonly from: number
  readonly columnOf: Int32Array
}

/** How many numbers that are not 0 sparse columns have. */
export const countOf = (places: ReadonlyArray<SparsePlace>): number =>
  places.reduce((sum, { read }) => sum + read.values.length, 0)

/** The linear factor of a table of F columns, the last of which is log h, as sparse rows. */
export const linearRows = (
  rows: number,
  columns: number,
  places: ReadonlyArray<SparsePlace>,
  dense: DensePart | undefined,
): SparseMatrix => {
  const { data, width, from, columnOf } = dense ?? { data: [], width: 0, from: 0, columnOf: new Int32Array(0) }
  const others = columnOf.length
  const written = writtenSparse(rows, countOf(places) + rows * (others + places.length + 1))
  for (let n = 0; n < rows; n++) {
    let [j, log] = [0, others > 0 ? data[n * width + from + others]! : 0]
    const pushBefore = (column: number): void => {
      for (; j < others && columnOf[j]! < column; j++) {
        const value = data[n * width + from + j]!
        if (value !== 0) written.push(columnOf[j]!, value)
      }
    }
    for (const { read, first, presence } of places) {
      pushBefore(first)
      if (read.missing?.[n] === 1) continue
      // The last number of a row that has been read is log h.
      const end = read.indptr[n + 1]! - 1
      for (let i = read.indptr[n]!; i < end; i++) written.push(first + read.indices[i]!, read.values[i]!)
      written.push(presence, 1)
      log += read.values[end]!
    }
    pushBefore(columns)
    written.push(columns - 1, log)
    written.endRow()
  }
  return written.found(columns)
}
