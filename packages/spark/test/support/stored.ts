import { describeSparkError, type SparkConnection, sparkTable } from '@conjugate/spark'
import { right } from '@conjugate/testing'
import * as E from 'fp-ts/lib/Either.js'
import { expect } from 'vitest'
import type { Database } from '../../../sql/test/support/databases.js'
import { inside, type Statements } from '../../dist/internals.js'
import type { Column } from '../../dist/protocol/arrow.js'

/** Has a statement done that changes something. */
export const command = async (statements: Statements, query: string): Promise<void> => {
  const found = await statements.run({ _tag: 'Command', query })
  if (E.isLeft(found)) expect.fail(describeSparkError(found.left))
}

/** The columns of a query. */
export const columnsOf = async (statements: Statements, query: string): Promise<ReadonlyArray<Column>> => {
  const found = await statements.run({ _tag: 'Query', query })
  return E.isRight(found) ? found.right : expect.fail(describeSparkError(found.left))
}

/** A name in Spark's quotes. */
export const quoted = (name: string): string => `\`${name.replaceAll('`', '``')}\``

/** A connection as one of the databases that suites are about; it is opened and closed by whoever made it. */
export const sparkDatabase = (connection: () => SparkConnection, mode: 'kernel' | 'sql'): Database => {
  const statements = (): Statements => connection()[inside].statements
  return {
    name: mode,
    open: async () => {},
    close: async () => {},
    run: sql => command(statements(), sql),
    rows: async sql => {
      const columns = await columnsOf(statements(), sql)
      return Array.from({ length: columns[0]?.length ?? 0 }, (_, n) => columns.map(column => column[n]))
    },
    tables: async () => (await columnsOf(statements(), 'SHOW TABLES'))[1] as ReadonlyArray<string>,
    sums: (source, options) =>
      right(sparkTable(connection(), typeof source === 'string' ? { table: source } : source, { ...options, mode })),
    quoted,
    double: 'DOUBLE',
    // Letters and digits are all that a table's name may have.
    hostileTable: 'plain',
    groups: mode === 'sql',
  }
}
