import { existsSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { multivariateNormal } from '@conjugate/distributions'
import { fileStorage } from '@conjugate/em/node'
import {
  describeFitError,
  type FitError,
  fit,
  gaussianMixture,
  multinomialMixture,
  poissonMixture,
  predict,
  predictBlocks,
} from '@conjugate/models'
import { type ComputingConnection, describeSqlError, duckdbSums, postgresSums, trusted } from '@conjugate/sql'
import { hasDatabases, right } from '@conjugate/testing'
import * as E from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  connection,
  type Database,
  databases,
  done,
  expectSamePath,
  fitted,
  inMemory,
  stored,
  written,
} from './support/databases.js'

const refused = async (task: TaskEither<FitError, unknown>): Promise<FitError> => {
  const result = await task()
  return E.isLeft(result) ? result.left : expect.fail('succeeded')
}
const told = async (task: TaskEither<FitError, unknown>): Promise<string> => describeFitError(await refused(task))

const N = 240
const cells = Array.from({ length: N }, (_, n) => [
  (n % 3) * 50 + ((n * 7919) % 997) / 100,
  (n % 3) * 20 - ((n * 104729) % 991) / 100,
])
const model = gaussianMixture({ components: 3 })
/** Where both sides start from, since samples come in another order than rows. */
const startOf = async (): Promise<object> => {
  const { weights, components } = await done(fitted(model, cells, { ...inMemory, iterations: 1 }))
  return { _tag: 'parameters', parameters: { weights, components } }
}

