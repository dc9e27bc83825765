import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describeFitError, type FitError, fit, gaussianMixture } from '@conjugate/models'
import {
  describeSqlError,
  duckdbRows,
  duckdbSums,
  duckdbTable,
  type SqlError,
  trusted,
  writePredictions,
} from '@conjugate/sql'
import { type DuckDB, duckdbConnections, hasDatabases, right } from '@conjugate/testing'
import * as E from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

/** In milliseconds: within this nothing of a fit that is to stop runs any more. */
const AT_ONCE = 10_000

const model = gaussianMixture({ components: 2 })
const columns = ['x', 'y']

/** Of which the first row comes after hours: one that is found after all have been looked at, and one that nobody finds. */
const sources = {
  'a sum over all': 'SELECT avg(sin(a.range + b.range)) AS x, 1.0 AS y FROM range(10000000) a, range(10000000) b',
  'a search': 'SELECT range::DOUBLE AS x, 1.0 AS y FROM range(9000000000000) WHERE hash(range) = 0',
}

const tables = {
  duckdbRows: (connection: DuckDB, sql: string) => duckdbRows(connection, trusted(sql), { columns }),
  duckdbTable: (connection: DuckDB, sql: string) => duckdbTable(connection, trusted(sql), { columns }),
  duckdbSums: (connection: DuckDB, sql: string) => duckdbSums(connection, trusted(sql), { columns, key: 'x' }),
}

describe.skipIf(!hasDatabases)('a statement that would run for hours is stopped where it runs', () => {
  let [reads, writes] = [undefined as unknown as DuckDB, undefined as unknown as DuckDB]
  beforeAll(async () => {
    const [first, second] = await duckdbConnections(2)
    ;[reads, writes] = [first!, second!]
  })
  afterAll(() => {
    reads?.closeSync()
    writes?.closeSync()
  })
  const fitted = fit as unknown as (model: unknown, data: unknown, options: object) => TaskEither<FitError, unknown>

  const cases = Object.keys(tables).flatMap(name => Object.keys(sources).map(source => [name, source] as const))
  test.each(cases as ReadonlyArray<readonly [keyof typeof tables, keyof typeof sources]>)(
    '%s of %s, by a signal and by time',
    async (name, source) => {
      const data = right(tables[name](reads, sources[source]) as E.Either<SqlError, object>)
      const controller = new AbortController()
      setTimeout(() => controller.abort(), 200)
      for (const [options, message] of [
        [{ signal: controller.signal }, /cancelled/],
        [{ timeLimit: 200 }, /the time limit has passed/],
      ] as const) {
        const began = performance.now()
        const found = await fitted(model, data, options)()
        if (E.isRight(found)) return expect.fail('succeeded')
        expect(describeFitError(found.left)).toMatch(message)
        // The connection answers, which it does when nothing else runs.
        expect((await reads.runAndReadAll('SELECT 1')).getRowsJS()).toEqual([[1]])
        expect(performance.now() - began).toBeLessThan(AT_ONCE)
      }
    },
    60_000,
  )

  test('what is written of rows as well, while they are counted and while they are read', async () => {
    await reads.run('CREATE TABLE few AS SELECT range % 2 * 9.0 + sin(range) AS x, cos(range) AS y FROM range(500)')
    const parameters = right(
      await fit(model, right(duckdbRows(reads, { table: 'few' }, { columns })), { iterations: 1 })(),
    )
    const slow = `${sources['a search']} OR range < 5000`
    /** The same connection, which says at once how many rows there are. */
    const counting = {
      interrupt: () => reads.interrupt(),
      stream: (sql: string) => reads.stream(/count/.test(sql) ? 'SELECT 5000' : sql),
    }
    const folder = await mkdtemp(join(tmpdir(), 'conjugate-stopping-'))
    const said = { table: 'said' }
    for (const [from, target] of [
      [reads, said],
      [counting, said],
      [counting, { parquet: join(folder, 'said.parquet') }],
    ] as const) {
      const controller = new AbortController()
      const began = performance.now()
      setTimeout(() => controller.abort(), 200)
      const rows = right(duckdbRows(from, trusted(slow), { columns, blockRows: 1000 }))
      const found = await writePredictions(
        model,
        parameters,
        rows,
        { connection: writes, ...target },
        {
          signal: controller.signal,
        },
      )()
      if (E.isRight(found)) return expect.fail('succeeded')
      expect(describeSqlError(found.left as SqlError)).toBe('nothing was written: it was cancelled')
      for (const connection of [reads, writes])
        expect((await connection.runAndReadAll('SELECT 1')).getRowsJS()).toEqual([[1]])
      expect(performance.now() - began).toBeLessThan(AT_ONCE)
    }
  }, 60_000)

  test('rows that are summed and disposed of as well', async () => {
    const { place } = right(duckdbSums(reads, trusted(sources['a sum over all']), { columns, key: 'x' }))
    const cell = { values: { least: -1e300, greatest: 1e300 }, expected: 'a number', mayMiss: false, centre: 0 }
    const plan = {
      form: 'vectors',
      cells: columns.map(column => ({ ...cell, column })),
      columns: [0, 1].map(c => ({ _tag: 'Cell', cell: c }) as const),
    } as const
    const survey = { rows: 1, weight: 1, least: Float64Array.of(0, 0), greatest: Float64Array.of(1, 1) }
    const { signal } = new AbortController()
    const rows = right(await place.open(plan, survey, signal)())
    const densities = {
      _tag: 'Quadratic',
      components: 1,
      columns: 2,
      mean: Float64Array.of(0, 0),
      whitening: Float64Array.of(1, 0, 0, 1),
      logConstant: Float64Array.of(0),
    } as const
    const began = performance.now()
    setTimeout(rows.dispose, 200)
    const found = await rows.expectation(densities, signal)()
    if (E.isRight(found)) return expect.fail('succeeded')
    expect(found.left).toMatchObject({ _tag: 'Interrupted', backend: 'DuckDB' })
    expect((await reads.runAndReadAll('SELECT 1')).getRowsJS()).toEqual([[1]])
    expect(performance.now() - began).toBeLessThan(AT_ONCE)
  }, 60_000)

  test('whoever goes through a table and wants no more stops it as well', async () => {
    const data = right(
      duckdbRows(reads, trusted(`${sources['a search']} OR range < 300000`), { columns, blockRows: 1000 }),
    )
    const began = performance.now()
    const blocks = (data.read() as AsyncIterable<unknown>)[Symbol.asyncIterator]()
    expect((await blocks.next()).done).toBe(false)
    const waiting = [blocks.next(), blocks.next(), blocks.next()].map(next => next.catch(() => undefined))
    await new Promise(resolve => setTimeout(resolve, 100))
    await blocks.return!()
    await Promise.all(waiting)
    expect((await reads.runAndReadAll('SELECT 1')).getRowsJS()).toEqual([[1]])
    expect(performance.now() - began).toBeLessThan(AT_ONCE)
  }, 60_000)
})
