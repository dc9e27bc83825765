import { execFile } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { type Densities, wasm } from '@conjugate/executors'
import { describeFitError, type FitError, fit, gaussianMixture, writeToPlace } from '@conjugate/models'
import {
  describeSparkError,
  type GrpcClient,
  type SparkConnection,
  type SparkError,
  sparkConnection,
  sparkTable,
} from '@conjugate/spark'
import { trusted } from '@conjugate/sql'
import { grpcClient, hasSpark, right, type SparkServer, sparkServer } from '@conjugate/testing'
import * as E from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { mixtures } from '../../models/test/mixture/mixtures.js'
import { kernelSumsOn, type Statements, statementsOn, workerFile } from '../dist/internals.js'
import { command, numbersOf, quoted, stored } from './support/stored.js'

const error = <A>(found: E.Either<SparkError, A>): SparkError =>
  E.isLeft(found) ? found.left : expect.fail('succeeded')

const done = async <A>(task: TaskEither<unknown, A>): Promise<A> => right(await task())

/** What is asked of fits here, whatever their model. */
interface Fitted {
  readonly objectives: ReadonlyArray<number>
  readonly weights: ReadonlyArray<number>
  readonly components: ReadonlyArray<unknown>
}
const fitted = (model: unknown, data: unknown, options: object): Promise<Fitted> =>
  done((fit as unknown as (...all: ReadonlyArray<unknown>) => TaskEither<FitError, Fitted>)(model, data, options))
const inMemory = { groupRows: false, skipping: false, threads: 1, backend: 'wasm' } as const

const expectSamePath = (found: Fitted, whole: Fitted): void => {
  expect(found.objectives.length).toBe(whole.objectives.length)
  for (const [i, objective] of found.objectives.entries())
    expect(Math.abs(objective / whole.objectives[i]! - 1)).toBeLessThan(1e-12)
}

