import { describeFitError, type FitError, fit, gaussianMixture } from '@conjugate/models'
import { type Connection, describeSqlError, duckdbRows, duckdbSums, postgresSums, type SqlError } from '@conjugate/sql'
import { type DuckDB, duckdb, hasDatabases, right } from '@conjugate/testing'
import * as E from 'fp-ts/lib/Either.js'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

const model = gaussianMixture({ components: 2 })
const columns = ['x', 'y']

const errors = {
  'a connection that is reset': Object.assign(new Error('read ECONNRESET 10.1.2.3:443'), { code: 'ECONNRESET' }),
  'a file that is elsewhere': new Error("IO Error: Connection error for HTTP GET to 'https://bob:secret@10.1.2.3/a'"),
  'a server that has too much to do': new Error('HTTP Error: HTTP GET error (HTTP 503)\nmore'),
}
type Name = keyof typeof errors

describe.skipIf(!hasDatabases)('what only reads is asked again where its connection breaks', () => {
  let connection: DuckDB
  beforeAll(async () => {
    connection = await duckdb()
    await connection.run(
      'CREATE TABLE clouds AS SELECT range % 2 * 9.0 + sin(range) AS x, cos(range) AS y, range AS id FROM range(9000)',
    )
  })
  afterAll(() => connection?.closeSync())

  /** The same connection, of which the statements of some numbers break, before they begin or after some chunks. Counts statements. */
  const breaking = (error: Error, at: ReadonlyArray<number>, chunks = 0) => {
    const seen = { statements: 0 }
    const from: Connection & { readonly interrupt: () => void } = {
      interrupt: () => connection.interrupt(),
      stream: async sql => {
        const breaks = at.includes(++seen.statements)
        if (breaks && chunks === 0) throw error
        const result = await connection.stream(sql)
        let left = chunks
        return {
          columnType: column => result.columnType(column),
          fetchChunk: async () => {
            if (breaks && left-- === 0) throw error
            return result.fetchChunk()
          },
        }
      },
    }
    return { seen, from }
  }
  const all = Object.keys(errors) as ReadonlyArray<Name>

  test.each(all)('%s, while rows are read: before the first and behind some', async name => {
    const read = (from: Connection, patience = 30) =>
      right(duckdbRows(from, { table: 'clouds' }, { columns, patience, blockRows: 1500 }))
    const settings = { iterations: 3 }
    const whole = right(await fit(model, read(connection), settings)())
    for (const chunks of [0, 1, 3]) {
      const { seen, from } = breaking(errors[name], [1, 3, 6, 7], chunks)
      const found = right(await fit(model, read(from), settings)())
      expect(found.objectives).toEqual(whole.objectives)
      expect(found.components).toEqual(whole.components)
      expect(seen.statements).toBe(3 + settings.iterations + 1 + 4)
    }
    // One that breaks every time before anything new comes is not asked for ever.
    for (const chunks of [0, 2]) {
      const { from } = breaking(errors[name], [...Array(999).keys()], chunks)
      const never = await fit(model, read(from, 0.3), settings)()
      if (E.isRight(never)) return expect.fail('succeeded')
      const line = describeFitError(never.left)
      expect(line).toMatch(/ECONNRESET|Connection error for HTTP GET|HTTP 503/)
      expect(line).not.toMatch(/10\.1\.2\.3|secret|more|\n/)
    }
  })

  test.each(all)('%s, while they are summed', async name => {
    const sums = (from: Connection & { readonly interrupt: () => void }) =>
      right(duckdbSums(from, { table: 'clouds' }, { columns, key: 'id' }))
    const whole = right(await fit(model, sums(connection), { iterations: 3 })())
    const counted = breaking(errors[name], [])
    await fit(model, sums(counted.from), { iterations: 3 })()
    const { seen, from } = breaking(errors[name], [1, 2, 4, 7])
    const found = right(await fit(model, sums(from), { iterations: 3 })())
    expect(found.objectives).toHaveLength(whole.objectives.length)
    expect(seen.statements).toBe(counted.seen.statements + 4)
  })

  test.each([
    ['an error of the statement', new Error('Binder Error: Referenced column "z" not found')],
    ['a file that is not there', new Error("HTTP Error: HTTP GET error on 'https://a.b/c' (HTTP 404)")],
    ['who is not allowed', Object.assign(new Error('no password'), { code: '28P01' })],
    ['a disk that is full', new Error('IO Error: no space')],
  ])('%s is told at once', async (_, error) => {
    const { seen, from } = breaking(error, [1, 2])
    for (const data of [
      duckdbRows(from, { table: 'clouds' }, { columns }),
      duckdbSums(from, { table: 'clouds' }, { columns }),
    ]) {
      const found = await (fit as (...args: ReadonlyArray<unknown>) => () => Promise<E.Either<FitError, unknown>>)(
        model,
        right(data as E.Either<SqlError, object>),
      )()
      expect(E.isLeft(found)).toBe(true)
    }
    expect(seen.statements).toBe(2)
  })
})

test('what is no patience is told', () => {
  const connection = {
    stream: () => Promise.reject(new Error('asked')),
    interrupt: () => undefined,
    query: () => Promise.reject(new Error('asked')),
  }
  for (const patience of [-1, Number.NaN, '3'])
    for (const make of [duckdbRows, duckdbSums, postgresSums]) {
      const made: E.Either<SqlError, unknown> = make(connection, { table: 'a' }, { columns, patience } as never)
      if (E.isRight(made)) return expect.fail('was made')
      expect(describeSqlError(made.left)).toMatch(/^patience: .*expected a number of seconds/)
    }
})
