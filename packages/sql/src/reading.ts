import * as E from 'fp-ts/lib/Either.js'

/** Some rows, as `@duckdb/node-api` gives them. */
export interface Chunk {
  readonly rowCount: number
  readonly columnCount: number
  readonly getColumnVector: (column: number) => unknown
  readonly getColumnValues: (column: number) => ReadonlyArray<unknown>
}

/** As much of a connection of `@duckdb/node-api` as is used to read. It stays its owner's, who closes it. */
export interface Connection {
  readonly stream: (sql: string) => Promise<{
    readonly fetchChunk: () => Promise<Chunk | null>
    readonly columnType: (column: number) => unknown
  }>
}

/** Rows on their way: a column of numbers for each that is read as such, and lists of whatever the others hold. */
export interface Read {
  readonly rows: number
  /** The columns that are read together, row by row. */
  readonly together: Float64Array
  readonly columns: ReadonlyArray<Float64Array>
  readonly others: ReadonlyArray<ReadonlyArray<unknown>>
  /** The class of chunks. */
  readonly chunkClass: unknown
}

/** How much of a statement is read at a time. */
export interface Shape {
  /** How many columns are read together as rows of numbers, how many follow as columns of numbers, and how many others. */
  readonly together: number
  readonly numbers: number
  readonly others: number
  readonly blockRows: number
}

/** One line of what a database says. */
export const firstLine = (error: unknown): Error => new Error(E.toError(error).message.split('\n')[0]!.trim())

/** Reads a statement as blocks of columns. Throws what the database says, in a line. */
export async function* blocksOf(
  connection: Connection,
  statement: string,
  { together, numbers, others, blockRows }: Shape,
): AsyncGenerator<Read, void> {
  const empty = () => ({
    together: new Float64Array(blockRows * together),
    columns: Array.from({ length: numbers }, () => new Float64Array(blockRows)),
    others: Array.from({ length: others }, (): unknown[] => []),
    rows: 0,
  })
  try {
    const result = await connection.stream(statement)
    let block = empty()
    let chunkClass: unknown
    for (;;) {
      const chunk = await result.fetchChunk()
      if (chunk === null || chunk.rowCount === 0) break
      chunkClass = chunk.constructor
      const vectorAt = (i: number) => (chunk.getColumnVector(i) as { readonly items: Float64Array }).items
      const inRows = Array.from({ length: together }, (_, i) => vectorAt(i))
      const vectors = block.columns.map((_, i) => vectorAt(together + i))
      const lists = block.others.map((_, i) => chunk.getColumnValues(together + numbers + i))
      for (let from = 0; from < chunk.rowCount; ) {
        const end = Math.min(chunk.rowCount, from + blockRows - block.rows)
        for (const [i, vector] of inRows.entries())
          for (let n = from, to = block.rows * together + i; n < end; n++, to += together)
            block.together[to] = vector[n]!
        for (const [i, column] of block.columns.entries()) column.set(vectors[i]!.subarray(from, end), block.rows)
        for (const [i, list] of block.others.entries()) for (let n = from; n < end; n++) list.push(lists[i]![n])
        block.rows += end - from
        from = end
        if (block.rows < blockRows) continue
        yield { ...block, chunkClass }
        block = empty()
      }
    }
    const { columns, rows } = block
    if (rows > 0)
      yield {
        ...block,
        together: block.together.subarray(0, rows * together),
        columns: columns.map(column => column.subarray(0, rows)),
        chunkClass,
      }
  } catch (error) {
    throw firstLine(error)
  }
}