/** Takes hours. */
const endless = 'SELECT sum(sqrt(a.id) * sqrt(b.id)) FROM range(2000000) a CROSS JOIN range(2000000) b'

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

  /** Seconds of processors that the server has taken, as the system counts them in hundredths. */
  const seconds = (): number => {
    const fields = readFileSync(`/proc/${server.pid}/stat`, 'utf8').split(') ')[1]!.split(' ')
    return (Number(fields[11]) + Number(fields[12])) / 100
  }
  const pause = (milliseconds: number): Promise<void> => new Promise(resolve => setTimeout(resolve, milliseconds))

  const endings: ReadonlyArray<readonly [string, (s: Statements, c: AbortController) => void, object, RegExp]> = [
    ['a signal', (_, controller) => controller.abort(), {}, /was stopped/],
    ['dispose', statements => void statements.dispose(), {}, /was stopped/],
    ['its time', () => {}, { timeout: 3 }, /took more than 3 s/],
  ]

  test.each(endings)('does no more for a statement that %s has ended', async (_, end, options, said) => {
    const controller = new AbortController()
    const statements = statementsOn(client, options)
    const found = statements.run({ _tag: 'Query', query: endless }, controller.signal)
    await pause(3000)
    end(statements, controller)
    const begun = performance.now()
    expect(describeSparkError(error(await found))).toMatch(said)
    // Of the two processors that it would take.
    let taken = Number.POSITIVE_INFINITY
    while (taken > 0.4 && performance.now() - begun < 10_000) {
      const before = seconds()
      await pause(1000)
      taken = seconds() - before
    }
    expect(taken).toBeLessThan(0.4)
    await statements.dispose()
  })

  test('adds up in its workers what is added up here', async () => {
    const statements = statementsOn(client, {}, [workerFile])
    const query = 'SELECT CAST(sin(id) AS DOUBLE) x, CAST(cos(id * 1.7) AS DOUBLE) y, 1D w FROM range(0, 10000, 1, 3)'
    const rows = right(await statements.run({ _tag: 'Query', query })) as ReadonlyArray<Float64Array>
    const data = Float64Array.from({ length: 20_000 }, (_, i) => rows[i % 2]![i >> 1]!)
    const loaded = await done((await done(wasm)).load({ rows: 10_000, columns: 2, data }))
    const densities: Densities = {
      _tag: 'Diagonal',
      components: 2,
      columns: 2,
      mean: Float64Array.of(0, 0, 0.5, 0.5),
      scale: Float64Array.of(1, 1, 2, 2),
      logConstant: Float64Array.of(-2, -1),
    }
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

    const modes = ['kernel', 'sql'] as const
    // Gaussians; counts, whose log h Spark has no function for; and whatever may be missing.
    const names = ['Gaussians', 'Poissons', 'a table of all kinds']
    test.each(names)('%s have the path of rows in memory', async name => {
      const { mixture, observations } = mixtures.find(row => row.name === name)!
      const columns = await stored(statements, name.replaceAll(' ', '_'), observations)
      const settings = { iterations: 2 }
      const { weights, components } = await fitted(mixture, observations, { ...inMemory, iterations: 1, seed: 3 })
      const start = { _tag: 'parameters', parameters: { weights, components } }
      const whole = await fitted(mixture, observations, { ...inMemory, ...settings, start })
      for (const mode of modes) {
        const table = right(sparkTable(connection, { table: name.replaceAll(' ', '_') }, { columns, key: 'id', mode }))
        expectSamePath(await fitted(mixture, table, { ...settings, start }), whole)
      }
    })

    test('names may hold anything, and files, weights and written results are read as they are', async () => {
      const hostile = 'a `x; DROP TABLE said_of_rows; --'
      const folder = join(server.folder, "it's `some` rows")
      const rows = `SELECT id, ${quoted(hostile)} FROM (SELECT id, sin(id) + 9 * pmod(id, 2) AS ${quoted(hostile)} FROM range(0, 1000, 1, 2))`
      await command(statements, `INSERT OVERWRITE DIRECTORY '${folder.replaceAll("'", "\\'")}' USING parquet ${rows}`)
      const source = { parquet: folder }
      const options = { columns: { x: hostile }, weight: 'id', key: 'id' }
      const table = right(sparkTable(connection, source, options))
      const model = right(
        gaussianMixture({
          components: 2,
          prior: { mean: [4], meanPrecision: 0.01, degreesOfFreedom: 3, scale: [[1]] },
        }),
      )
      const found = await done(fit(model, table, { iterations: 30, order: 'expected-count' }))
      expect(found.rows).toBe(999)
      expect(found.components.map(({ mean }) => Math.abs(Math.round(mean[0]!))).sort()).toEqual([0, 9])
      const said = { assignments: hostile, logProb: 'log density' }
      const target = { table: 'said_of_rows' }
      expect(await done(writeToPlace(model, found, table, { said, target }))).toBe(1000)
      const [id, component, density] = await numbersOf(connection, 'SELECT * FROM said_of_rows ORDER BY id')
      const even = component![2]!
      expect(Array.from(component!.subarray(1))).toEqual(
        Array.from(id!.subarray(1), n => (n % 2 === 0 ? even : 1 - even)),
      )
      expect(density!.subarray(1).every(Number.isFinite)).toBe(true)
      // Nothing is left of what is refused, as a name that is there.
      const again = await writeToPlace(model, found, table, { said, target })()
      expect(E.isLeft(again) && describeFitError(again.left)).toMatch(/already exists/)
      const tables = right(await statements.run({ _tag: 'Query', query: 'SHOW TABLES' }))[1] as ReadonlyArray<string>
      expect(tables.filter(name => name.startsWith('conjugate'))).toEqual([])
      expect(tables.map(name => name.toLowerCase())).toContain('said_of_rows')
    })

    test.each([
      ['NULL', 'CAST(NULL AS DOUBLE)', /NULL/],
      ['NaN', "CAST('NaN' AS DOUBLE)", /NaN/],
      ['Infinity', "CAST('Infinity' AS DOUBLE)", /Infinity/],
    ])('%s is refused with its key and column before anything is summed', async (_, cell, said) => {
      const query = `SELECT id, sin(id) x, IF(id = 77, ${cell}, cos(id)) y FROM range(0, 100, 1, 2)`
      const table = right(sparkTable(connection, trusted(query), { columns: ['x', 'y'], key: 'id' }))
      const refused = await fit(right(gaussianMixture({ components: 2 })), table, {})()
      const line = E.isLeft(refused) ? describeFitError(refused.left) : expect.fail('was fitted')
      expect(line).toMatch(said)
      expect(line).toMatch(/77/)
      expect(line).toMatch(/"?y"?/)
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
