import { quotedBy } from '../source.js'

/** How statements are written for a database. */
export interface Dialect {
  readonly name: 'duckdb' | 'postgres' | 'spark'
  /** A name in quotes, whatever it holds. */
  readonly quoted: (name: string) => string
  /** A number that is finite, as one of 8 bytes. */
  readonly number: (value: number) => string
  readonly double: (expression: string) => string
  readonly text: (expression: string) => string
  readonly exp: (expression: string) => string
  /** A sum of many numbers of one sign that keeps more digits, where there is one. */
  readonly exactSum: (expression: string) => string
  /** How the parts of a statement are told to be computed, so that it takes the time of one. */
  readonly as: string
  /** A number from 0 to 1, 1 excluded, that follows from values and a seed. */
  readonly uniform: (expressions: ReadonlyArray<string>, seed: number) => string
  /** Several columns as one, where there may not be as many. */
  readonly together?: (expressions: ReadonlyArray<string>) => string
}

/** A decimal that is read as the same number of 8 bytes. */
const decimal = (value: number): string => {
  // Numbers of statements follow from densities, which have been checked.
  if (!Number.isFinite(value)) throw new RangeError('a number of a statement is not finite')
  const text = String(Math.abs(value))
  return `${value < 0 ? '-' : ''}${text.includes('e') ? text : `${text}e0`}`
}

const cast = (type: string) => (expression: string) => `CAST(${expression} AS ${type})`

/** That of DuckDB. */
export const duckdbDialect: Dialect = {
  name: 'duckdb',
  quoted: quotedBy('"'),
  number: value => `(${decimal(value)})`,
  double: cast('DOUBLE'),
  text: cast('VARCHAR'),
  exp: e => `exp(${e})`,
  exactSum: e => `fsum(${e})`,
  as: 'AS NOT MATERIALIZED',
  uniform: (es, seed) => `(CAST(hash(${[seed, ...es].join(', ')}) AS DOUBLE) / 18446744073709551616e0)`,
}

/** That of Postgres. */
export const postgresDialect: Dialect = {
  name: 'postgres',
  quoted: quotedBy('"'),
  number: value => `(${decimal(value)})::double precision`,
  double: cast('double precision'),
  text: cast('text'),
  // An underflow is an error there; what is left out is far below the rounding of what is not.
  exp: e => `CASE WHEN ${e} > -500 THEN exp(greatest(${e}, -500)) ELSE 0 END`,
  exactSum: e => `sum(${e})`,
  as: 'AS MATERIALIZED',
  uniform: (es, seed) =>
    `((hashtextextended(concat_ws(',', ${es.map(cast('text')).join(', ')}), ${seed})::double precision + 9223372036854775808) / 18446744073709551616)`,
  together: es => `ARRAY[${es.join(', ')}]`,
}

/** That of Spark. */
export const sparkDialect: Dialect = {
  name: 'spark',
  quoted: quotedBy('`'),
  number: value => `(${decimal(value)}D)`,
  double: cast('DOUBLE'),
  text: cast('STRING'),
  exp: e => `exp(${e})`,
  exactSum: e => `sum(${e})`,
  as: 'AS',
  uniform: (es, seed) =>
    `((CAST(xxhash64(${[seed, ...es].join(', ')}) AS DOUBLE) + 9223372036854775808D) / 18446744073709551616D)`,
}

/** The greatest of some expressions, those that are NULL left out. */
export const greatest = (expressions: ReadonlyArray<string>): string =>
  expressions.length === 1 ? expressions[0]! : `greatest(${expressions.join(', ')})`

/** A chain of queries, each of which reads the one before it: names, and what each is. */
export type Chain = ReadonlyArray<readonly [name: string, query: string]>

/** A statement of a chain and what is asked of its last query. */
export const statementOf = ({ as }: Dialect, chain: Chain, select: string): string =>
  `WITH ${chain.map(([name, query]) => `${name} ${as} (${query})`).join(',\n')}\n${select}`
