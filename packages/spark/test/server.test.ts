import { execFile } from 'node:child_process'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { type Densities, wasm } from '@conjugate/executors'
import { describeFitError, fit, gaussianMixture, predict, writeToPlace } from '@conjugate/models'
import {
  describeSparkError,
  type GrpcClient,
  type SparkConnection,
  type SparkError,
  sparkConnection,
  sparkTable,
} from '@conjugate/spark'
import { grpcClient, hasSpark, right, type SparkServer, sparkServer } from '@conjugate/testing'
import * as E from 'fp-ts/lib/Either.js'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { mixtures } from '../../models/test/mixture/mixtures.js'
import { cells, model, sumsAsInMemory, told } from '../../sql/test/support/behaviour.js'
import { done, expectSamePath, fitted, inMemory, store, stored, written } from '../../sql/test/support/databases.js'
import { kernelSumsOn, type Statements, statementsOn, workerFile } from '../dist/internals.js'
import { columnsOf, command, quoted, sparkDatabase } from './support/stored.js'

/** Take hours. */
const manyRows = 'SELECT sqrt(a.id) * sqrt(b.id) x FROM range(2000000) a CROSS JOIN range(2000000) b'
const endless = `SELECT sum(x) s FROM (${manyRows})`

const densities: Densities = {
  _tag: 'Diagonal',
  components: 2,
  columns: 2,
  mean: Float64Array.of(0, 0, 0.5, 0.5),
  scale: Float64Array.of(1, 1, 2, 2),
  logConstant: Float64Array.of(-2, -1),
}

