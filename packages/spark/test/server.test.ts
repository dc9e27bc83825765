import { readFileSync } from 'node:fs'
import { type Densities, wasm } from '@conjugate/executors'
import { describeSparkError, type GrpcClient, type SparkError } from '@conjugate/spark'
import { grpcClient, hasSpark, right, type SparkServer, sparkServer } from '@conjugate/testing'
import * as E from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { kernelSumsOn, type Statements, statementsOn, workerFile } from '../dist/internals.js'

const error = <A>(found: E.Either<SparkError, A>): SparkError =>
  E.isLeft(found) ? found.left : expect.fail('succeeded')

const done = async <A>(task: TaskEither<unknown, A>): Promise<A> => right(await task())

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
})
