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
import { originOf } from './duckdb.js'
import { invalidSource, type SqlError } from './errors.js'
import { lineOf } from './lines.js'
import { checkNames } from './source.js'
import { type Failed, failed, type PredictionOptions, type PredictionTarget, write, writtenTo } from './writing.js'

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
        return failed(lineOf(error))
      }
      let found: E.Either<Failed, { readonly rows: number }>
      try {
        found = await write(origin, written, connection, options, rows => ask(model, fitted, rows))
      } catch (error) {
        found = failed(options.signal?.aborted ? 'it was cancelled' : lineOf(error))
      }
      if (E.isLeft(found)) await connection.run('ROLLBACK').catch(() => undefined)
      return found
    }),
  )
