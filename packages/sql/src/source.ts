import * as E from 'fp-ts/lib/Either.js'
import { invalidSource, type SqlError } from './errors.js'

const key: unique symbol = Symbol('trusted')

/** Text of a statement that whoever wrote the program vouches for. */
export interface Trusted {
  readonly [key]: string
}

/**
 * A query, as it is. Nothing else that is given to this package becomes part of a statement but in quotes: this must not have
 * been made from what a user typed.
 */
export const trusted = (query: string): Trusted => ({ [key]: query })

/** Where rows are: a table or view, files by their names or patterns, or a query. */
export type RowSource =
  | { readonly table: string; readonly schema?: string }
  | { readonly parquet: string | ReadonlyArray<string> }
  | { readonly csv: string | ReadonlyArray<string> }
  | Trusted

export const isText = (value: unknown): value is string =>
  typeof value === 'string' && value !== '' && !value.includes('\0')

/** A name in the quotes of a database, whatever it holds. */
export const quotedBy =
  (mark: '"' | '`') =>
  (name: string): string =>
    `${mark}${name.replaceAll(mark, mark + mark)}${mark}`

export const quoted: (name: string) => string = quotedBy('"')

/** A text as a value of a statement. */
export const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`

const readers = { parquet: 'read_parquet', csv: 'read_csv' } as const

/** The names of columns, which are there and differ. Errors: others. */
export const checkNames = (what: string, names: unknown): E.Either<SqlError, ReadonlyArray<string>> => {
  if (!Array.isArray(names) || names.length === 0) return invalidSource(what, 'a list of names of columns', names)
  const wrong = names.findIndex(name => !isText(name))
  if (wrong >= 0) return invalidSource(`${what}[${wrong}]`, 'the name of a column', names[wrong])
  const again = names.findIndex((name, i) => names.indexOf(name) !== i)
  return again < 0
    ? E.right(names as ReadonlyArray<string>)
    : invalidSource(`${what}[${again}]`, 'a name that has not come before', names[again])
}

/** The name of a table, of a schema where that is told. Errors: others. */
export const placeOf = (table: unknown, schema: unknown, mark: '"' | '`' = '"'): E.Either<SqlError, string> => {
  if (!isText(table)) return invalidSource('table', 'the name of a table', table)
  if (schema === undefined) return E.right(quotedBy(mark)(table))
  return isText(schema)
    ? E.right(`${quotedBy(mark)(schema)}.${quotedBy(mark)(table)}`)
    : invalidSource('schema', 'a name', schema)
}

/** What comes after FROM. Errors: what is no source; files, of a database that reads none. */
export const fromOf = (
  source: unknown,
  database: 'duckdb' | 'postgres' | 'spark' = 'duckdb',
): E.Either<SqlError, string> => {
  if (typeof source !== 'object' || source === null)
    return invalidSource('source', 'one of { table }, { parquet }, { csv }, or trusted(query)', source)
  if (key in source) {
    const query = source[key]
    return isText(query) ? E.right(`(${query}\n)`) : invalidSource('trusted', 'a query', query)
  }
  const { table, schema, ...files } = source as Record<string, unknown>
  if (table !== undefined) return placeOf(table, schema, database === 'spark' ? '`' : '"')
  if (database === 'postgres') return invalidSource('source', 'one of { table }, or trusted(query)', source)
  for (const [name, reader] of Object.entries(readers)) {
    const given = files[name]
    if (given === undefined) continue
    const paths: ReadonlyArray<unknown> = Array.isArray(given) ? given : [given]
    if (database === 'spark' && name === 'parquet' && paths.length > 0 && paths.every(isText)) {
      const files = paths.map(path => `parquet.${quotedBy('`')(path)}`)
      return E.right(
        files.length === 1 ? files[0]! : `(${files.map(file => `SELECT * FROM ${file}`).join(' UNION ALL ')})`,
      )
    }
    if (database === 'spark') return invalidSource('source', 'one of { table }, { parquet }, or trusted(query)', source)
    if (paths.length > 0 && paths.every(isText)) return E.right(`${reader}([${paths.map(literal).join(', ')}])`)
    return invalidSource(name, 'the name of a file, a pattern, or a list of these', given)
  }
  return invalidSource('source', 'one of { table }, { parquet }, { csv }, or trusted(query)', source)
}
