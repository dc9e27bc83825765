import type { Matrix } from '@conjugate/linalg'
import type { PlaceTable } from '@conjugate/models'
import type { RowSource, SqlError, SumsOptions } from '@conjugate/sql'
import { type Engine, invalidSource, sparkDialect, sumsOn } from '@conjugate/sql/engine'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { describeSparkError, type SparkError } from './client/errors.js'
import { inside, type SparkConnection } from './connection.js'
import { kernelSumsOn } from './kernel-sums.js'
import type { Column } from './protocol/arrow.js'
import type { Plan } from './protocol/messages.js'

/** Which columns mean what, and what computes. */
export interface SparkOptions extends SumsOptions {
  /**
   * `kernel`, the default: the WebAssembly kernel in Spark's workers, which needs the right to run functions of Python, and `wasmtime`,
   * `pyarrow` and `numpy` there. `sql`: one statement for each pass, for clusters that allow none.
   */
  readonly mode?: 'kernel' | 'sql'
}

const isSparkError = (error: { readonly _tag: string }): error is SparkError =>
  error._tag.startsWith('Spark') || error._tag.startsWith('Statement')

/** Columns as rows. */
const rowsOf = (columns: ReadonlyArray<Column>): ReadonlyArray<ReadonlyArray<unknown>> =>
  Array.from({ length: columns[0]?.length ?? 0 }, (_, row) =>
    columns.map(column => {
      const value = column[row]
      return typeof value === 'number' && Number.isNaN(value) ? null : value
    }),
  )

/** What only reads may be sent twice. */
const isQuery = (statement: string): boolean => /^\s*(WITH|SELECT)\b/.test(statement)

const engineOn = ({ [inside]: { statements, pythonVersion } }: SparkConnection, mode: 'kernel' | 'sql'): Engine => {
  const sums = kernelSumsOn(statements, pythonVersion)
  const done = async (plan: Plan, signal: AbortSignal): Promise<ReadonlyArray<Column>> => {
    const found = await statements.run(plan, signal)
    if (E.isLeft(found)) throw new Error(describeSparkError(found.left))
    return found.right
  }
  return {
    dialect: sparkDialect,
    name: 'Spark',
    query: async (query, signal) => rowsOf(await done({ _tag: isQuery(query) ? 'Query' : 'Command', query }, signal)),
    // In one part: Spark gives a folder its files one after the other, so that a single one is there as a whole or not at all.
    copyTo: async (query, path, signal) => {
      const select = `SELECT /*+ REPARTITION(1) */ * FROM (${query})`
      await done({ _tag: 'Write', query: select, path }, signal)
    },
    ...(mode === 'kernel' && {
      kernel: async (query, densities, signal) => {
        const found = await sums.expectation(query, densities, signal)
        if (E.isRight(found)) return found
        const { left } = found
        if (isSparkError(left)) throw new Error(describeSparkError(left))
        return E.left(left)
      },
    }),
  }
}

/**
 * Rows on a cluster, for `fit` of mixtures of every kind: the sums of each pass are made there, and nothing comes here but these and a
 * sample of at most 65,536 rows, of which a start is made. Errors: what is no source; columns that are none, or twice.
 * What Spark cannot do, and cells that are refused, are errors of the fit.
 */
export const sparkTable = <Block = Matrix>(
  connection: SparkConnection,
  source: RowSource,
  { mode = 'kernel', ...options }: SparkOptions,
): E.Either<SqlError, PlaceTable<Block>> =>
  pipe(
    mode === 'kernel' || mode === 'sql' ? E.right(mode) : invalidSource('mode', "'kernel' or 'sql'", mode),
    E.chain(() => sumsOn<Block>(engineOn(connection, mode), source, options)),
  )
