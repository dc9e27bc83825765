import type { PlaceTable } from '@conjugate/models'
import type * as E from 'fp-ts/lib/Either.js'
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

const duckdbEngine = (connection: ComputingConnection): Engine => ({
  dialect: duckdbDialect,
  name: 'DuckDB',
  query: async (sql, signal) => {
    const stop = (): void => connection.interrupt()
    signal.addEventListener('abort', stop)
    try {
      const rows: unknown[][] = []
      const result = await connection.stream(sql)
      for (;;) {
        const chunk = await result.fetchChunk()
        if (chunk === null || chunk.rowCount === 0) return rows
        const columns = Array.from({ length: chunk.columnCount }, (_, i) => chunk.getColumnValues(i))
        for (let n = 0; n < chunk.rowCount; n++) rows.push(columns.map(values => values[n]))
      }
    } finally {
      signal.removeEventListener('abort', stop)
    }
  },
  copyTo: (query, file) => `COPY (${query}) TO ${literal(file)} (FORMAT parquet, USE_TMP_FILE true)`,
})

/**
 * Rows that DuckDB sums itself, by one statement for each pass, for mixtures of every kind: where rows may come here, `duckdbRows` is
 * some ten times faster. A sample of 65,536 comes here, from which a start is made. Errors: what is no source; columns that are none,
 * or twice. What the database cannot do, and cells that it refuses, are errors of the fit.
 */
export const duckdbSums = (
  connection: ComputingConnection,
  source: RowSource,
  options: SumsOptions,
): E.Either<SqlError, PlaceTable<never>> => sumsOn(duckdbEngine(connection), source, options)
