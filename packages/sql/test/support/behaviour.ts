import { existsSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileStorage } from '@conjugate/em/node'
import {
  describeFitError,
  type FitError,
  gaussianMixture,
  multinomialMixture,
  poissonMixture,
  predict,
} from '@conjugate/models'
import { trusted } from '@conjugate/sql'
import * as E from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import { beforeAll, expect, test } from 'vitest'
import {
  type Cell,
  type Database,
  done,
  expectSamePath,
  fitted,
  inMemory,
  store,
  stored,
  written,
} from './databases.js'

export const refused = async (task: TaskEither<FitError, unknown>): Promise<FitError> => {
  const result = await task()
  return E.isLeft(result) ? result.left : expect.fail('succeeded')
}
export const told = async (task: TaskEither<FitError, unknown>): Promise<string> =>
  describeFitError(await refused(task))

const N = 240
export const cells: ReadonlyArray<readonly [number, number]> = Array.from({ length: N }, (_, n) => [
  (n % 3) * 50 + ((n * 7919) % 997) / 100,
  (n % 3) * 20 - ((n * 104729) % 991) / 100,
])
export const model = gaussianMixture({ components: 3 })

/** Names that would be the end of a statement, were they not in quotes. */
const hostile = `a "x'\`; DROP TABLE pixels; --`
const columns = [hostile, 'y']
const names = [hostile, 'y', 'w', 'l', 'id']
const pixels = cells.map(([x, y], n): ReadonlyArray<Cell> => [x, y, n % 4, n % 5 === 0 ? n % 3 : null, n])
/** The same with another value of y in some rows. */
const with_ = (value: Cell, isThere: (n: number) => boolean): ReadonlyArray<ReadonlyArray<Cell>> =>
  pixels.map((row, n) => (isThere(n) ? row.with(1, value) : row))

