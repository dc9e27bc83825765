import type { Densities, ExecutorError, MixtureExpectation } from '@conjugate/executors'
import type * as E from 'fp-ts/lib/Either.js'
import type { Dialect } from './dialect.js'

/** Sums over the rows that a query gives. */
export interface KernelSum<D extends Densities> {
  /** How many rows there were. */
  readonly rows: number
  readonly expectation: MixtureExpectation<D>
}

/** What runs statements. */
export interface Engine {
  readonly dialect: Dialect
  /** For a person, such as `DuckDB`. */
  readonly name: string
  /**
   * The rows of a statement, each as its values in their order. It is stopped where it runs when the signal says so. What it cannot do
   * it rejects, with one line that names no address and no secret.
   */
  readonly query: (sql: string, signal: AbortSignal) => Promise<ReadonlyArray<ReadonlyArray<unknown>>>
  /** Whether the same sums have the same bits when they are added again; false by default. */
  readonly reproducible?: boolean
  /**
   * Sums by the kernel where the rows are, in place of a statement: the query gives the columns of the densities, NULL where a cell is
   * missing, and then the weights. It is stopped, and rejects, as `query` does.
   */
  readonly kernel?: <D extends Densities>(
    query: string,
    densities: D,
    signal: AbortSignal,
  ) => Promise<E.Either<ExecutorError, KernelSum<D>>>
  /** How a query is written to a parquet file, which appears whole, where that can be done. */
  readonly copyTo?: (query: string, file: string) => string
}

/** A result that cannot be had: what the database says in a line. */
export const failedIn = ({ name }: Engine, error: unknown): ExecutorError => ({
  _tag: 'ExecutionFailed',
  backend: name,
  reason: lineOf(error),
})

/** The same of a statement that may be asked again: one that was stopped, or lost. */
export const brokenIn = ({ name }: Engine, error: unknown): ExecutorError => ({
  _tag: 'Interrupted',
  backend: name,
  reason: lineOf(error),
})

/** Characters of a line at the most: statements may be long, and databases repeat them. */
const LONGEST = 300

/** Codes of connections that are none, or no longer, and of whom a database does not know: their messages have addresses and names. */
const OF_CONNECTIONS = /^(E[A-Z_]{3,}|08...|28...)$/

const lineOf = (error: unknown): string => {
  const { code } = (error ?? {}) as { readonly code?: unknown }
  if (typeof code === 'string' && OF_CONNECTIONS.test(code)) return `there is no connection (${code})`
  const line = (error instanceof Error ? error.message : String(error)).split('\n')[0]!.trim()
  return line.length > LONGEST ? `${line.slice(0, LONGEST)}...` : line
}
