import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { multivariateNormal } from '@conjugate/distributions'
import { fileStorage } from '@conjugate/em/node'
import { describeFitError, fit, gaussianMixture, predictBlocks } from '@conjugate/models'
import { type ComputingConnection, describeSqlError, duckdbSums, postgresSums } from '@conjugate/sql'
import { hasDatabases, right } from '@conjugate/testing'
import * as E from 'fp-ts/lib/Either.js'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { cells, model, refused, sumsAsInMemory, told } from './support/behaviour.js'
import {
  connection,
  type Database,
  databases,
  done,
  expectSamePath,
  fitted,
  inMemory,
  written,
} from './support/databases.js'

describe.skipIf(!hasDatabases).each(databases)('$name', (database: Database) => {
  beforeAll(database.open, 120_000)
  afterAll(database.close)
  sumsAsInMemory(database)
})

describe.skipIf(!hasDatabases)('DuckDB by itself', () => {
  const [{ open, close }] = databases as readonly [Database]
  beforeAll(open)
  afterAll(close)

  test('a statement that runs is stopped by a signal and by time; the connection goes on', async () => {
    await connection().run(
      'CREATE TABLE many AS SELECT sin(range) + 5 * (range % 2) AS x, cos(range * 1.7) AS y FROM range(200000)',
    )
    const data = right(duckdbSums(connection(), { table: 'many' }, { columns: ['x', 'y'] }))
    const eight = gaussianMixture({ components: 8 })
    const parameters = {
      weights: new Array(8).fill(1 / 8),
      components: Array.from({ length: 8 }, (_, k) =>
        right(
          multivariateNormal.make({
            mean: [k, k / 8],
            covariance: [
              [1, 0],
              [0, 1],
            ],
          }),
        ),
      ),
    }
    const settings = { start: parameters, iterations: 1000, tolerance: 0 }
    const controller = new AbortController()
    let stopped = 0
    const onIteration = (): void => {
      // While the next statement runs.
      setTimeout(() => {
        stopped = performance.now()
        controller.abort()
      }, 20)
    }
    expect(await refused(fit(eight, data, { ...settings, signal: controller.signal, onIteration }))).toMatchObject({
      _tag: 'Cancelled',
    })
    expect(performance.now() - stopped).toBeLessThan(10_000)
    const late = await done(fit(eight, data, { ...settings, timeLimit: 4000 }))
    expect(late).toMatchObject({ stoppedBy: 'time limit' })
    expect((await connection().runAndReadAll('SELECT 1 AS a')).getRowsJS()).toEqual([[1]])
  }, 120_000)

  /** The same connection, of which one statement fails. */
  const failing = (at: number, error: Error): ComputingConnection => {
    let statements = 0
    return {
      interrupt: () => connection().interrupt(),
      stream: sql => (++statements === at ? Promise.reject(error) : connection().stream(sql)),
    }
  }
  const table = async (): Promise<void> => {
    const rows = cells.map(([x, y], n) => `(${x}, ${y}, ${n})`).join(', ')
    await connection().run(`CREATE OR REPLACE TABLE clouds AS SELECT * FROM (VALUES ${rows}) t(x, y, id)`)
  }

  test.each([
    ['a server that is gone', Object.assign(new Error('connect ECONNREFUSED 10.1.2.3:5432'), { code: 'ECONNREFUSED' })],
    ['who is not known', Object.assign(new Error('no password for user "bob"'), { code: '28P01' })],
    ['a disk that is full', new Error('IO Error: no space\nSELECT secret FROM somewhere')],
  ])(
    '%s: the fit ends with an error of one line without secrets, and goes on from its checkpoint',
    async (_, error) => {
      await table()
      const storage = fileStorage(join(await mkdtemp(join(tmpdir(), 'conjugate-lost-')), 'fit'))
      const options = { columns: ['x', 'y'], key: 'id', patience: 0 }
      const settings = { iterations: 6, restarts: 2, seed: 1 }
      const data = (from: ComputingConnection) => right(duckdbSums(from, { table: 'clouds' }, options))
      const whole = await done(fitted(model, data(connection()), settings))
      for (const at of [1, 3, 5, 9]) {
        const lost = await refused(fitted(model, data(failing(at, error)), { ...settings, checkpoint: { storage } }))
        const line = describeFitError(lost)
        expect(line).not.toMatch(/10\.1\.2\.3|bob|secret|\n/)
        expect(line).toMatch(/no connection \((ECONNREFUSED|28P01)\)|no space/)
        if (at > 3) expect(lost).toMatchObject({ _tag: 'StepFailed', cause: { _tag: 'Interrupted' } })
      }
      const rest = await done(fitted(model, data(connection()), { ...settings, checkpoint: { storage } }))
      expectSamePath(rest, whole)
      expect(rest.restarts.every(E.isRight)).toBe(true)
    },
  )

  test('a sample is of distinct rows, the same ones for any number of threads, and by a key of single ones', async () => {
    await connection().run(
      'CREATE TABLE ten AS SELECT (range % 100) / 7.0 AS x, range % 10 AS y, range AS id FROM range(20000)',
    )
    const values = { least: -1e300, greatest: 1e300 }
    const cell = { values, expected: 'a number', mayMiss: false, centre: 0 }
    const plan = { form: 'vectors', cells: ['x', 'y'].map(column => ({ ...cell, column })), columns: [] } as const
    const drawn = async (key: string | undefined, seed: number) => {
      const { place } = right(
        duckdbSums(connection(), { table: 'ten' }, { columns: ['x', 'y'], ...(key !== undefined && { key }) }),
      )
      const { signal } = new AbortController()
      const survey = right(await place.survey(plan, { spread: false }, signal)())
      return right(await place.sample(plan, { most: 40, seed, survey }, signal)())
    }
    const one = await drawn(undefined, 3)
    expect(one.rows).toBe(40)
    expect(new Set(Array.from(one.cells[0]!, (x, n) => `${x},${one.cells[1]![n]}`)).size).toBe(40)
    expect([...one.weights!]).toEqual(new Array(40).fill(200))
    await connection().run('SET threads = 1')
    expect(await drawn(undefined, 3)).toEqual(one)
    expect(await drawn(undefined, 4)).not.toEqual(one)
    const single = await drawn('id', 3)
    expect(single.rows).toBe(40)
    expect(single.weights).toBeUndefined()
    await connection().run('RESET threads')
    expect(await drawn('id', 3)).toEqual(single)
  })

  test('what reads rows is told that they do not come', async () => {
    await table()
    const data = right(duckdbSums(connection(), { table: 'clouds' }, { columns: ['x', 'y'] }))
    const found = await done(fit(model, data, { iterations: 1 }))
    for await (const said of predictBlocks(model, found, data))
      expect(E.isLeft(said) && describeFitError(said.left)).toMatch(/stay where they are/)
  })

  test('parquet files by a pattern, and predictions in one, which replaces the one that was there', async () => {
    const folder = await mkdtemp(join(tmpdir(), "conjugate-it's-"))
    const file = (name: string): string => `'${join(folder, name).replaceAll("'", "''")}'`
    const rows = cells.map(([x, y], n) => `(${x}, ${y}, ${n})`).join(', ')
    await connection().run(`COPY (SELECT * FROM (VALUES ${rows}) t(x, y, id)) TO ${file('1.parquet')}`)
    const data = right(
      duckdbSums(connection(), { parquet: join(folder, '*.parquet') }, { columns: ['x', 'y'], key: 'id' }),
    )
    const found = await done(fit(model, data, { iterations: 3 }))
    // The second one replaces the first.
    const said = { parquet: join(folder, 'said') }
    for (const target of [said, said])
      expect(await done(written(model, found, data, target))).toEqual({ rows: cells.length })
    expect(await told(written(model, found, data, { parquet: join(folder, 'none', 'said') }))).toMatch(/none/)
    const count = await connection().runAndReadAll(`SELECT count(*)::INTEGER FROM read_parquet(${file('said')})`)
    expect(count.getRowsJS()).toEqual([[cells.length]])
  })
})

