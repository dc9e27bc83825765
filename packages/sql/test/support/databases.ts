import { type FitError, fit, type PlaceTable } from '@conjugate/models'
import {
  duckdbSums,
  postgresSums,
  type RowSource,
  type SumsOptions,
  type WrittenTo,
  writePredictions,
} from '@conjugate/sql'
import { type DuckDB, duckdb, type Postgres, postgres, right, storedCells } from '@conjugate/testing'
import type { Either } from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import { expect } from 'vitest'

export const done = async <A>(task: TaskEither<FitError, A>): Promise<A> => right(await task())

/** What is asked of fits here, whatever their model. */
export interface Fitted {
  readonly objectives: ReadonlyArray<number>
  readonly rows: number
  readonly restarts: ReadonlyArray<Either<unknown, unknown>>
  readonly weights: ReadonlyArray<number>
  readonly components: ReadonlyArray<unknown>
}
export const fitted = fit as unknown as (model: unknown, data: unknown, options: object) => TaskEither<FitError, Fitted>
export const inMemory = { groupRows: false, skipping: false, threads: 1, backend: 'wasm' } as const

export const expectSamePath = (found: Fitted, whole: Fitted): void => {
  expect(found.objectives.length).toBe(whole.objectives.length)
  for (const [i, objective] of found.objectives.entries())
    expect(Math.abs(objective / whole.objectives[i]! - 1)).toBeLessThan(1e-12)
}

/** What is stored in a cell; NULL where nothing is. */
export type Cell = number | null

/** A database, as much of one as these tests are of. */
export interface Database {
  readonly name: string
  readonly open: () => Promise<void>
  readonly close: () => Promise<void>
  readonly run: (sql: string) => Promise<unknown>
  /** What a query gives, each row as its values. */
  readonly rows: (sql: string) => Promise<ReadonlyArray<ReadonlyArray<unknown>>>
  /** The names of its tables. */
  readonly tables: () => Promise<ReadonlyArray<string>>
  readonly sums: (source: string | RowSource, options: SumsOptions) => PlaceTable<never>
  readonly quoted: (name: string) => string
  /** Its type of numbers of 8 bytes. */
  readonly double: string
  /** A name of a table that would be the end of a statement, were it not in quotes, where a table may have one. */
  readonly hostileTable: string
  /** Whether equal rows are summed once where that pays. */
  readonly groups: boolean
}

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`
const ofPostgres = {
  quoted,
  double: 'double precision',
  hostileTable: `t "; DROP TABLE pixels; --`,
  groups: true,
}

const sourceOf = (source: string | RowSource): RowSource => (typeof source === 'string' ? { table: source } : source)

let [inDuckDB, inPostgres]: [DuckDB | undefined, Postgres | undefined] = [undefined, undefined]
export const databases: ReadonlyArray<Database> = [
  {
    name: 'DuckDB',
    open: async () => {
      inDuckDB = await duckdb()
    },
    close: async () => inDuckDB?.closeSync(),
    run: sql => inDuckDB!.run(sql),
    rows: async sql => (await inDuckDB!.runAndReadAll(sql)).getRowsJS(),
    tables: async () =>
      (await inDuckDB!.runAndReadAll(`SELECT table_name FROM information_schema.tables`)).getRowsJS().map(String),
    ...ofPostgres,
    sums: (source, options) => right(duckdbSums(inDuckDB!, sourceOf(source), options)),
  },
  {
    name: 'Postgres',
    open: async () => {
      inPostgres = await postgres()
    },
    close: async () => inPostgres?.close(),
    run: sql => inPostgres!.query(sql),
    rows: async sql => (await inPostgres!.query(sql)).rows.map(row => Object.values(row)),
    tables: async () =>
      (await inPostgres!.query(`SELECT table_name FROM information_schema.tables`)).rows.map(row =>
        String(Object.values(row)[0]),
      ),
    ...ofPostgres,
    sums: (source, options) => right(postgresSums(inPostgres!, sourceOf(source), options)),
  },
]

/** Makes a table of rows, of numbers of 8 bytes but for keys (`id`), weights (`w`) and labels (`l`), which are whole. */
export const store = async (
  { run, quoted, double }: Database,
  table: string,
  names: ReadonlyArray<string>,
  rows: ReadonlyArray<ReadonlyArray<Cell>>,
): Promise<void> => {
  const types = names.map(name => `${quoted(name)} ${['id', 'w', 'l'].includes(name) ? 'integer' : double}`)
  await run(`CREATE TABLE ${quoted(table)} (${types.join(', ')})`)
  const told = (cell: Cell): string =>
    cell === null ? 'NULL' : Number.isFinite(cell) ? `${cell}` : `CAST('${cell}' AS ${double})`
  const values = rows.map(row => `(${row.map(told).join(', ')})`)
  await run(`INSERT INTO ${quoted(table)} VALUES ${values.join(', ')}`)
}

/** Observations as a table with a key, `id`: a list of numbers in a cell takes as many columns. Gives them by the model's names. */
export const stored = async (database: Database, table: string, observations: ReadonlyArray<unknown>) => {
  const { columns, names, rows } = storedCells(observations)
  await store(
    database,
    table,
    ['id', ...names],
    rows.map((row, n) => [n, ...row]),
  )
  return columns
}

/** The connection to DuckDB. */
export const connection = (): DuckDB => inDuckDB!

/** Writes what is said of rows, whatever their model. */
export const written = writePredictions as unknown as (
  model: unknown,
  parameters: unknown,
  table: unknown,
  target: WrittenTo,
  options?: object,
) => TaskEither<FitError, { readonly rows: number }>
