import type { Matrix, Vector } from '@conjugate/linalg'
import { type Table, type TableOptions, table } from '@conjugate/models'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { askingOn, checkPatience, type Patience } from './asking.js'
import { invalidSource, type SqlError } from './errors.js'
import { type BlockMemory, blocksOf, type Connection, type Read } from './reading.js'
import { checkNames, fromOf, quoted, type RowSource } from './source.js'

/** Which columns of the rows, and where they are kept. */
export interface DuckDBOptions<Name extends string = string> extends Pick<TableOptions<never>, 'scratch'>, Patience {
  /** The names of the columns that the model is of. */
  readonly columns: ReadonlyArray<Name>
  /** The column by which each row counts. */
  readonly weight?: string
  /** The column by which rows are known: an error says what it holds of a row. */
  readonly key?: string
  /** How many rows a block has; by default 65,536, or as many as take 8 MiB. Results do not depend on it. */
  readonly blockRows?: number
}

/** Columns by name, all of as many cells; NaN is one that is missing. */
export type Columns<Name extends string = string> = Readonly<Record<Name, Float64Array>>

const [BLOCK_ROWS, BLOCK_NUMBERS] = [65_536, 2 ** 20]

/** Where the rows of a table come from. */
export interface Origin {
  readonly connection: Connection
  /** What comes after FROM. */
  readonly from: string
  /** The same table, and what has been read of a block with it, some more columns as they are among it. A signal stops what reads. */
  readonly beside: (
    names: ReadonlyArray<string>,
    signal?: AbortSignal,
  ) => {
    readonly table: Table<object>
    readonly readOf: (block: object) => Read
  }
}

const origins = new WeakMap<object, Origin>()

/** Where the rows of a table come from, where it is one of DuckDB. */
export const originOf = (table: unknown): Origin | undefined => origins.get(table as object)

/** What a column holds of the row of a number; the answer to a statement of its own, which ends what is read. */
const cellAt = async (
  connection: Connection,
  { from, column, place }: { readonly from: string; readonly column: string; readonly place: number },
  signal: AbortSignal | undefined,
): Promise<unknown> =>
  askingOn(connection, signal).ask(async () => {
    const result = await connection.stream(`SELECT ${quoted(column)} FROM ${from} LIMIT 1 OFFSET ${place}`)
    return (await result.fetchChunk())?.getColumnValues(0)[0]
  })

/** A table of blocks that are made of rows of numbers, or of columns of them; a last column are the weights where there are any. */
const tableOf = <Block extends object>(
  connection: Connection,
  source: RowSource,
  { columns, weight, key, blockRows, scratch, patience }: DuckDBOptions,
  inRows: boolean,
  made: (read: Read) => Block,
): E.Either<SqlError, Table<Block>> =>
  pipe(
    fromOf(source),
    E.bindTo('from'),
    E.bind('names', () => checkNames('columns', columns)),
    E.chainFirst(() => (weight === undefined ? E.right([]) : checkNames('weight', [weight]))),
    E.chainFirst(() => (key === undefined ? E.right([]) : checkNames('key', [key]))),
    E.chainFirst(() =>
      blockRows === undefined || (Number.isSafeInteger(blockRows) && blockRows >= 1)
        ? E.right(blockRows)
        : invalidSource('blockRows', 'a whole number of at least 1', blockRows),
    ),
    E.chainFirst(() => checkPatience({ patience })),
    E.map(({ from, names }) => {
      // Whatever is no number is told by the database.
      const number = (name: string): string => `CAST(${quoted(name)} AS DOUBLE)`
      const numbers = weight === undefined ? names : [...names, weight]
      const beside = (others: ReadonlyArray<string>, signal?: AbortSignal) => {
        const statement = `SELECT ${[...numbers.map(number), ...others.map(quoted)].join(', ')} FROM ${from}`
        const together = inRows ? names.length : 0
        const shape = {
          together,
          numbers: numbers.length - together,
          others: others.length,
          blockRows: blockRows ?? Math.min(BLOCK_ROWS, Math.ceil(BLOCK_NUMBERS / numbers.length)),
        }
        const reads = new WeakMap<object, Read>()
        const memory: BlockMemory = {}
        const blocks = (isBrief?: boolean) =>
          blocksOf(connection, statement, shape, { patience, signal, memory: isBrief ? memory : undefined }, read => {
            const block = made(read)
            reads.set(block, read)
            return block
          })
        const readOf = (block: object): Read => reads.get(block)!
        const found = table(blocks, {
          ...(scratch && { scratch }),
          ...(key !== undefined && {
            key: (_block: Block, _row: number, place: number, signal?: AbortSignal) =>
              cellAt(connection, { from, column: key, place }, signal),
          }),
          ...(weight !== undefined && { rowWeights: (block: Block): Vector => readOf(block).columns.at(-1)! }),
        })
        return { table: found, readOf }
      }
      const { table: found } = beside([])
      origins.set(found, { connection, from, beside: beside as Origin['beside'] })
      return found
    }),
  )

/**
 * Rows that DuckDB reads, in columns by name, for `fit` of mixtures of tables: a table or view, parquet or CSV files, a query. The
 * connection is used for one statement at a time, once for each time that the rows are read. NULL is a cell that is missing.
 * Errors: what is no source; no columns, or one twice. What the database cannot do is an error of the fit, in one line.
 */
export const duckdbTable = <const Name extends string>(
  connection: Connection,
  source: RowSource,
  options: DuckDBOptions<Name>,
): E.Either<SqlError, Table<Columns<Name>>> =>
  tableOf(
    connection,
    source,
    options,
    false,
    ({ columns }) => Object.fromEntries(options.columns.map((name, i) => [name, columns[i]!])) as Columns<Name>,
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
  tableOf(connection, source, options, true, ({ rows, together }) => ({
    rows,
    columns: options.columns.length,
    data: together,
  }))
