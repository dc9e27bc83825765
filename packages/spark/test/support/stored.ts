import { describeSparkError, type SparkConnection } from '@conjugate/spark'
import { trusted } from '@conjugate/sql'
import { right, storedCells } from '@conjugate/testing'
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

/** A name in Spark's quotes. */
export const quoted = (name: string): string => `\`${name.replaceAll('`', '``')}\``

/**
 * Observations as a table with a key, `id`: a list of numbers in a cell takes as many columns. Gives the columns by the names in the
 * model.
 */
export const stored = async (statements: Statements, table: string, observations: ReadonlyArray<unknown>) => {
  const { columns, names, rows } = storedCells(observations)
  const values = rows.map((row, n) => {
    const cells = row.map(v => (v === null ? 'CAST(NULL AS DOUBLE)' : `${Object.is(v, -0) ? 0 : v}D`))
    return `(${[n, ...cells].join(', ')})`
  })
  await command(
    statements,
    `CREATE TABLE ${table} USING parquet AS SELECT * FROM VALUES ${values.join(', ')} AS t(id, ${names.map(quoted).join(', ')})`,
  )
  return columns
}
