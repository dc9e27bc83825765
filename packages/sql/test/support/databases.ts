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

/** A database, as much of one as these tests are of. */
export interface Database {
  readonly name: string
  readonly open: () => Promise<void>
  readonly close: () => Promise<void>
  readonly run: (sql: string) => Promise<unknown>
  readonly query: (sql: string) => Promise<ReadonlyArray<Readonly<Record<string, unknown>>>>
  readonly sums: (source: string | RowSource, options: SumsOptions) => PlaceTable<never>
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
    query: async sql => (await inDuckDB!.runAndReadAll(sql)).getRowObjectsJS(),
    sums: (source, options) => right(duckdbSums(inDuckDB!, sourceOf(source), options)),
  },
  {
    name: 'Postgres',
    open: async () => {
      inPostgres = await postgres()
    },
    close: async () => inPostgres?.close(),
    run: sql => inPostgres!.query(sql),
    query: async sql => (await inPostgres!.query(sql)).rows,
    sums: (source, options) => right(postgresSums(inPostgres!, sourceOf(source), options)),
  },
]

/** Observations as a table: a list of numbers in a cell takes as many columns. */
export const stored = async (database: Database, table: string, observations: ReadonlyArray<unknown>) => {
  const { columns, names, rows } = storedCells(observations)
  await database.run(`CREATE TABLE ${table} (id INTEGER, ${names.map(c => `"${c}" double precision`).join(', ')})`)
  const values = rows.map((row, n) => `(${[n, ...row.map(v => v ?? 'NULL')].join(', ')})`)
  await database.run(`INSERT INTO ${table} VALUES ${values.join(', ')}`)
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
