import { type Matrix, rowsAt } from '@conjugate/linalg'
import { cellsIn } from '../observations/cells.js'
import { isBlocks, isInColumns, lengthOf } from '../observations/stacked.js'

/** Some entries of a list, in one of its kind. */
const entriesAt = (list: ArrayLike<unknown>, indices: Int32Array): ArrayLike<unknown> => {
  if (!ArrayBuffer.isView(list)) return Array.from(indices, n => list[n])
  const Kind = list.constructor as Float64ArrayConstructor
  return Kind.from(indices as Iterable<number>, n => list[n] as number)
}

const pickedColumn = (column: unknown, indices: Int32Array): unknown => {
  if (isBlocks(column)) return rowsAt({ ...column, rows: column.data.length / column.columns } as Matrix, indices)
  const cells = cellsIn(column)
  return cells === undefined ? column : entriesAt(cells, indices)
}

/** Some of the observations, in the form in which all are given; what is no form of data stays as it is. */
export const pickRows = (data: unknown, indices: Int32Array): unknown => {
  if (isInColumns(data))
    return Object.fromEntries(Object.entries(data).map(([name, column]) => [name, pickedColumn(column, indices)]))
  return pickedColumn(data, indices)
}

/** How many observations there are; `undefined` where that cannot be told. */
export const countRows = (data: unknown): number | undefined => {
  if (isInColumns(data)) return lengthOf(Object.values(data)[0])
  return isBlocks(data) ? (data as unknown as Matrix).rows : lengthOf(data)
}
