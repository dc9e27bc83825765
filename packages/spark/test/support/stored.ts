import { describeSparkError, type SparkConnection } from '@conjugate/spark'
import { trusted } from '@conjugate/sql'
import { right } from '@conjugate/testing'
import * as E from 'fp-ts/lib/Either.js'
import { expect } from 'vitest'
import type { Statements } from '../../dist/internals.js'

/** Has a statement done that changes something. */
export const command = async (statements: Statements, query: string): Promise<void> => {
  const found = await statements.run({ _tag: 'Command', query })
  if (E.isLeft(found)) expect.fail(describeSparkError(found.left))
}

/** The columns of a query, all of numbers. */
export const numbersOf = async (connection: SparkConnection, query: string): Promise<ReadonlyArray<Float64Array>> =>
  right(await connection.read(trusted(query))()) as ReadonlyArray<Float64Array>

type Cell = number | null | ReadonlyArray<number>

/** A name in Spark's quotes. */
export const quoted = (name: string): string => `\`${name.replaceAll('`', '``')}\``

/**
 * Observations as a table with a key, `id`: a list of numbers in a cell takes as many columns. Gives the columns by the names in the
 * model.
 */
export const stored = async (statements: Statements, table: string, observations: ReadonlyArray<unknown>) => {
  const isNumber = typeof observations[0] === 'number'
  const rows = observations.map(o => (isNumber ? { x: o } : (o as object))) as ReadonlyArray<Record<string, Cell>>
  const names = Object.keys(rows[0]!)
  const sizeOf = (name: string): number => {
    const cell = rows.find(row => row[name] !== null)![name]
    return typeof cell === 'number' ? 1 : (cell as ReadonlyArray<number>).length
  }
  const columns = Object.fromEntries(
    names.map(name => [
      name,
      sizeOf(name) === 1 ? `c_${name}` : Array.from({ length: sizeOf(name) }, (_, i) => `c_${name}_${i}`),
    ]),
  )
  const values = rows.map((row, n) => {
    const cells = names.flatMap(name => {
      const cell = row[name]!
      if (cell === null) return new Array<string>(sizeOf(name)).fill('CAST(NULL AS DOUBLE)')
      return (typeof cell === 'number' ? [cell] : cell).map(v => `${Object.is(v, -0) ? 0 : v}D`)
    })
    return `(${[n, ...cells].join(', ')})`
  })
  const all = Object.values(columns).flat().map(quoted)
  await command(
    statements,
    `CREATE TABLE ${table} USING parquet AS SELECT * FROM VALUES ${values.join(', ')} AS t(id, ${all.join(', ')})`,
  )
  return columns
}
