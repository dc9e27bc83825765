import type { FitError, RowPlan, Said } from '@conjugate/models'
import * as E from 'fp-ts/lib/Either.js'
import { invalidSource } from '../errors.js'
import { isText } from '../source.js'
import { cellsSql, type Stored } from './columns.js'
import type { Engine } from './engine.js'
import { saidSql } from './expectation.js'
import type { Asked } from './logits.js'

/** Where what is said of rows is written by the database itself: a table that is not there yet, or a parquet file. */
export type WrittenTo = { readonly table: string; readonly schema?: string } | { readonly parquet: string }

interface Writing {
  readonly stored: Stored
  readonly plan: RowPlan
  readonly asked: Asked
  readonly said: Said
  readonly join: { readonly join: string; readonly sql: string } | undefined
  readonly target: unknown
  readonly signal: AbortSignal
}

/** Names of columns that are written beside keys. */
export const TAKEN: RegExp = /^(component|log_prob|responsibility_\d+)$/i

const fresh = (): string => `conjugate_${crypto.randomUUID().replaceAll('-', '')}`

const count = (rows: ReadonlyArray<ReadonlyArray<unknown>>): number => Number(rows[0]?.[0] ?? 0)

/**
 * Writes one row for each that is stored: under a name that nobody has, which then becomes the one that was asked for. Of what fails
 * nothing is left.
 */
export const written = async (
  engine: Engine,
  { stored, plan, asked, said, join, target, signal }: Writing,
): Promise<E.Either<FitError, number>> => {
  const { dialect: d } = engine
  const taken = stored.key.find(name => TAKEN.test(name))
  if (stored.key.length === 0 || taken !== undefined)
    return E.left({
      _tag: 'InvalidOption',
      option: 'key of the table',
      expected: 'columns by which its rows are known, of names that no column of predictions has',
      received: taken === undefined ? 'none' : JSON.stringify(taken),
    })
  const query = saidSql(asked, cellsSql(d, stored, plan, { keyed: true, all: true }), stored.key, said, join)
  const run = (sql: string) => engine.query(sql, signal)
  const rows = count(await run(`SELECT count(*) AS n FROM ${stored.from}`))
  const { table, schema, parquet } = target as { readonly [name in 'table' | 'schema' | 'parquet']?: unknown }
  if (parquet !== undefined) {
    if (engine.copyTo === undefined || !isText(parquet))
      return invalidSource('target.parquet', 'a file, which this database can write', parquet) as E.Either<never, never>
    await engine.copyTo(query, parquet, signal)
    return E.right(rows)
  }
  const place = (name: string): string =>
    (schema === undefined ? '' : `${d.quoted(schema as string)}.`) + d.quoted(name)
  const own = fresh()
  try {
    await run(`CREATE TABLE ${place(own)} AS ${query}`)
    const found = count(await run(`SELECT count(*) AS n FROM ${place(own)}`))
    if (found !== rows) throw new Error(`${found} rows were written, of ${rows}`)
    // Spark takes a name without a schema for one of the schema of the session.
    const name = d.name === 'spark' ? place(table as string) : d.quoted(table as string)
    await run(`ALTER TABLE ${place(own)} RENAME TO ${name}`)
    return E.right(rows)
  } catch (error) {
    await engine.query(`DROP TABLE IF EXISTS ${place(own)}`, new AbortController().signal).catch(() => undefined)
    throw error
  }
}