/** What is the same wherever rows are summed, for tests of a database that is open: its sums are those of rows in memory. */
export const sumsAsInMemory = (database: Database): void => {
  let start: object = {}
  beforeAll(async () => {
    // Where both sides start from, since samples come in another order than rows.
    const { weights, components } = await done(fitted(model, cells, { ...inMemory, iterations: 1 }))
    start = { _tag: 'parameters', parameters: { weights, components } }
    await store(database, 'pixels', names, pixels)
  }, 120_000)

  test('tables with hostile names, queries that are trusted, and a prior that follows from the rows', async () => {
    const settings = { iterations: 4, start }
    const whole = await done(fitted(model, cells, { ...settings, ...inMemory }))
    for (const source of ['pixels', trusted(`SELECT * FROM pixels -- all of them`)]) {
      const found = await done(fitted(model, database.sums(source, { columns, key: 'id' }), settings))
      expectSamePath(found, whole)
      expect(found.rows).toBe(N)
    }
    const strange = database.hostileTable
    await store(database, strange, names, pixels)
    expectSamePath(await done(fitted(model, database.sums(strange, { columns }), settings)), whole)
    expect(await told(fitted(model, database.sums('pixels; DROP TABLE pixels', { columns }), settings))).toMatch(
      /^[^\n]*pixels; DROP TABLE pixels[^\n]*$/,
    )
    expect(await told(fitted(model, database.sums('pixels', { columns: ['1; DROP TABLE pixels', 'y'] }), {}))).toMatch(
      /1; DROP TABLE pixels/,
    )
    expect((await database.rows('SELECT count(*) FROM pixels')).map(([n]) => Number(n))).toEqual([N])
  })

  test('a column of weights, whatever rows of weight 0 hold', async () => {
    await store(
      database,
      'spoilt',
      names,
      with_(null, n => n % 4 === 0),
    )
    const rowWeights = cells.map((_, n) => n % 4)
    const settings = { iterations: 4, start }
    const whole = await done(fitted(model, cells, { ...settings, ...inMemory, rowWeights }))
    const data = database.sums('spoilt', { columns, key: 'id', weight: 'w' })
    const found = await done(fitted(model, data, settings))
    expectSamePath(found, whole)
    expect(found.rows).toBe(180)
    const fit180 = await done(written(model, found, data, { table: 'said_weighted' }))
    expect(fit180).toEqual({ rows: N })
    const [nulls] = await database.rows('SELECT count(*) FROM said_weighted WHERE component IS NULL')
    expect(Number(nulls![0])).toBe(60)
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
    const whole = cells.map(([, y]) => [Math.floor(y)])
    await store(database, 'twice', ['y'], whole)
    for (const groupRows of [true, false, 'auto'] as const) {
      const data = database.sums('twice', { columns: ['y'], groupRows })
      const found = await done(fitted(gaussianMixture({ components: 2 }), data, { iterations: 1 }))
      const settings = { iterations: 3, start: { weights: found.weights, components: found.components } }
      const again = await done(fitted(gaussianMixture({ components: 2 }), data, settings))
      expectSamePath(again, await done(fitted(gaussianMixture({ components: 2 }), whole, { ...settings, ...inMemory })))
      expect(/equal rows once/.test((again as never as { backend: string }).backend)).toBe(
        groupRows === true || (groupRows === 'auto' && database.groups && new Set(whole.map(String)).size * 4 <= N),
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
    ['NULL', null, /NULL, expected a finite number$/],
    ['NaN', Number.NaN, /nan, expected a finite number$/i],
    ['Infinity', Number.POSITIVE_INFINITY, /inf.*, expected a finite number$/i],
  ])('%s is refused before the first pass, by its key and column', async (name, value, message) => {
    const table = `bad_${name}`.toLowerCase()
    await store(
      database,
      table,
      names,
      with_(value, n => n === 17),
    )
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
    const poisson = poissonMixture({ components: 2, concentration: 2, prior: { shape: 1, rate: 0.1 } })
    for (const [i, value] of [-1, 1.5].entries()) {
      const table = `bad_numbers_${i}`
      const rows = Array.from({ length: 60 }, (_, n) => [n === 7 || n === 9 ? value : n, n])
      await store(database, table, ['x', 'id'], rows)
      expect(await told(fitted(poisson, database.sums(table, { columns: ['x'], key: 'id' }), {}))).toMatch(
        /^the row of key 7, column "x": -?1(\.\d)?, expected a whole number of at least 0 \(and 1 more of the column\)$/,
      )
    }
  })

  test('what is said of rows is what predict says, and appears as a whole or not at all', async () => {
    const data = database.sums('pixels', { columns, key: 'id' })
    const found = await done(fitted(model, data, { iterations: 3, start }))
    const all = { logProb: true, responsibilities: true }
    const target = { table: `said_${database.hostileTable}` }
    expect(await done(written(model, found, data, target, all))).toEqual({ rows: N })
    const rows = await database.rows(`SELECT * FROM ${database.quoted(target.table)} ORDER BY id`)
    const said = await done(predict(model, found as never, cells))
    expect(rows.map(([id]) => Number(id))).toEqual(cells.map((_, n) => n))
    expect(rows.map(([, component]) => Number(component))).toEqual([...said.assignments])
    for (const [n, [, , logProb, ...responsibilities]] of rows.entries()) {
      expect(Math.abs(Number(logProb) / said.logProb[n]! - 1)).toBeLessThan(1e-12)
      for (let k = 0; k < 3; k++)
        expect(Number(responsibilities[k])).toBeCloseTo(said.responsibilities.data[n * 3 + k]!, 12)
    }
    // A table that is there stays as it is, and nothing is left beside it.
    expect(await told(written(model, found, data, target, all))).toMatch(/exists/)
    expect((await database.tables()).filter(name => name.startsWith('conjugate_'))).toEqual([])
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
    await store(database, 'more', names, [...pixels, pixels[3]!])
    const other = database.sums('more', { columns, key: 'id' })
    expect(await refused(fitted(model, other, { iterations: 8, start, checkpoint: { storage } }))).toMatchObject({
      _tag: 'CheckpointRefused',
    })
  })

  test('rows that change between passes are told', async () => {
    await store(database, 'changing', names, pixels)
    const data = database.sums('changing', { columns, key: 'id' })
    const line = await told(
      fitted(model, data, {
        iterations: 5,
        start,
        onIteration: async ({ iteration }: { iteration: { index: number } }) => {
          if (iteration.index === 1) await database.run('INSERT INTO changing SELECT * FROM pixels')
        },
      }),
    )
    expect(line).toMatch(/480 of 480 rows were summed, where there were 240 before/)
  })
}