/** Names that would be the end of a statement, were they not in quotes. */
const hostile = `a "x'; DROP TABLE pixels; --`
const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`

describe.skipIf(!hasDatabases).each(databases)('$name', (database: Database) => {
  let start: object = {}
  beforeAll(async () => {
    await database.open()
    start = await startOf()
    await database.run(
      `CREATE TABLE pixels (${quoted(hostile)} double precision, y double precision, w integer, l integer, id integer)`,
    )
    const rows = cells.map(([x, y], n) => `(${x}, ${y}, ${n % 4}, ${n % 5 === 0 ? n % 3 : 'NULL'}, ${n})`)
    await database.run(`INSERT INTO pixels VALUES ${rows.join(', ')}`)
  }, 120_000)
  afterAll(database.close)
  const columns = [hostile, 'y']

  test('tables with hostile names, queries that are trusted, and a prior that follows from the rows', async () => {
    const settings = { iterations: 4, start }
    const whole = await done(fitted(model, cells, { ...settings, ...inMemory }))
    for (const source of ['pixels', trusted(`SELECT * FROM pixels -- all of them`)]) {
      const found = await done(fitted(model, database.sums(source, { columns, key: 'id' }), settings))
      expectSamePath(found, whole)
      expect(found.rows).toBe(N)
    }
    const strange = `t "; DROP TABLE pixels; --`
    await database.run(`CREATE TABLE ${quoted(strange)} AS SELECT * FROM pixels`)
    expectSamePath(await done(fitted(model, database.sums(strange, { columns }), settings)), whole)
    expect(await told(fitted(model, database.sums('pixels; DROP TABLE pixels', { columns }), settings))).toMatch(
      /^[^\n]*pixels; DROP TABLE pixels[^\n]*$/,
    )
    expect(await told(fitted(model, database.sums('pixels', { columns: ['1; DROP TABLE pixels', 'y'] }), {}))).toMatch(
      /1; DROP TABLE pixels/,
    )
    expect((await database.query('SELECT count(*) AS n FROM pixels')).map(row => Number(row['n']))).toEqual([N])
  })

  test('a column of weights, whatever rows of weight 0 hold', async () => {
    await database.run(`CREATE TABLE spoilt AS SELECT * FROM pixels`)
    await database.run(`UPDATE spoilt SET y = NULL WHERE w = 0`)
    const rowWeights = cells.map((_, n) => n % 4)
    const settings = { iterations: 4, start }
    const whole = await done(fitted(model, cells, { ...settings, ...inMemory, rowWeights }))
    const data = database.sums('spoilt', { columns, key: 'id', weight: 'w' })
    const found = await done(fitted(model, data, settings))
    expectSamePath(found, whole)
    expect(found.rows).toBe(180)
    const fit180 = await done(written(model, found, data, { table: 'said_weighted' }))
    expect(fit180).toEqual({ rows: N })
    const nulls = await database.query('SELECT count(*) AS n FROM said_weighted WHERE component IS NULL')
    expect(Number(nulls[0]!['n'])).toBe(60)
  })

  test('a column of labels that are known', async () => {
    const labels = cells.map((_, n) => (n % 5 === 0 ? n % 3 : -1))
    const settings = { iterations: 4, start }
    const whole = await done(fitted(model, cells, { ...settings, ...inMemory, labels }))
    expectSamePath(
      await done(fitted(model, database.sums('pixels', { columns, key: 'id', label: 'l' }), settings)),
      whole,
    )
    const two = gaussianMixture({ components: 2 })
    expect(await told(fitted(two, database.sums('pixels', { columns, key: 'id', label: 'l' }), {}))).toMatch(
      /column "l" of labels.*numbers of 2 components.*2|labels.*2, expected/,
    )
  })

  test('equal rows once: the same sums, and said so', async () => {
    await database.run(`CREATE TABLE twice AS SELECT floor(y) AS y FROM pixels`)
    const whole = cells.map(([, y]) => [Math.floor(y!)])
    for (const groupRows of [true, false, 'auto'] as const) {
      const data = database.sums('twice', { columns: ['y'], groupRows })
      const found = await done(fitted(gaussianMixture({ components: 2 }), data, { iterations: 1 }))
      const settings = { iterations: 3, start: { weights: found.weights, components: found.components } }
      const again = await done(fitted(gaussianMixture({ components: 2 }), data, settings))
      expectSamePath(again, await done(fitted(gaussianMixture({ components: 2 }), whole, { ...settings, ...inMemory })))
      expect(/equal rows once/.test((again as never as { backend: string }).backend)).toBe(
        groupRows === true || (groupRows === 'auto' && new Set(whole.map(String)).size * 4 <= N),
      )
    }
  })

  test('counts beside noise, whose log h is each row’s own, and counts of any total', async () => {
    const counts = Array.from({ length: 120 }, (_, n) => (n % 2 ? 3 : 30) + (n % 7))
    const noisy = poissonMixture({ components: 2, concentration: 2, prior: { shape: 1, rate: 0.1 }, noise: -6 })
    await stored(database, 'counts', counts)
    const first = await done(fitted(noisy, counts, { ...inMemory, iterations: 1 }))
    const settings = { iterations: 4, start: { weights: first.weights, components: first.components } }
    const data = database.sums('counts', { columns: ['c_x'], key: 'id' })
    expectSamePath(
      await done(fitted(noisy, data, settings)),
      await done(fitted(noisy, counts, { ...settings, ...inMemory })),
    )
    const documents = Array.from({ length: 90 }, (_, n) => [n % 2 ? 5 + (n % 3) : n % 4, n % 5, n % 2 ? 1 : 9])
    await stored(database, 'documents', documents)
    const words = multinomialMixture({ components: 2, concentration: 2, categories: 3 })
    const begun = await done(fitted(words, documents, { ...inMemory, iterations: 1 }))
    const rest = { iterations: 4, start: { weights: begun.weights, components: begun.components } }
    const there = database.sums('documents', { columns: ['c_0', 'c_1', 'c_2'], key: 'id' })
    expectSamePath(
      await done(fitted(words, there, rest)),
      await done(fitted(words, documents, { ...rest, ...inMemory })),
    )
  })

  test('starts are made of a sample, the same for every run of a seed', async () => {
    const data = database.sums('pixels', { columns, key: 'id' })
    const [one, again] = [await done(fitted(model, data, { seed: 2 })), await done(fitted(model, data, { seed: 2 }))]
    expectSamePath(again, one)
    const whole = await done(fitted(model, cells, inMemory))
    expect(Math.abs(one.objectives.at(-1)! / whole.objectives.at(-1)! - 1)).toBeLessThan(1e-6)
  })

  test.each([
    ['NULL', 'NULL', /NULL, expected a finite number$/],
    ['NaN', `CAST('NaN' AS double precision)`, /nan, expected a finite number$/i],
    ['Infinity', `CAST('Infinity' AS double precision)`, /inf.*, expected a finite number$/i],
  ])('%s is refused before the first pass, by its key and column', async (name, value, message) => {
    const table = `bad_${name}`.toLowerCase()
    await database.run(`CREATE TABLE ${table} AS SELECT * FROM pixels`)
    await database.run(`UPDATE ${table} SET y = ${value} WHERE id = 17`)
    let passes = 0
    const line = await told(
      fitted(model, database.sums(table, { columns, key: 'id' }), { onIteration: () => passes++ }),
    )
    expect(line).toMatch(/^the row of key 17, column "y": /)
    expect(line).toMatch(message)
    expect(passes).toBe(0)
    const bad = database.sums(table, { columns: ['id'], key: 'id', weight: 'y' })
    expect(await told(fitted(gaussianMixture({ components: 2 }), bad, {}))).toMatch(/column "y": .*nonnegative finite/)
  })

  test('counts that are none are refused', async () => {
    await database.run(`CREATE TABLE bad_counts AS SELECT id AS x, id FROM pixels WHERE id < 60`)
    const poisson = poissonMixture({ components: 2, concentration: 2, prior: { shape: 1, rate: 0.1 } })
    for (const value of ['-1', '1.5']) {
      await database.run(`CREATE TABLE IF NOT EXISTS bad_numbers (x double precision, id integer)`)
      await database.run(`DELETE FROM bad_numbers`)
      await database.run(`INSERT INTO bad_numbers SELECT x, id FROM bad_counts`)
      await database.run(`UPDATE bad_numbers SET x = ${value} WHERE id IN (7, 9)`)
      expect(await told(fitted(poisson, database.sums('bad_numbers', { columns: ['x'], key: 'id' }), {}))).toMatch(
        /^the row of key 7, column "x": -?1(\.\d)?, expected a whole number of at least 0 \(and 1 more of the column\)$/,
      )
    }
  })

  test('what is said of rows is what predict says, and appears as a whole or not at all', async () => {
    const data = database.sums('pixels', { columns, key: 'id' })
    const found = await done(fitted(model, data, { iterations: 3, start }))
    const all = { logProb: true, responsibilities: true }
    expect(await done(written(model, found, data, { table: hostile }, all))).toEqual({ rows: N })
    const rows = await database.query(`SELECT * FROM ${quoted(hostile)} ORDER BY id`)
    const said = await done(predict(model, found as never, cells))
    expect(rows.map(row => Number(row['component']))).toEqual([...said.assignments])
    for (const [n, row] of rows.entries()) {
      expect(Math.abs(Number(row['log_prob']) / said.logProb[n]! - 1)).toBeLessThan(1e-12)
      for (let k = 0; k < 3; k++)
        expect(Number(row[`responsibility_${k}`])).toBeCloseTo(said.responsibilities.data[n * 3 + k]!, 12)
    }
    // A table that is there stays as it is, and nothing is left beside it.
    expect(await told(written(model, found, data, { table: hostile }, all))).toMatch(/exists/)
    const names = await database.query(`SELECT table_name AS name FROM information_schema.tables`)
    expect(names.filter(row => String(row['name']).startsWith('conjugate_'))).toEqual([])
    expect(await told(written(model, found, database.sums('pixels', { columns }), { table: 'other' }))).toMatch(/key/)
  })

  test('a fit that is cancelled goes on from its checkpoint, within the rounding of sums, and not on other rows', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'conjugate-sums-'))
    const storage = fileStorage(join(folder, 'fit'))
    const data = database.sums('pixels', { columns, key: 'id' })
    const whole = await done(fitted(model, data, { iterations: 8, start }))
    const controller = new AbortController()
    const error = await refused(
      fitted(model, data, {
        iterations: 8,
        start,
        checkpoint: { storage },
        signal: controller.signal,
        onIteration: ({ iteration }: { iteration: { index: number } }) => {
          if (iteration.index === 3) controller.abort()
        },
      }),
    )
    expect(error).toMatchObject({ _tag: 'Cancelled' })
    expect(existsSync(join(folder, 'fit'))).toBe(true)
    const rest = await done(fitted(model, data, { iterations: 8, start, checkpoint: { storage } }))
    expectSamePath(rest, whole)
    await database.run(`CREATE TABLE more AS SELECT * FROM pixels`)
    await database.run(`INSERT INTO more SELECT * FROM pixels WHERE id = 3`)
    const other = database.sums('more', { columns, key: 'id' })
    expect(await refused(fitted(model, other, { iterations: 8, start, checkpoint: { storage } }))).toMatchObject({
      _tag: 'CheckpointRefused',
    })
  })

  test('rows that change between passes are told', async () => {
    await database.run(`CREATE TABLE changing AS SELECT * FROM pixels`)
    const data = database.sums('changing', { columns, key: 'id' })
    const line = await told(
      fitted(model, data, {
        iterations: 5,
        start,
        onIteration: async ({ iteration }: { iteration: { index: number } }) => {
          if (iteration.index === 1) await database.run('DELETE FROM changing WHERE id = 5')
        },
      }),
    )
    expect(line).toMatch(/239 of 239 rows were summed, where there were 240 before/)
  })
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
    for (const target of [said, said]) expect(await done(written(model, found, data, target))).toEqual({ rows: N })
    expect(await told(written(model, found, data, { parquet: join(folder, 'none', 'said') }))).toMatch(/none/)
    const count = await connection().runAndReadAll(`SELECT count(*)::INTEGER FROM read_parquet(${file('said')})`)
    expect(count.getRowsJS()).toEqual([[N]])
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
