import { readdirSync, readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileStorage } from '@conjugate/em/node'
import { describeFitError, type FitError, fit, gaussianMixture, type ModelFitOptions } from '@conjugate/models'
import { type GrpcClient, type SparkConnection, sparkConnection, sparkTable } from '@conjugate/spark'
import { grpcClient, hasSpark, right, type SparkServer, sparkServer } from '@conjugate/testing'
import * as E from 'fp-ts/lib/Either.js'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { statementsOn } from '../dist/internals.js'
import { command } from './support/stored.js'

// As many faults of each kind as CONJUGATE_SPARK_KILLS says, at random moments of a fit: it ends with the same values. On demand
// alone: a fault takes up to a minute, most of it to start servers.

const kills = Number(process.env['CONJUGATE_SPARK_KILLS'] ?? 0)
const pause = (milliseconds: number): Promise<void> => new Promise(resolve => setTimeout(resolve, milliseconds))
const times = Array.from({ length: kills }, (_, i) => i + 1)

/** The processes of executors, which are children of the server. */
const executorsOf = ({ pid }: SparkServer): ReadonlyArray<number> =>
  readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .filter(name => {
      try {
        const parent = readFileSync(`/proc/${name}/stat`, 'utf8').split(') ')[1]!.split(' ')[1]
        return Number(parent) === pid && readFileSync(`/proc/${name}/cmdline`, 'utf8').includes('ExecutorBackend')
      } catch {
        return false
      }
    })
    .map(Number)

describe.skipIf(!hasSpark || kills === 0)('a fit on a cluster of two executors', { timeout: 600_000 }, () => {
  const settings = { master: 'local-cluster[2,1,600]', conf: { 'spark.executor.memory': '512m' } }
  let server: SparkServer
  let client: GrpcClient & { readonly close: () => void }
  let connection: SparkConnection
  let folder = ''
  let whole: ReadonlyArray<number> = []
  let duration = 0

  const model = right(gaussianMixture({ components: 3, concentration: 2 }))
  const fitted = async (options: object = {}): Promise<E.Either<FitError, ReadonlyArray<number>>> => {
    const table = right(sparkTable(connection, { parquet: folder }, { columns: ['x', 'y', 'z'], key: 'id' }))
    const all = { iterations: 6, tolerance: 0, seed: 5, ...options } as ModelFitOptions<never, never>
    const found = await fit(model, table, all as never)()
    return E.isLeft(found) ? found : E.right(found.right.objectives)
  }
  const expectSame = (found: E.Either<FitError, ReadonlyArray<number>>): void => {
    const objectives = E.isLeft(found) ? expect.fail(describeFitError(found.left)) : found.right
    expect(objectives.length).toBe(whole.length)
    for (const [i, objective] of objectives.entries()) expect(Math.abs(objective / whole[i]! - 1)).toBeLessThan(1e-13)
  }

  beforeAll(async () => {
    server = await sparkServer(settings)
    client = grpcClient(server.port) as typeof client
    connection = sparkConnection(client)
    folder = join(await mkdtemp(join(tmpdir(), 'conjugate-faults-')), 'rows')
    const rows = `SELECT /*+ REPARTITION(4, id) */ id, sin(id) + 7 * pmod(id, 3) x, cos(id * 1.7) y, sin(id * 0.3) z FROM range(10000)`
    const statements = statementsOn(client)
    await command(statements, `INSERT OVERWRITE DIRECTORY '${folder}' USING parquet ${rows}`)
    await statements.dispose()
    whole = right(await fitted())
    const begun = performance.now()
    expectSame(await fitted())
    duration = performance.now() - begun
  }, 600_000)
  afterAll(async () => {
    await connection?.dispose()
    client?.close()
    await server?.stop()
    if (folder) await rm(join(folder, '..'), { recursive: true, force: true })
  })

  /** While a fit runs, something happens, once it has begun and before it is likely to have ended. */
  const during = async (happens: () => Promise<void>): Promise<E.Either<FitError, ReadonlyArray<number>>> => {
    const found = fitted()
    await pause(Math.random() * 0.9 * duration)
    await happens()
    return found
  }

  test.each(times)('survives an executor that is killed (%i)', async () => {
    const found = await during(async () => {
      const running = executorsOf(server)
      process.kill(running[Math.floor(Math.random() * running.length)]!, 'SIGKILL')
    })
    expectSame(found)
  })

  test.each(times)('survives a server that is killed and started again (%i)', async () => {
    const found = await during(async () => {
      await server.kill()
      server = await sparkServer({ ...settings, port: server.port })
    })
    expectSame(found)
  })

  test.each(times)('goes on from its checkpoint where it was stopped (%i)', async i => {
    const checkpoint = { storage: fileStorage(join(folder, `../checkpoint-${i}`)), everyIterations: 1 }
    const controller = new AbortController()
    const stopped = fitted({ checkpoint, signal: controller.signal })
    await pause(Math.random() * 0.9 * duration)
    controller.abort()
    const first = await stopped
    if (E.isLeft(first)) expect(first.left._tag).toMatch(/Cancelled|StepFailed|Interrupted/)
    expectSame(await fitted({ checkpoint }))
  })
})
