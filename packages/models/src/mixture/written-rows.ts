import type { WrittenRows } from '@conjugate/executors'
import type { Matrix } from '@conjugate/linalg'

/** Rows by what writes them, and where it is known by the numbers of equal ones. */
export const writtenRows = (
  rows: number,
  columns: number,
  write: WrittenRows['write'],
  equal?: WrittenRows['equal'],
): WrittenRows => {
  let data: Float64Array | undefined
  return {
    rows,
    columns,
    write,
    ...(equal && { equal }),
    get data() {
      if (data === undefined) {
        data = new Float64Array(rows * columns)
        write(0, rows, data, columns)
      }
      return data
    },
  }
}

/** The numbers of a row. */
export const rowOf = (rows: Matrix | WrittenRows, n: number): Float64Array => {
  const { columns } = rows
  const found = new Float64Array(columns)
  if ('write' in rows) rows.write(n, n + 1, found, columns)
  else for (let c = 0; c < columns; c++) found[c] = rows.data[n * columns + c]!
  return found
}