// The first statements of a server take seconds, and many of them on a busy machine.
describe.skipIf(!hasSpark)('a Spark server', { timeout: 400_000 }, () => {
  let server: SparkServer
  let client: GrpcClient & { readonly close: () => void }
  beforeAll(async () => {
    // Streams end by themselves after a second.
    server = await sparkServer({ conf: { 'spark.connect.execute.reattachable.senderMaxStreamDuration': '1s' } })
    client = grpcClient(server.port) as typeof client
  }, 400_000)
  afterAll(async () => {
    client?.close()
    await server?.stop()
  })

  test('gives results of several streams as one', async () => {
    const statements = statementsOn(client)
    const found = await statements.run({
      _tag: 'Query',
      query: "SELECT CAST(id AS DOUBLE), reflect('java.lang.Thread', 'sleep', 1L) FROM range(0, 3000, 1, 2)",
    })
    expect(E.isRight(found) && found.right[0]).toEqual(Float64Array.from({ length: 3000 }, (_, n) => n))
    await statements.dispose()
  })

  const pause = (milliseconds: number): Promise<void> => new Promise(resolve => setTimeout(resolve, milliseconds))

  const works: ReadonlyArray<
    readonly [string, (s: Statements, signal: AbortSignal) => Promise<E.Either<unknown, unknown>>]
  > = [
    ['a query', (statements, signal) => statements.run({ _tag: 'Query', query: endless }, signal)],
    [
      'a table that is written',
      (statements, signal) => statements.run({ _tag: 'Command', query: `CREATE TABLE never AS ${endless}` }, signal),
    ],
    [
      'the kernel in its workers',
      (statements, signal) =>
        kernelSumsOn(statements).expectation(`SELECT x, x y, 1D w FROM (${manyRows})`, densities, signal),
    ],
  ]
  const endings: ReadonlyArray<readonly [string, (s: Statements, c: AbortController) => void, object, RegExp]> = [
    ['a signal', (_, controller) => controller.abort(), {}, /was stopped/],
    ['dispose', statements => void statements.dispose(), {}, /was stopped/],
    ['its time', () => {}, { timeout: 20 }, /took more than 20 s/],
  ]
  // Its time takes its time, and is the same signal for all.
  const cases = works.flatMap(([what, work], i) =>
    endings.slice(0, i === 0 ? 3 : 2).map(([by, ...ending]) => [what, by, work, ...ending] as const),
  )

  test.each(cases)('has no job and no task of %s that %s has ended', async (what, _, work, end, options, said) => {
    const controller = new AbortController()
    const statements = statementsOn(client, options, [workerFile])
    try {
      const found = work(statements, controller.signal)
      for (let at = 0; (await server.running()).tasks === 0 && at < 180; at++) await pause(100)
      expect((await server.running()).tasks).toBeGreaterThan(0)
      end(statements, controller)
      const left = await found
      const begun = performance.now()
      expect(E.isLeft(left) && describeSparkError(left.left as SparkError)).toMatch(said)
      while ((await server.running()).tasks > 0 && performance.now() - begun < 10_000) await pause(100)
      expect(await server.running(), what).toEqual({ jobs: 0, tasks: 0 })
    } finally {
      // Whatever is wrong, it is the fault of this test alone.
      await statements.dispose()
    }
  })

  test('has no job of what is stopped before that begins, however busy it is', async () => {
    const [busy, statements] = [statementsOn(client), statementsOn(client, {}, [workerFile])]
    try {
      void busy.run({ _tag: 'Query', query: endless })
      while ((await server.running()).tasks < 2) await pause(100)
      for (const [milliseconds, i] of [0, 3, 20, 50, 100, 200].map((delay, i) => [delay, i % works.length] as const)) {
        const controller = new AbortController()
        const found = works[i]![1](statements, controller.signal)
        await pause(milliseconds)
        controller.abort()
        expect(E.isLeft(await found)).toBe(true)
      }
      await pause(2000)
      expect((await server.running()).jobs).toBe(1)
    } finally {
      await Promise.all([statements.dispose(), busy.dispose()])
    }
  })

  test('adds up in its workers what is added up here', async () => {
    const statements = statementsOn(client, {}, [workerFile])
    const query = 'SELECT CAST(sin(id) AS DOUBLE) x, CAST(cos(id * 1.7) AS DOUBLE) y, 1D w FROM range(0, 10000, 1, 3)'
    const rows = right(await statements.run({ _tag: 'Query', query })) as ReadonlyArray<Float64Array>
    const data = Float64Array.from({ length: 20_000 }, (_, i) => rows[i % 2]![i >> 1]!)
    const loaded = await done((await done(wasm)).load({ rows: 10_000, columns: 2, data }))
    const expected = await done(loaded.expectation(densities))
    // Not the Python that its workers have: they say which one that is.
    const found = right(await kernelSumsOn(statements, '3.0').expectation(query, densities))
    expect(found.rows).toBe(10_000)
    const off = Math.abs(found.expectation.logLikelihood - expected.logLikelihood)
    expect(off).toBeLessThan(1e-13 * Math.abs(expected.logLikelihood))
    await statements.dispose()
  })

  describe('fits', () => {
    let statements: Statements
    let connection: SparkConnection
    beforeAll(() => {
      statements = statementsOn(client)
      connection = sparkConnection(client)
    })
    afterAll(async () => {
      await statements.dispose()
      await connection.dispose()
    })

    const databases = (['kernel', 'sql'] as const).map(mode => sparkDatabase(() => connection, mode))
    // Gaussians; counts, whose log h Spark has no function for; and whatever may be missing.
    const names = ['Gaussians', 'Poissons', 'a table of all kinds']
    test.each(names)('%s have the path of rows in memory', async name => {
      const { mixture, observations } = mixtures.find(row => row.name === name)!
      const table = name.replaceAll(' ', '_')
      const columns = await stored(databases[0]!, table, observations)
      const settings = { iterations: 2 }
      const { weights, components } = await done(fitted(mixture, observations, { ...inMemory, iterations: 1, seed: 3 }))
      const start = { _tag: 'parameters', parameters: { weights, components } }
      const whole = await done(fitted(mixture, observations, { ...inMemory, ...settings, start }))
      for (const database of databases)
        expectSamePath(
          await done(fitted(mixture, database.sums(table, { columns, key: 'id' }), { ...settings, start })),
          whole,
        )
    })

    test('names may hold anything, and files, weights and written results are read as they are', async () => {
      const hostile = 'a `x; DROP TABLE said_of_rows; --'
      const folder = join(server.folder, "it's `some` rows")
      const rows = `SELECT id, ${quoted(hostile)} FROM (SELECT id, sin(id) + 9 * pmod(id, 2) AS ${quoted(hostile)} FROM range(0, 1000, 1, 2))`
      await command(statements, `INSERT OVERWRITE DIRECTORY '${folder.replaceAll("'", "\\'")}' USING parquet ${rows}`)
      const source = { parquet: folder }
      const options = { columns: { x: hostile }, weight: 'id', key: 'id' }
      const table = right(sparkTable(connection, source, options))
      const two = right(
        gaussianMixture({
          components: 2,
          prior: { mean: [4], meanPrecision: 0.01, degreesOfFreedom: 3, scale: [[1]] },
        }),
      )
      const found = await done(fit(two, table, { iterations: 30, order: 'expected-count' }))
      expect(found.rows).toBe(999)
      expect(found.components.map(({ mean }) => Math.abs(Math.round(mean[0]!))).sort()).toEqual([0, 9])
      const said = { assignments: hostile, logProb: 'log density' }
      const target = { table: 'said_of_rows' }
      expect(await done(writeToPlace(two, found, table, { said, target }))).toBe(1000)
      const [id, component, density] = (await columnsOf(
        statements,
        'SELECT * FROM said_of_rows ORDER BY id',
      )) as ReadonlyArray<Float64Array>
      const even = component![2]!
      expect(Array.from(component!.subarray(1))).toEqual(
        Array.from(id!.subarray(1), n => (n % 2 === 0 ? even : 1 - even)),
      )
      expect(density!.subarray(1).every(Number.isFinite)).toBe(true)
      // Nothing is left of what is refused, as a name that is there.
      const again = await writeToPlace(two, found, table, { said, target })()
      expect(E.isLeft(again) && describeFitError(again.left)).toMatch(/already exists/)
      const tables = right(await statements.run({ _tag: 'Query', query: 'SHOW TABLES' }))[1] as ReadonlyArray<string>
      expect(tables.filter(name => name.startsWith('conjugate'))).toEqual([])
      expect(tables.map(name => name.toLowerCase())).toContain('said_of_rows')
    })

    test.each(databases)(
      'what is said of rows is a folder of one parquet file in mode $name, which is there once',
      async database => {
        const table = `rows_${database.name}`
        const names = ['x', 'y']
        await store(
          database,
          table,
          [...names, 'id'],
          cells.map((row, n) => [...row, n]),
        )
        const data = database.sums(table, { columns: names, key: 'id' })
        const found = await done(fitted(model, data, { iterations: 2 }))
        const parquet = join(server.folder, `it's \`said\` ${database.name}`)
        const write = (signal?: AbortSignal) =>
          written(model, found, data, { parquet }, { logProb: true, responsibilities: true, signal })
        expect(await done(write())).toEqual({ rows: cells.length })
        const parts = (): ReadonlyArray<string> => readdirSync(parquet).filter(name => name.endsWith('.parquet'))
        const before = parts()
        expect(before).toHaveLength(1)
        const said = await done(predict(model, found as never, cells))
        const rows = await database.rows(`SELECT * FROM parquet.${quoted(parquet)} ORDER BY id`)
        expect(rows.map(([id]) => id)).toEqual(cells.map((_, n) => n))
        expect(rows.map(([, component]) => component)).toEqual([...said.assignments])
        for (const [n, [, , logProb, ...of]] of rows.entries()) {
          expect(Math.abs(Number(logProb) / said.logProb[n]! - 1)).toBeLessThan(1e-12)
          expect(of).toHaveLength(3)
          for (let k = 0; k < 3; k++) expect(of[k]).toBeCloseTo(said.responsibilities.data[n * 3 + k]!, 12)
        }
        expect(await told(write())).toMatch(/already exists/)
        expect(parts()).toEqual(before)
      },
    )

    describe.each(databases)('in mode $name', database => {
      // Each mode has tables of its own.
      beforeAll(async () => {
        await database.run(`CREATE DATABASE ${database.name}`)
        await database.run(`USE ${database.name}`)
      })
      sumsAsInMemory(database)
    })
  })

  test('runs the example of the page', async () => {
    const page = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
    const example = /```js\n([\s\S]*?)```/.exec(page)![1]!
    const printed = [...example.matchAll(/\/\/ prints (.*)$/gm)].map(([, line]) => line)
    // Where gRPC is found, beside the packages.
    const file = fileURLToPath(new URL('../../../node_modules/.cache/conjugate-spark/example.mjs', import.meta.url))
    writeFileSync(file, example)
    const env = { ...process.env, SPARK_ADDRESS: `127.0.0.1:${server.port}` }
    const { stdout } = await promisify(execFile)(process.execPath, [file], { env })
    expect(stdout.trim().split('\n')).toEqual(printed)
  })
})
