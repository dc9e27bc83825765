import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const folder = new URL('../../../node_modules/.cache/conjugate-databases/', import.meta.url)
const entry = new URL('node_modules/@duckdb/node-api/lib/index.js', folder)

/** Whether `pnpm databases` has been run. Where CI has to have them, their absence shows as failing tests. */
export const hasDatabases: boolean =
  existsSync(fileURLToPath(entry)) || process.env['CONJUGATE_REQUIRE_DATABASES'] !== undefined

if (!hasDatabases) console.warn('Skipped: tests on DuckDB, which is not set up here (pnpm databases).')

/** A connection to DuckDB, as much of one as tests use. */
export interface DuckDB {
  readonly run: (sql: string) => Promise<unknown>
  readonly runAndReadAll: (
    sql: string,
  ) => Promise<{ readonly getRowsJS: () => unknown[][]; readonly getRowObjectsJS: () => Record<string, unknown>[] }>
  readonly createAppender: (table: string, schema?: string | null) => Promise<never>
  readonly interrupt: () => void
  readonly stream: (sql: string) => Promise<{
    readonly fetchChunk: () => Promise<{
      readonly rowCount: number
      readonly columnCount: number
      readonly getColumnVector: (column: number) => unknown
      readonly getColumnValues: (column: number) => unknown[]
    } | null>
    readonly columnType: (column: number) => unknown
  }>
  readonly closeSync: () => void
}

/** Connections to one database, in memory unless it has a place. */
export const duckdbConnections = async (count: number, path = ':memory:'): Promise<ReadonlyArray<DuckDB>> => {
  const { DuckDBInstance } = (await import(entry.href)) as {
    readonly DuckDBInstance: { readonly create: (path: string) => Promise<{ readonly connect: () => Promise<DuckDB> }> }
  }
  const instance = await DuckDBInstance.create(path)
  return Promise.all(Array.from({ length: count }, () => instance.connect()))
}

/** A connection to a database in memory. */
export const duckdb = async (): Promise<DuckDB> => (await duckdbConnections(1))[0]!

/** A Postgres in this process, as much of one as tests use. */
export interface Postgres {
  readonly query: (sql: string) => Promise<{ readonly rows: ReadonlyArray<Readonly<Record<string, unknown>>> }>
  readonly close: () => Promise<void>
}

/** A Postgres of its own, in memory. */
export const postgres = async (): Promise<Postgres> => {
  const place = new URL('node_modules/@electric-sql/pglite/dist/index.js', folder)
  const { PGlite } = (await import(place.href)) as { readonly PGlite: { readonly create: () => Promise<Postgres> } }
  return PGlite.create()
}

/** Apache Arrow, as much of it as tests use. */
export interface Arrow {
  readonly tableFromArrays: (columns: object) => { readonly batches: ReadonlyArray<object> }
  readonly tableToIPC: (table: object, type: 'stream' | 'file') => Uint8Array
  readonly vectorFromArray: (values: ReadonlyArray<unknown>, type?: object) => object
  readonly Bool: new () => object
  readonly Int32: new () => object
  readonly Int64: new () => object
  readonly Table: new (columns: object) => object
  readonly RecordBatchReader: { readonly from: (bytes: AsyncIterable<Uint8Array>) => Promise<AsyncIterable<object>> }
}

const arrowEntry = new URL('node_modules/apache-arrow/Arrow.node.mjs', folder)

/** Whether the package is there, which came to the folder later than the databases. */
export const hasArrow: boolean = existsSync(fileURLToPath(arrowEntry))

export const arrow = (): Promise<Arrow> => import(arrowEntry.href)
