type Cell = number | null | ReadonlyArray<number>

/** Observations as cells of a table that has a number, or nothing, in each. */
export interface StoredCells {
  /** The columns of the table, by the names in the model: a list of numbers takes as many. */
  readonly columns: Readonly<Record<string, string | string[]>>
  /** The same, in order. */
  readonly names: ReadonlyArray<string>
  readonly rows: ReadonlyArray<ReadonlyArray<number | null>>
}

/** How observations are stored in a table: numbers alone are called `x`. */
export const storedCells = (observations: ReadonlyArray<unknown>): StoredCells => {
  const isNumber = typeof observations[0] === 'number'
  const rows = observations.map(o => (isNumber ? { x: o } : (o as object))) as ReadonlyArray<Record<string, Cell>>
  const own = Object.keys(rows[0]!)
  const sizeOf = (name: string): number => {
    const cell = rows.find(row => row[name] !== null)![name]
    return typeof cell === 'number' ? 1 : (cell as ReadonlyArray<number>).length
  }
  const columns = Object.fromEntries(
    own.map(name => [
      name,
      sizeOf(name) === 1 ? `c_${name}` : Array.from({ length: sizeOf(name) }, (_, i) => `c_${name}_${i}`),
    ]),
  )
  const cellsOf = (name: string, cell: Cell): ReadonlyArray<number | null> => {
    if (cell === null) return new Array<null>(sizeOf(name)).fill(null)
    return typeof cell === 'number' ? [cell] : cell
  }
  return {
    columns,
    names: Object.values(columns).flat(),
    rows: rows.map(row => own.flatMap(name => cellsOf(name, row[name]!))),
  }
}
