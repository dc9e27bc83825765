import type { Matrix, Vector } from '@conjugate/linalg'
import { type Table, type TableOptions, table } from '@conjugate/models'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { invalidSource, type SqlError } from './errors.js'
import { checkNames, fromOf, quoted, type RowSource } from './source.js'

interface Chunk {
  readonly rowCount: number
  readonly getColumnVector: (column: number) => unknown
}

/** As much of a connection of `@duckdb/node-api` as is used. It stays its owner's, who closes it. */
export interface Connection {
  readonly stream: (sql: string) => Promise<{ readonly fetchChunk: () => Promise<Chunk | null> }>
}

/** Which columns of the rows, and where they are kept. */
export interface DuckDBOptions extends Pick<TableOptions<never>, 'scratch'> {
  /** The names of the columns that the model is of. */
  readonly columns: ReadonlyArray<string>
  /** The column by which each row counts. */
  readonly weight?: string
  /** How many rows a block has; 65,536 by default. Results do not depend on it. */
  readonly blockRows?: number
}

/** Columns by name, all of as many cells; NaN is one that is missing. */
export type Columns = Readonly<Record<string, Float64Array>>

const BLOCK_ROWS = 65_536

/** A block on its way: a column of numbers for each that is read. */
interface Filling {
  readonly columns: ReadonlyArray<Float64Array>
  rows: number
}

/** One line of what a database says. */
const firstLine = (error: unknown): Error => new Error(E.toError(error).message.split('\n')[0]!.trim())

/** Reads a statement as blocks of columns. Throws what the database says, in a line. */
async function* blocksOf(
  connection: Connection,
  statement: string,
  count: number,
  blockRows: number,
): AsyncGenerator<ReadonlyArray<Float64Array>, void> {
  const empty = (): Filling => ({ columns: Array.from({ length: count }, () => new Float64Array(blockRows)), rows: 0 })
  try {
    const result = await connection.stream(statement)
    let block = empty()
    for (;;) {
      const chunk = await result.fetchChunk()
      if (chunk === null || chunk.rowCount === 0) break
      const vectors = block.columns.map((_, i) => (chunk.getColumnVector(i) as { readonly items: Float64Array }).items)
      for (let from = 0; from < chunk.rowCount; ) {
        const taken = Math.min(chunk.rowCount - from, blockRows - block.rows)
        for (const [i, column] of block.columns.entries())
          column.set(vectors[i]!.subarray(from, from + taken), block.rows)
        block.rows += taken
        from += taken
        if (block.rows < blockRows) continue
        yield block.columns
        block = empty()
      }
    }
    const { columns, rows } = block
    if (rows > 0) yield columns.map(column => column.subarray(0, rows))
  } catch (error) {
    throw firstLine(error)
  }
}

/** A table of blocks that are made of columns of numbers, the last of which are the weights where there are any. */
const tableOf = <Block extends object>(
  connection: Connection,
  source: RowSource,
  { columns, weight, blockRows = BLOCK_ROWS, scratch }: DuckDBOptions,
  made: (columns: ReadonlyArray<Float64Array>) => Block,
): E.Either<SqlError, Table<Block>> =>
  pipe(
    fromOf(source),
    E.bindTo('from'),
    E.bind('names', () => checkNames('columns', columns)),
    E.chainFirst(() => (weight === undefined ? E.right([]) : checkNames('weight', [weight]))),
    E.chainFirst(() =>
      Number.isSafeInteger(blockRows) && blockRows >= 1
        ? E.right(blockRows)
        : invalidSource('blockRows', 'a whole number of at least 1', blockRows),
    ),
    E.map(({ from, names }) => {
      // NULL is what NaN is in a typed array: missing. Whatever is no number is told by the database.
      const read = (name: string): string => `coalesce(CAST(${quoted(name)} AS DOUBLE), CAST('NaN' AS DOUBLE))`
      const asked = weight === undefined ? names : [...names, weight]
      const statement = `SELECT ${asked.map(read).join(', ')} FROM ${from}`
      const weights = new WeakMap<object, Vector>()
      async function* blocks(): AsyncGenerator<Block, void> {
        for await (const all of blocksOf(connection, statement, asked.length, blockRows)) {
          const block = made(all.slice(0, names.length))
          if (weight !== undefined) weights.set(block, all.at(-1)!)
          yield block
        }
      }
      return table(blocks, {
        ...(scratch && { scratch }),
        ...(weight !== undefined && { rowWeights: (block: Block) => weights.get(block)! }),
      })
    }),
  )

/**
 * Rows that DuckDB reads, in columns by name, for `fit` of mixtures of tables: a table or view, parquet or CSV files, a query. The
 * connection is used for one statement at a time, once for each time that the rows are read. NULL is a cell that is missing.
 * Errors: what is no source; no columns, or one twice. What the database cannot do is an error of the fit, in one line.
 */
export const duckdbTable = (
  connection: Connection,
  source: RowSource,
  options: DuckDBOptions,
): E.Either<SqlError, Table<Columns>> =>
  tableOf(connection, source, options, columns =>
    Object.fromEntries(options.columns.map((name, i) => [name, columns[i]!] as const)),
  )

/**
 * The same as rows of numbers, for mixtures of Gaussians of any kind. Errors: see {@link duckdbTable}; a cell that is NULL is an error
 * of the fit.
 */
export const duckdbRows = (
  connection: Connection,
  source: RowSource,
  options: DuckDBOptions,
): E.Either<SqlError, Table<Matrix>> =>
  tableOf(connection, source, options, columns => {
    const [count, rows] = [columns.length, columns[0]!.length]
    const data = new Float64Array(rows * count)
    for (const [i, column] of columns.entries())
      for (let n = 0, to = i; n < rows; n++, to += count) data[to] = column[n]!
    return { rows, columns: count, data }
  })
