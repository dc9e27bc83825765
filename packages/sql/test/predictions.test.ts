import { access, mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fit, gaussianMixture, predict } from '@conjugate/models'
import {
  describeSqlError,
  duckdbRows,
  type PredictionOptions,
  type PredictionTarget,
  type RowSource,
  type SqlError,
  writePredictions,
} from '@conjugate/sql'
import { type DuckDB, duckdbConnections, hasDatabases, right } from '@conjugate/testing'
import * as E from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

const told = async (task: TaskEither<unknown, unknown>): Promise<string> => {
  const result = await task()
  if (E.isRight(result)) return expect.fail('succeeded')
  const error = result.left as SqlError
  return error._tag === 'InvalidSource' || error._tag === 'WritingFailed' ? describeSqlError(error) : error['_tag']
}

const N = 5000
const cells = Array.from({ length: N }, (_, n) => [
  (n % 3) * 50 + ((n * 7919) % 997) / 100,
  (n % 3) * 20 - ((n * 104729) % 991) / 100,
])
/** Names that would be the end of a statement, were they not in quotes. */
const hostile = 'id"; DROP TABLE pixels; --'
const columns = ['x', 'y']
const model = gaussianMixture({ components: 3 })

describe.skipIf(!hasDatabases)('predictions of rows that DuckDB reads', () => {
  let [reads, writes] = [undefined as unknown as DuckDB, undefined as unknown as DuckDB]
  let folder = ''
  beforeAll(async () => {
    const [first, second] = await duckdbConnections(2)
    ;[reads, writes] = [first!, second!]
    folder = await mkdtemp(join(tmpdir(), "conjugate-sql-it's-"))
    const quoted = `"${hostile.replaceAll('"', '""')}"`
    await reads.run(`CREATE TABLE pixels (${quoted} VARCHAR, place DECIMAL(9, 1), x DOUBLE, y DOUBLE, w INTEGER)`)
    for (let from = 0; from < N; from += 1000) {
      const rows = cells
        .slice(from, from + 1000)
        .map(([x, y], i) => `('key ${from + i}', ${from + i}.5, ${x}, ${y}, ${(from + i) % 4})`)
      await reads.run(`INSERT INTO pixels VALUES ${rows.join(', ')}`)
    }
    await reads.run(`UPDATE pixels SET ${quoted} = NULL WHERE place = 7.5`)
  })
  afterAll(() => {
    reads?.closeSync()
    writes?.closeSync()
  })

  const rowsOf = async (what: string): Promise<unknown[][]> =>
    (await reads.runAndReadAll(`SELECT * FROM ${what}`)).getRowsJS()
  const fitted = async () => right(await fit(model, cells)())
  const given = (options = {}, source: RowSource = { table: 'pixels' }) =>
    right(duckdbRows(reads, source, { columns, blockRows: 2100, ...options }))

  test('into a table, each row by its number', async () => {
    const found = await fitted()
    const whole = right(await predict(model, found, cells)())
    const target = { connection: writes, table: 'numbered' }
    const all = { logProb: true, responsibilities: true }
    expect(right(await writePredictions(model, found, given(), target, all)())).toEqual({ rows: N })
    const written = await rowsOf('numbered')
    expect(written.map(([row]) => Number(row))).toEqual(cells.map((_, n) => n))
    expect(written.map(([, component]) => component)).toEqual([...whole.assignments])
    expect(written.map(([, , logProb]) => logProb)).toEqual([...whole.logProb])
    expect(written.flatMap(row => row.slice(3))).toEqual([...whole.responsibilities.data])
  })

  test('into a parquet file, by keys of any types, in place of the one that was there', async () => {
    const found = await fitted()
    const whole = right(await predict(model, found, cells)())
    const parquet = join(folder, 'out.parquet')
    await writeFile(parquet, 'another')
    const target = { connection: writes, parquet }
    expect(right(await writePredictions(model, found, given(), target, { key: [hostile, 'place'] })()).rows).toBe(N)
    const written = await rowsOf(`'${parquet.replaceAll("'", "''")}'`)
    expect(written.map(([id]) => id)).toEqual(cells.map((_, n) => (n === 7 ? null : `key ${n}`)))
    expect(written.map(([, place]) => Number(place))).toEqual(cells.map((_, n) => n + 0.5))
    expect(written.map(([, , component]) => component)).toEqual([...whole.assignments])
    expect(written[0]!.length).toBe(3)
  })

  test('rows of weight 0 are there, as NULL', async () => {
    const found = await fitted()
    const whole = right(await predict(model, found, cells)())
    const target = { connection: writes, table: 'weighted', schema: 'main' }
    const rows = given({ weight: 'w' })
    expect(right(await writePredictions(model, found, rows, target, { logProb: true })()).rows).toBe(N)
    const written = await rowsOf('weighted')
    expect(written.map(([, component]) => component)).toEqual(
      [...whole.assignments].map((k, n) => (n % 4 === 0 ? null : k)),
    )
    expect(written.map(([, , logProb]) => logProb)).toEqual([...whole.logProb].map((l, n) => (n % 4 === 0 ? null : l)))
  })

  test('appear whole or not at all, and what is wrong is told in a line', async () => {
    const found = await fitted()
    const to = (name: string): PredictionTarget => ({ connection: writes, table: name })
    await writes.run('CREATE TABLE there (a INTEGER)')
    expect(await told(writePredictions(model, found, given(), to('there')))).toMatch(
      /^nothing was written: .*there[^\n]*$/,
    )
    expect(await rowsOf('there')).toEqual([])
    // A cell in the last block.
    await reads.run('CREATE VIEW wrong AS SELECT CASE WHEN place = 4990.5 THEN NULL ELSE x END AS x, y FROM pixels')
    expect(await told(writePredictions(model, found, given({}, { table: 'wrong' }), to('none')))).toMatch(/^Non/)
    const stopped = new AbortController()
    stopped.abort()
    const { signal } = stopped
    expect(await told(writePredictions(model, found, given(), to('none'), { signal }))).toMatch(/cancelled/)
    const nowhere = { connection: writes, parquet: join(folder, 'none', 'out.parquet') }
    expect(await told(writePredictions(model, found, given(), nowhere))).toMatch(/^nothing was written: [^\n]*$/)
    const parquet = join(folder, 'wrong.parquet')
    await told(writePredictions(model, found, given({}, { table: 'wrong' }), { connection: writes, parquet }))
    await expect(access(parquet)).rejects.toThrow()
    await expect(rowsOf('none')).rejects.toThrow()
    const empty = given({}, { table: 'pixels' })
    await reads.run('CREATE TABLE nothing (x DOUBLE, y DOUBLE)')
    expect(await told(writePredictions(model, found, given({}, { table: 'nothing' }), to('none')))).toBe('NoRows')
    // The connections go on.
    expect(right(await writePredictions(model, found, empty, to('after'))()).rows).toBe(N)
  })

  test('what is no target, key or table of these is told before anything is asked', async () => {
    const found = await fitted()
    const target = { connection: writes, table: 'none' }
    const key = (names: unknown): PredictionOptions => ({ key: names as string[] })
    for (const [task, message] of [
      [writePredictions(model, found, given(), { ...target, connection: reads }), /another connection/],
      [writePredictions(model, found, given(), { ...target, table: '' }), /table/],
      [writePredictions(model, found, given(), null as never), /table/],
      [writePredictions(model, found, given(), { connection: writes, parquet: 3 } as never), /parquet/],
      [writePredictions(model, found, given(), target, key(['x', 'x'])), /key\[1\]/],
      [writePredictions(model, found, given(), target, key(['Component'])), /key\[0\]/],
      [writePredictions(model, found, { read: () => [] } as never, target), /duckdbRows/],
    ] as const)
      expect(await told(task)).toMatch(message)
  })
})
