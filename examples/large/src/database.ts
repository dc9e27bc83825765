import type { Connection, WritingConnection } from '@conjugate/sql'

/** A connection to DuckDB. */
export interface Database extends Connection, WritingConnection {
  readonly runAndReadAll: (sql: string) => Promise<{ readonly getRowsJS: () => ReadonlyArray<ReadonlyArray<unknown>> }>
  readonly closeSync: () => void
}

interface DuckDB {
  readonly DuckDBInstance: {
    readonly create: (
      path: string,
      options: Readonly<Record<string, string>>,
    ) => Promise<{ readonly connect: () => Promise<Database> }>
  }
}

/** Where `pnpm databases` puts it. A program of its own has it in its dependencies. */
const entry = new URL(
  '../../../node_modules/.cache/conjugate-databases/node_modules/@duckdb/node-api/lib/index.js',
  import.meta.url,
)

/** Two connections to a database in memory: one reads while the other writes. */
export const openDatabase = async (): Promise<readonly [Database, Database]> => {
  const { DuckDBInstance } = (await import(entry.href)) as DuckDB
  const instance = await DuckDBInstance.create(':memory:', { memory_limit: '1GB' })
  return [await instance.connect(), await instance.connect()]
}

/** A text as a value of a statement. */
export const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`

/** The first row of what a query finds. */
export const firstRow = async (database: Database, query: string): Promise<ReadonlyArray<number>> =>
  (await database.runAndReadAll(query)).getRowsJS()[0]!.map(Number)
