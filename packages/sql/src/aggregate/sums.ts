import { type PlaceTable, type PlanCell, placeTable } from '@conjugate/models'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { invalidSource, type SqlError } from '../errors.js'
import { checkNames, fromOf, isText, type RowSource } from '../source.js'
import type { Engine } from './engine.js'
import { type Grouping, sqlPlace } from './place.js'

/** Which columns the model is of: their names, or for each name in the model the column, or the columns of a list of numbers. */
export type ColumnNames = ReadonlyArray<string> | Readonly<Record<string, string | ReadonlyArray<string>>>

/** Which columns of the rows mean what. */
export interface SumsOptions {
  readonly columns: ColumnNames
  /** The column by which each row counts, which holds nonnegative numbers. */
  readonly weight?: string
  /** The column of labels that are known: the number of a component, and NULL or -1 where none is. */
  readonly label?: string
  /** The columns by which a row is known: errors tell them, samples are drawn by them, and predictions have them. */
  readonly key?: string | ReadonlyArray<string>
  /**
   * Whether equal rows are summed once in each pass: `auto`, the default, does so where rows that were drawn by their values show that
   * there are four of each, or more.
   */
  readonly groupRows?: Grouping
}

const named = (columns: unknown): E.Either<SqlError, ReadonlyMap<string, ReadonlyArray<string>>> => {
  const entries: ReadonlyArray<readonly [string, unknown]> = Array.isArray(columns)
    ? columns.map(name => [String(name), [name]] as const)
    : typeof columns === 'object' && columns !== null
      ? Object.entries(columns).map(([name, own]) => [name, Array.isArray(own) ? own : [own]] as const)
      : []
  return pipe(
    checkNames(
      'columns',
      entries.flatMap(([, own]) => own),
    ),
    E.map(() => new Map(entries as ReadonlyArray<readonly [string, ReadonlyArray<string>]>)),
  )
}

const optionalName = (what: string, name: unknown): E.Either<SqlError, unknown> =>
  name === undefined || isText(name) ? E.right(name) : invalidSource(what, 'the name of a column', name)

/**
 * Rows that an engine sums, for `fit`: none of them but a sample come here. Errors: what is no source of this engine; columns that are
 * none, or twice.
 */
export const sumsOn = <Block = never>(
  engine: Engine,
  source: RowSource,
  options: SumsOptions,
): E.Either<SqlError, PlaceTable<Block>> =>
  pipe(
    typeof options === 'object' && options !== null
      ? fromOf(source, engine.dialect.name)
      : invalidSource('options', 'an object of columns and what else is known of rows', options),
    E.bindTo('from'),
    E.bind('columns', () => named(options.columns)),
    E.chainFirst(() => optionalName('weight', options.weight)),
    E.chainFirst(() => optionalName('label', options.label)),
    E.bind('key', () =>
      options.key === undefined
        ? E.right([])
        : checkNames('key', typeof options.key === 'string' ? [options.key] : options.key),
    ),
    E.chainFirst(() =>
      [undefined, true, false, 'auto'].includes(options.groupRows)
        ? E.right(undefined)
        : invalidSource('groupRows', "true, false or 'auto'", options.groupRows),
    ),
    E.map(({ from, columns, key }) =>
      placeTable<Block>(
        sqlPlace(engine, {
          columns: [...columns.keys()],
          grouping: options.groupRows ?? 'auto',
          stored: {
            from: `${from} AS conjugate_source`,
            // What the model has and the options do not is told by the database, which lacks it.
            columnOf: ({ column, part }: PlanCell) => columns.get(column)?.[part ?? 0] ?? column,
            weight: options.weight,
            label: options.label,
            key,
          },
        }),
      ),
    ),
  )
