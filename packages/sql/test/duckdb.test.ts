import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { scratchFile } from '@conjugate/executors/node'
import { describeFitError, type FitError, fit, gaussianMixture, latentClassMixture } from '@conjugate/models'
import {
  type DuckDBOptions,
  describeSqlError,
  duckdbRows,
  duckdbTable,
  type RowSource,
  type SqlError,
  trusted,
} from '@conjugate/sql'
import { type DuckDB, duckdb, hasDatabases, right } from '@conjugate/testing'
import * as E from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

const done = async <A>(task: TaskEither<FitError, A>): Promise<A> => right(await task())
const told = async (task: TaskEither<FitError, unknown>): Promise<string> => {
  const result = await task()
  return E.isLeft(result) ? describeFitError(result.left) : expect.fail('succeeded')
}

/** What is the same for rows in a database and in memory. */
const shared = (fitted: object): object => {
  const { assignments, distinctRows, backend, rows, ...rest } = fitted as Record<string, unknown>
  return rest
}
const inMemory = { groupRows: false, skipping: false, threads: 1, backend: 'wasm' } as const

const N = 7000
/** Names that would be the end of a statement, were they not in quotes. */
const hostile = 'a "x; DROP TABLE pixels; --'
const cells = Array.from({ length: N }, (_, n) => [
  (n % 3) * 50 + ((n * 7919) % 997) / 100,
  (n % 3) * 20 - ((n * 104729) % 991) / 100,
])
const classes = Array.from({ length: N }, (_, n) => ({
  smokes: n % 11 === 0 ? null : (n + Math.floor(n / 5)) % 2,
  drinks: (n % 2) + ((n * 31) % 7 === 0 ? 1 : 0),
}))

