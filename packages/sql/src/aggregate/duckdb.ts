import type { PlaceTable } from '@conjugate/models'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { askingOn, checkPatience, type Patience } from '../asking.js'
import type { SqlError } from '../errors.js'
import type { Connection } from '../reading.js'
import { literal, type RowSource } from '../source.js'
import { duckdbDialect } from './dialect.js'
import type { Engine } from './engine.js'
import { type SumsOptions, sumsOn } from './sums.js'

/** As much of a connection of `@duckdb/node-api` as is used to compute. It stays its owner's, who closes it. */
export interface ComputingConnection extends Connection {
  /** Stops the statement that runs. */
  readonly interrupt: () => void
}

/** The rows of a statement, each as its values. */
const rowsOf = async (connection: Connection, sql: string): Promise<ReadonlyArray<ReadonlyArray<unknown>>> => {
  const rows: unknown[][] = []
  const result = await connection.stream(sql)
  for (;;) {
    const chunk = await result.fetchChunk()
    const count = chunk?.rowCount ?? 0
    if (chunk === null || count === 0) return rows
    const columns = Array.from({ length: chunk.columnCount }, (_, i) => chunk.getColumnValues(i))
    for (let n = 0; n < count; n++) rows.push(columns.map(values => values[n]))
  }
}

const duckdbEngine = (connection: ComputingConnection, patience: Patience): Engine => {
  const query: Engine['query'] = (sql, signal) => askingOn(connection, signal).ask(() => rowsOf(connection, sql))
  return {
    dialect: duckdbDialect,
    name: 'DuckDB',
    query,
    patience,
    copyTo: (rows, file, signal) =>
      query(`COPY (${rows}) TO ${literal(file)} (FORMAT parquet, USE_TMP_FILE true)`, signal),
  }
}

/**
 * Rows that DuckDB sums itself, by one statement for each pass, for mixtures of every kind: where rows may come here, `duckdbRows` is
 * some ten times faster. A sample of 65,536 comes here, from which a start is made. Errors: what is no source; columns that are none,
 * or twice. What the database cannot do, and cells that it refuses, are errors of the fit.
 */
export const duckdbSums = (
  connection: ComputingConnection,
  source: RowSource,
  options: SumsOptions & Patience,
): E.Either<SqlError, PlaceTable<never>> =>
  pipe(
    checkPatience(options ?? {}),
    E.chain(() => sumsOn(duckdbEngine(connection, { patience: options?.patience }), source, options)),
  )
