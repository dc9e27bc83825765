import {
  type AMixture,
  type BlockPrediction,
  type FitError,
  type ModelPrediction,
  type PlaceTable,
  predictBlocks,
  type Table,
  type TypesOf,
  writeToPlace,
} from '@conjugate/models'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { TAKEN, type WrittenTo } from './aggregate/write.js'
import { type Appender, append } from './appending.js'
import { type Origin, originOf } from './duckdb.js'
import { invalidSource, type SqlError } from './errors.js'
import { firstLine } from './reading.js'
import { checkNames, isText, literal, placeOf, quoted } from './source.js'

/** As much of a connection of `@duckdb/node-api` as is used to write. It stays its owner's, who closes it. */
export interface WritingConnection {
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

type Failed = FitError | SqlError

const failed = (reason: string): E.Either<SqlError, never> => E.left({ _tag: 'WritingFailed', reason })

/** Where rows are appended, and how that ends well. */
interface Written {
  readonly name: string
  readonly schema: string | undefined
  readonly create: (columns: string) => string
  readonly end: ReadonlyArray<string>
}

const writtenTo = (target: WrittenTo): E.Either<SqlError, Written> => {
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
const surveyed = async ({ connection, from }: Origin, key: ReadonlyArray<string>) => {
  const counted = await (await connection.stream(`SELECT count(*) FROM ${from}`)).fetchChunk()
  const rows = Number(counted!.getColumnValues(0)[0])
  if (key.length === 0) return { rows, types: [] }
  const result = await connection.stream(`SELECT ${key.map(quoted).join(', ')} FROM ${from} LIMIT 0`)
  return { rows, types: key.map((_, i) => String(result.columnType(i))) }
}

const write = async (
  origin: Origin,
  written: Written,
  connection: WritingConnection,
  { key = [], logProb = false, responsibilities = false, signal }: PredictionOptions,
  predictions: (table: Table<object>) => AsyncIterable<E.Either<FitError, BlockPrediction<object, ModelPrediction>>>,
): Promise<E.Either<Failed, { readonly rows: number }>> => {
  const { rows, types } = await surveyed(origin, key)
  const keys = key.length === 0 ? ['"row" BIGINT'] : key.map((name, i) => `${quoted(name)} ${types[i]}`)
  const { table, readOf } = origin.beside(key)
  let [appender, count, done]: [Appender | undefined, number, number] = [undefined, 0, 0]
  const begin = async (components: number): Promise<Appender> => {
    const each = Array.from({ length: responsibilities ? components : 0 }, (_, k) => `"responsibility_${k}" DOUBLE`)
    const columns = [...keys, '"component" INTEGER', ...(logProb ? ['"log_prob" DOUBLE'] : []), ...each]
    count = columns.length
    await connection.run(written.create(columns.join(', ')))
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
  for (const statement of written.end) await connection.run(statement)
  return E.right({ rows })
}

const checkKey = (key: ReadonlyArray<string> | undefined): E.Either<SqlError, ReadonlyArray<string>> =>
  key === undefined
    ? E.right([])
    : pipe(
        checkNames('key', key),
        E.chain(names => {
          const taken = names.findIndex(name => TAKEN.test(name))
          return taken < 0
            ? E.right(names)
            : invalidSource(`key[${taken}]`, 'a name that no column of predictions has', names[taken])
        }),
      )

/**
 * Writes what a fitted mixture says of the rows of {@link duckdbRows} or {@link duckdbTable} where they are kept, a row for each,
 * in their order: its key, the number of its component (-1 where none is possible), and what is asked for besides. All is NULL of rows of weight 0.
 * Few rows are in memory at a time; of rows that a database sums (`duckdbSums`, `postgresSums`) none are, since it writes them itself, under
 * the key of their table. It appears whole or not at all. Errors: those of `predictBlocks`; what is no target; what the database
 * cannot do, in one line, such as a table that is there already.
 */
export const writePredictions = <M extends AMixture, Block extends TypesOf<M>['data']>(
  model: M | E.Either<FitError, M>,
  fitted: TypesOf<M>['parameters'],
  table: Table<Block>,
  target: PredictionTarget | WrittenTo,
  options: PredictionOptions = {},
): TE.TaskEither<Failed, { readonly rows: number }> =>
  typeof table === 'object' && table !== null && 'place' in table
    ? writtenThere(model as never, fitted as never, table as unknown as PlaceTable<never>, target, options)
    : writtenHere(model, fitted, table, target as PredictionTarget, options)

/** By the database that has the rows. */
const writtenThere = (
  model: never,
  fitted: never,
  table: PlaceTable<never>,
  given: WrittenTo & { readonly connection?: unknown },
  { key, logProb, responsibilities, signal }: PredictionOptions,
): TE.TaskEither<Failed, { readonly rows: number }> => {
  const { connection: _, ...target } = given ?? {}
  return pipe(
    key === undefined ? E.right(undefined) : invalidSource('key', 'none: rows have that of their table', key),
    E.chain(() => writtenTo(target)),
    TE.fromEither,
    TE.chainW(() =>
      writeToPlace(model, fitted, table, {
        said: {
          assignments: 'component',
          ...(logProb && { logProb: 'log_prob' }),
          ...(responsibilities && { responsibilities: 'responsibility_' }),
        },
        target,
        signal,
      }),
    ),
    TE.map(rows => ({ rows })),
  )
}

/** By the kernel, which reads the rows. */
const writtenHere = <M extends AMixture, Block extends TypesOf<M>['data']>(
  model: M | E.Either<FitError, M>,
  fitted: TypesOf<M>['parameters'],
  table: Table<Block>,
  target: PredictionTarget,
  options: PredictionOptions,
): TE.TaskEither<Failed, { readonly rows: number }> =>
  pipe(
    E.Do,
    E.bind('origin', () => {
      const origin = originOf(table)
      return origin ? E.right(origin) : invalidSource('table', 'rows of duckdbRows or duckdbTable', table)
    }),
    E.bind('written', () => writtenTo(target)),
    E.chainFirst(() => checkKey(options.key)),
    E.chainFirst(({ origin }) =>
      (target.connection as unknown) === origin.connection
        ? invalidSource('target.connection', 'another connection than the one that reads', 'the same one')
        : E.right(undefined),
    ),
    TE.fromEither,
    TE.chain(({ origin, written }) => async (): Promise<E.Either<Failed, { readonly rows: number }>> => {
      const { connection } = target
      const ask = predictBlocks as unknown as (
        ...args: ReadonlyArray<unknown>
      ) => AsyncIterable<E.Either<FitError, BlockPrediction<object, ModelPrediction>>>
      try {
        await connection.run('BEGIN TRANSACTION')
      } catch (error) {
        return failed(firstLine(error).message)
      }
      let found: E.Either<Failed, { readonly rows: number }>
      try {
        found = await write(origin, written, connection, options, rows => ask(model, fitted, rows))
      } catch (error) {
        found = failed(firstLine(error).message)
      }
      if (E.isLeft(found)) await connection.run('ROLLBACK').catch(() => undefined)
      return found
    }),
  )
