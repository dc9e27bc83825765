import type { Densities, ExecutorError, MixtureExpectation } from '@conjugate/executors'
import type * as E from 'fp-ts/lib/Either.js'
import { again, type Patience } from '../asking.js'
import { lineOf } from '../lines.js'
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
  /** For how long what reads is asked again where its connection breaks; not at all by default, for engines that do so by themselves. */
  readonly patience?: Patience
  /** Writes the rows of a query to a parquet file, which appears whole, where that can be done. It rejects as `query` does. */
  readonly copyTo?: (query: string, file: string, signal: AbortSignal) => Promise<unknown>
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

/** The same engine for what only reads: it is asked again where its connection breaks. */
export const patient = (engine: Engine): Engine =>
  engine.patience === undefined
    ? engine
    : { ...engine, query: (sql, signal) => again(() => engine.query(sql, signal), engine.patience!, signal) }
