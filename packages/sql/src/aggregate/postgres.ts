import type { PlaceTable } from '@conjugate/models'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { askingOn, checkPatience, type Patience } from '../asking.js'
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
export interface PostgresOptions extends SumsOptions, Patience {
  /**
   * How the statement that runs is stopped: another client of the same server and the same user, by which it is cancelled
   * (`pg_cancel_backend`), or whatever stops it. Without it a statement that nobody waits for any more ends by itself.
   */
  readonly cancel?: PostgresClient | (() => Promise<unknown>)
}

/**
 * Cancels the statement of a mark, if it runs: whoever runs it, and nothing else. The client may be one of several, so that nobody
 * knows which of them has it.
 */
const cancelled = (mark: string): string =>
  `SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE state = 'active' AND pid <> pg_backend_pid() AND query LIKE '${mark}%'`

const postgresEngine = (client: PostgresClient, { cancel, patience }: PostgresOptions): Engine => ({
  dialect: postgresDialect,
  name: 'Postgres',
  query: (sql, signal) => {
    const mark = `/* conjugate ${crypto.randomUUID()} */`
    let telling: Promise<unknown> | undefined
    const interrupt = (): void => {
      if (telling !== undefined) return
      const told = async () => (typeof cancel === 'function' ? cancel() : cancel?.query(cancelled(mark)))
      // What cannot be stopped ends by itself.
      telling = told().then(
        () => (telling = undefined),
        () => undefined,
      )
    }
    return askingOn({ interrupt }, signal).ask(async () => {
      try {
        const { rows } = await client.query(`${mark} ${sql}`)
        return rows.map(row => Object.values(row))
      } finally {
        // What is still on its way might stop another one.
        await telling
      }
    })
  },
  patience: { patience },
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
): E.Either<SqlError, PlaceTable<never>> =>
  pipe(
    checkPatience(options ?? {}),
    E.chain(() => sumsOn(postgresEngine(client, options ?? {}), source, options)),
  )
