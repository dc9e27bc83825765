import type { Matrix } from '@conjugate/linalg'

/** Which columns rows of a pattern have, and which they lack, each ascending. */
export interface Pattern {
  readonly there: Int32Array
  readonly missing: Int32Array
}

/** The rows of a pattern, by their numbers among all. */
export interface PatternRows extends Pattern {
  readonly indices: Int32Array
}

/** Whether any cell of the first columns is missing. */
export const lacksCells = ({ columns, data }: Matrix, width: number): boolean => {
  for (let from = 0; from < data.length; from += columns)
    for (let i = 0; i < width; i++) if (Number.isNaN(data[from + i])) return true
  return false
}

/** The rows of each pattern of cells that are there, in the order in which patterns come. */
export const patternsOf = ({ rows, columns, data }: Matrix, width: number): ReadonlyArray<PatternRows> => {
  const found = new Map<string, number[]>()
  const cells = new Uint16Array(Math.ceil(width / 16))
  for (let n = 0; n < rows; n++) {
    cells.fill(0)
    for (let i = 0; i < width; i++) if (!Number.isNaN(data[n * columns + i])) cells[i >> 4]! |= 1 << (i & 15)
    const key = String.fromCharCode(...cells)
    const known = found.get(key)
    if (known) known.push(n)
    else found.set(key, [n])
  }
  const all = Array.from({ length: width }, (_, i) => i)
  return Array.from(found.values(), indices => {
    const isThere = (i: number): boolean => !Number.isNaN(data[indices[0]! * columns + i])
    return {
      indices: Int32Array.from(indices),
      there: Int32Array.from(all.filter(isThere)),
      missing: Int32Array.from(all.filter(i => !isThere(i))),
    }
  })
}

/** Some of the columns of some of the rows. */
export const cellsAt = ({ columns, data }: Matrix, rows: Int32Array, at: ReadonlyArray<number>): Matrix => {
  const some = new Float64Array(rows.length * at.length)
  for (let i = 0, to = 0; i < rows.length; i++)
    for (let j = 0; j < at.length; j++, to++) some[to] = data[rows[i]! * columns + at[j]!]!
  return { rows: rows.length, columns: at.length, data: some }
}