describe.skipIf(!hasDatabases)('rows that DuckDB reads', () => {
  let connection: DuckDB
  let folder = ''
  beforeAll(async () => {
    connection = await duckdb()
    folder = await mkdtemp(join(tmpdir(), "conjugate-sql-it's-"))
    const rows = (from: number, to: number): string =>
      cells
        .slice(from, to)
        .map(([x, y], i) => `(${x}, ${y}, ${(from + i) % 3})`)
        .join(', ')
    await connection.run(`CREATE TABLE pixels ("${hostile.replaceAll('"', '""')}" DOUBLE, y DOUBLE, w INTEGER)`)
    for (let from = 0; from < N; from += 1000)
      await connection.run(`INSERT INTO pixels VALUES ${rows(from, Math.min(from + 1000, N))}`)
    const file = (name: string): string => `'${join(folder, name).replaceAll("'", "''")}'`
    await connection.run(`COPY (FROM pixels LIMIT 4000) TO ${file('1.parquet')}`)
    await connection.run(`COPY (FROM pixels OFFSET 4000) TO ${file('2.parquet')}`)
    await connection.run(`COPY pixels TO ${file('all.csv')}`)
    await connection.run('CREATE TABLE answers (smokes UTINYINT, drinks DECIMAL(3, 1), name VARCHAR)')
    await connection.run(
      `INSERT INTO answers VALUES ${classes.map(({ smokes, drinks }) => `(${smokes ?? 'NULL'}, ${drinks}, 'x')`).join(', ')}`,
    )
  })
  afterAll(() => connection?.closeSync())

  const model = gaussianMixture({ components: 3 })
  const columns = [hostile, 'y']
  const sources: ReadonlyArray<readonly [string, () => RowSource]> = [
    ['a table', () => ({ table: 'pixels' })],
    ['a table of a schema', () => ({ table: 'pixels', schema: 'main' })],
    ['parquet files by a pattern', () => ({ parquet: join(folder, '*.parquet') })],
    ['a list of parquet files', () => ({ parquet: [join(folder, '1.parquet'), join(folder, '2.parquet')] })],
    ['a CSV file', () => ({ csv: join(folder, 'all.csv') })],
    ['a query', () => trusted('SELECT * FROM pixels')],
  ]

  test.each(sources)('%s: the bits of a fit to rows in memory', async (_, source) => {
    const whole = await done(fit(model, cells, { ...inMemory, iterations: 5 }))
    const data = right(duckdbRows(connection, source(), { columns, scratch: scratchFile(), blockRows: 1111 }))
    const fitted = await done(fit(model, data, { iterations: 5 }))
    expect(shared(fitted)).toEqual(shared(whole))
    expect(fitted.rows).toBe(N)
  })

  test('a column of weights', async () => {
    const rowWeights = cells.map((_, n) => n % 3)
    const whole = await done(fit(model, cells, { ...inMemory, iterations: 5, rowWeights }))
    const data = right(duckdbRows(connection, { table: 'pixels' }, { columns, weight: 'w' }))
    expect(shared(await done(fit(model, data, { iterations: 5 })))).toEqual(shared(whole))
  })

  test('a table with cells that are missing, and numbers of other types', async () => {
    const latent = right(latentClassMixture({ components: 2, concentration: 2, columns: { smokes: 2, drinks: 3 } }))
    const whole = await done(fit(latent, classes, { ...inMemory, iterations: 5 }))
    const data = right(duckdbTable(connection, { table: 'answers' }, { columns: ['smokes', 'drinks'] }))
    const fitted = await done(fit(latent, data as never, { iterations: 5 }))
    expect(shared(fitted)).toEqual(shared(whole))
  })

  test('cells that are NULL are NaN, wherever they are, and stay NULL in the table', async () => {
    const gaps = (n: number): boolean => n % 31 === 5 || n % 64 === 63 || (n > 2000 && n < 2100)
    await connection.run(`CREATE TABLE gaps AS SELECT
      CASE WHEN range % 31 = 5 OR range % 64 = 63 OR (range > 2000 AND range < 2100) THEN NULL ELSE range END AS a,
      range AS b FROM range(5000)`)
    for (const blockRows of [5000, 1000, 77]) {
      const read = { a: [] as number[], b: [] as number[] }
      const data = right(duckdbTable(connection, { table: 'gaps' }, { columns: ['a', 'b'], blockRows }))
      for await (const { a, b } of data.read()) {
        read.a.push(...a)
        read.b.push(...b)
      }
      const wanted = Array.from({ length: 5000 }, (_, n) => (gaps(n) ? Number.NaN : n))
      expect(read).toEqual({ a: wanted, b: wanted.map((_, n) => n) })
    }
    const left = await connection.runAndReadAll('SELECT count(a)::INTEGER, sum(a)::DOUBLE FROM gaps')
    const there = Array.from({ length: 5000 }, (_, n) => n).filter(n => !gaps(n))
    expect(left.getRowsJS()).toEqual([[there.length, there.reduce((sum, n) => sum + n)]])
  })

  test('blocks lie in memory of their own, and in the same where they are read briefly', async () => {
    const data = right(duckdbRows(connection, { table: 'pixels' }, { columns, blockRows: 1000 }))
    for (const isBrief of [false, true]) {
      const memories = new Set<unknown>()
      const sums: number[] = []
      for await (const block of data.read(isBrief)) {
        memories.add((block.data as Float64Array).buffer)
        sums.push((block.data as Float64Array).reduce((sum, x) => sum + x))
      }
      expect(memories.size).toBe(isBrief ? 1 : N / 1000)
      for (const [i, sum] of sums.entries())
        expect(sum).toBe(
          cells
            .slice(1000 * i, 1000 * (i + 1))
            .flat()
            .reduce((total, x) => total + x),
        )
    }
  })

  test('what the database cannot do is told in a line, and the connection goes on', async () => {
    const names = right(duckdbRows(connection, { table: 'answers' }, { columns: ['name'] }))
    expect(await told(fit(model, names))).toMatch(/^[^\n]*Could not convert string[^\n]*$/)
    const nowhere = right(duckdbRows(connection, { parquet: join(folder, 'none.parquet') }, { columns }))
    expect(await told(fit(model, nowhere))).toMatch(/^[^\n]*none\.parquet[^\n]*$/)
    const other = right(duckdbRows(connection, { table: 'pixels' }, { columns: ['z'] }))
    expect(await told(fit(model, other))).toMatch(/"z" not found/)
    const missing = right(duckdbRows(connection, { table: 'answers' }, { columns: ['smokes'] }))
    expect(await told(fit(model, missing))).toMatch(/row 0.*NaN/)
    const known = right(
      duckdbRows(connection, { table: 'answers' }, { columns: ['smokes'], key: 'name', blockRows: 7 }),
    )
    expect(await told(fit(model, known))).toMatch(/^row 0 \(key "x"\).*NaN/)
    const unknown = right(duckdbRows(connection, { table: 'answers' }, { columns: ['smokes'], key: 'nobody' }))
    expect(await told(fit(model, unknown))).toMatch(/^row 0, column 0: NaN/)
    await done(fit(model, right(duckdbRows(connection, { table: 'pixels' }, { columns })), { iterations: 1 }))
  })
})

describe('what is no source is told before a statement is made of it', () => {
  const none = { stream: () => Promise.reject(new Error('asked')) }
  test.each<readonly [unknown, unknown, RegExp]>([
    [null, { columns: ['x'] }, /source/],
    [{}, { columns: ['x'] }, /source.*one of/],
    [{ table: '' }, { columns: ['x'] }, /table/],
    [{ table: 'a\0b' }, { columns: ['x'] }, /table/],
    [{ table: 'a', schema: 3 }, { columns: ['x'] }, /schema/],
    [{ parquet: [] }, { columns: ['x'] }, /parquet/],
    [{ csv: [1] }, { columns: ['x'] }, /csv/],
    [trusted(5 as never), { columns: ['x'] }, /query/],
    [{ table: 'a' }, { columns: [] }, /columns/],
    [{ table: 'a' }, { columns: ['x', 'x'] }, /columns\[1\]/],
    [{ table: 'a' }, { columns: ['x', 7] }, /columns\[1\]/],
    [{ table: 'a' }, { columns: ['x'], weight: '' }, /weight/],
    [{ table: 'a' }, { columns: ['x'], blockRows: 0 }, /blockRows/],
    [{ table: 'a' }, { columns: ['x'], key: '' }, /key/],
  ])('%o with %o', (source, options, message) => {
    for (const make of [duckdbRows, duckdbTable]) {
      const made: E.Either<SqlError, unknown> = make(none, source as RowSource, options as DuckDBOptions)
      if (E.isRight(made)) expect.fail('was made')
      else expect(describeSqlError(made.left)).toMatch(message)
    }
  })
})
