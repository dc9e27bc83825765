import type { BlockPrediction, FitError, ModelPrediction, Table } from '@conjugate/models'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import type { WrittenTo } from './aggregate/write.js'
import { type Appender, append } from './appending.js'
import { askingOn, type Interruptible } from './asking.js'
import type { Origin } from './duckdb.js'
import { invalidSource, type SqlError } from './errors.js'
import { isText, literal, placeOf, quoted } from './source.js'

/** As much of a connection of `@duckdb/node-api` as is used to write. It stays its owner's, who closes it. */
export interface WritingConnection extends Interruptible {
  readonly run: (sql: string) => Promise<unknown>
  readonly createAppender: (table: string, schema?: string | null) => Promise<Appender>
}

/**
 * Where predictions are written: a table that is not there yet, or a parquet file. The connection is another one than that which
 * reads, since a statement ends where a connection begins the next one; it is in no transaction.
 */
export type PredictionTarget = { readonly connection: WritingConnection } & (
  | { readonly table: string; readonly schema?: string }
  | { readonly parquet: string }
)

/** What is written of each row besides its component. */
export interface PredictionOptions {
  /** The columns by which a row is known, of any types; by default its number from 0 on, as `row`. */
  readonly key?: ReadonlyArray<string>
  /** Whether log p(x) is written, in nats, as `log_prob`. */
  readonly logProb?: boolean
  /** Whether the probabilities of the components are written, as `responsibility_0` and so on. */
  readonly responsibilities?: boolean
  /** Ends the work, of which nothing is left. */
  readonly signal?: AbortSignal
}

export type Failed = FitError | SqlError

/** The error of what was not written. */
export const failed = (reason: string): E.Either<SqlError, never> => E.left({ _tag: 'WritingFailed', reason })

/** Where rows are appended, and how that ends well. */
export interface Written {
  readonly name: string
  readonly schema: string | undefined
  readonly create: (columns: string) => string
  readonly end: ReadonlyArray<string>
}

/** How a target is written. Errors: what is none. */
export const writtenTo = (target: WrittenTo): E.Either<SqlError, Written> => {
  const { table, schema, parquet } = (target ?? {}) as { readonly [name in 'table' | 'schema' | 'parquet']?: unknown }
  if (parquet === undefined)
    return pipe(
      placeOf(table, schema),
      E.map(place => ({
        name: table as string,
        schema: schema as string | undefined,
        create: (columns: string) => `CREATE TABLE ${place} (${columns})`,
        end: ['COMMIT'],
      })),
    )
  if (!isText(parquet)) return invalidSource('target.parquet', 'the name of a file', parquet)
  const name = 'conjugate_predictions'
  return E.right({
    name,
    schema: undefined,
    create: (columns: string) => `CREATE TEMP TABLE ${quoted(name)} (${columns})`,
    // A file that is there is replaced once the new one is whole.
    end: [`COPY ${quoted(name)} TO ${literal(parquet)} (FORMAT parquet, USE_TMP_FILE true)`, 'ROLLBACK'],
  })
}

/** What is asked before the rows: how many there are, and of which types their keys are. */
const surveyed = ({ connection, from }: Origin, key: ReadonlyArray<string>, signal: AbortSignal | undefined) =>
  askingOn(connection, signal).ask(async () => {
    const counted = await (await connection.stream(`SELECT count(*) FROM ${from}`)).fetchChunk()
    const rows = Number(counted!.getColumnValues(0)[0])
    if (key.length === 0) return { rows, types: [] }
    const result = await connection.stream(`SELECT ${key.map(quoted).join(', ')} FROM ${from} LIMIT 0`)
    return { rows, types: key.map((_, i) => String(result.columnType(i))) }
  })

/** Writes the rows of a table, in a transaction that has begun. Errors: those of predictions; what came was not all. Throws what a database says. */
export const write = async (
  origin: Origin,
  written: Written,
  connection: WritingConnection,
  { key = [], logProb = false, responsibilities = false, signal }: PredictionOptions,
  predictions: (table: Table<object>) => AsyncIterable<E.Either<FitError, BlockPrediction<object, ModelPrediction>>>,
): Promise<E.Either<Failed, { readonly rows: number }>> => {
  const { rows, types } = await surveyed(origin, key, signal)
  const keys = key.length === 0 ? ['"row" BIGINT'] : key.map((name, i) => `${quoted(name)} ${types[i]}`)
  const asking = askingOn(connection, signal)
  const { table, readOf } = origin.beside(key, signal)
  let [appender, count, done]: [Appender | undefined, number, number] = [undefined, 0, 0]
  const begin = async (components: number): Promise<Appender> => {
    const each = Array.from({ length: responsibilities ? components : 0 }, (_, k) => `"responsibility_${k}" DOUBLE`)
    const columns = [...keys, '"component" INTEGER', ...(logProb ? ['"log_prob" DOUBLE'] : []), ...each]
    count = columns.length
    await asking.ask(() => connection.run(written.create(columns.join(', '))))
    return connection.createAppender(written.name, written.schema)
  }
  const waiting: BlockPrediction<object, ModelPrediction>[] = []
  for await (const next of predictions(table)) {
    if (signal?.aborted) return failed('it was cancelled')
    if (E.isLeft(next)) return next
    waiting.push(next.right)
    const components = next.right.prediction.responsibilities.columns
    // How many components there are is told by the first row that counts.
    if (components === 0 && appender === undefined) continue
    appender ??= await begin(components)
    for (const block of waiting.splice(0)) {
      const read = readOf(block.block)
      append(appender, read, block, { logProb, responsibilities }, count)
      done += read.rows
    }
  }
  if (appender === undefined) return E.left({ _tag: 'NoRows' })
  appender.closeSync()
  if (done !== rows) return failed(`${done} rows came, of ${rows}: the connection that reads was used by another`)
  for (const statement of written.end) await asking.ask(() => connection.run(statement))
  return E.right({ rows })
}