test('a statement of Postgres is stopped by the cancel that is given, when the fit is cancelled and when it writes', async () => {
  let [asked, cancelled] = [0, 0]
  let stop = (_: Error): void => {}
  const client = {
    query: () => {
      asked++
      return new Promise<never>((_, reject) => {
        stop = reject
      })
    },
  }
  const cancel = async (): Promise<void> => {
    cancelled++
    stop(new Error('canceling statement due to user request'))
  }
  const data = right(postgresSums(client, { table: 't' }, { columns: ['x', 'y'], key: 'id', cancel }))
  const parameters = await done(fitted(model, cells, { ...inMemory, iterations: 1 }))
  const tasks = [
    (signal: AbortSignal) => fitted(model, data, { signal }),
    (signal: AbortSignal) => written(model, parameters, data, { table: 'said' }, { signal }),
  ]
  for (const [i, task] of tasks.entries()) {
    const controller = new AbortController()
    setTimeout(() => controller.abort(), 50)
    expect(await refused(task(controller.signal))).toMatchObject({ _tag: i === 0 ? 'Cancelled' : 'Interrupted' })
    expect([asked, cancelled]).toEqual([i + 1, i + 1])
  }
})

describe('what is no source is told before a statement is made of it', () => {
  const none = { query: () => Promise.reject(new Error('asked')) }
  test.each<readonly [unknown, unknown, RegExp]>([
    [{ parquet: 'x' }, { columns: ['x'] }, /source.*one of/],
    [{ table: 'a\0b' }, { columns: ['x'] }, /table/],
    [{ table: 'a' }, { columns: [] }, /columns/],
    [{ table: 'a' }, { columns: { x: 'a', y: 'a' } }, /columns\[1\]/],
    [{ table: 'a' }, { columns: ['x'], weight: '' }, /weight/],
    [{ table: 'a' }, { columns: ['x'], label: 3 }, /label/],
    [{ table: 'a' }, { columns: ['x'], key: ['a', 'a'] }, /key\[1\]/],
    [{ table: 'a' }, { columns: ['x'], groupRows: 'yes' }, /groupRows/],
    [{ table: 'a' }, undefined, /options/],
    [undefined, { columns: ['x'] }, /source/],
  ])('%o with %o', (source, options, message) => {
    const made = postgresSums(none, source as never, options as never)
    if (E.isRight(made)) expect.fail('was made')
    else expect(describeSqlError(made.left)).toMatch(message)
  })
})
