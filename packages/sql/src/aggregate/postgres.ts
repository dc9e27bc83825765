import type { PlaceTable } from '@conjugate/models'
import type * as E from 'fp-ts/lib/Either.js'
import type { SqlError } from '../errors.js'
import type { RowSource } from '../source.js'
import { postgresDialect } from './dialect.js'
import type { Engine } from './engine.js'
import { type SumsOptions, sumsOn } from './sums.js'

/** As much of a client of Postgres as is used: one of `pg`, or of PGlite. It stays its owner's, who ends it. */
export interface PostgresClient {
  readonly query: (sql: string) => Promise<{ readonly rows: ReadonlyArray<object> }>
}

/** Which columns mean what, and how a statement is stopped. */
export interface PostgresOptions extends SumsOptions {
  /** Stops the statement of the client, as `pg_cancel_backend` does by another one. Without it a statement ends by itself. */
  readonly cancel?: () => Promise<unknown>
}

const postgresEngine = (client: PostgresClient, cancel: PostgresOptions['cancel']): Engine => ({
  dialect: postgresDialect,
  name: 'Postgres',
  query: async (sql, signal) => {
    const stop = (): void => {
      // What cannot be stopped ends by itself.
      cancel?.().catch(() => undefined)
    }
    signal.addEventListener('abort', stop)
    try {
      const { rows } = await client.query(sql)
      return rows.map(row => Object.values(row))
    } finally {
      signal.removeEventListener('abort', stop)
    }
  },
})

/**
 * Rows that Postgres sums, by one statement for each pass, for mixtures of every kind. A sample of 65,536 comes here, from which a start
 * is made. Errors: what is no source, as files are none; columns that are none, or twice. What the database cannot do, and cells that
 * it refuses, are errors of the fit.
 */
export const postgresSums = (
  client: PostgresClient,
  source: RowSource,
  options: PostgresOptions,
): E.Either<SqlError, PlaceTable<never>> => sumsOn(postgresEngine(client, options?.cancel), source, options)
