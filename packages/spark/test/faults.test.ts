import { spawn } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { fileStorage } from '@conjugate/em/node'
import { describeFitError, type FitError, fit, gaussianMixture, type ModelFitOptions } from '@conjugate/models'
import { type GrpcClient, type SparkConnection, sparkConnection, sparkTable } from '@conjugate/spark'
import { grpcClient, hasSpark, right, type SparkServer, sparkServer } from '@conjugate/testing'
import * as E from 'fp-ts/lib/Either.js'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { statementsOn } from '../dist/internals.js'
import { command, quoted, sparkDatabase } from './support/stored.js'

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

const model = right(gaussianMixture({ components: 3, concentration: 2 }))
type Found = E.Either<FitError, ReadonlyArray<number>>

/** Fits of one model to the same files on a server, which may be killed. */
const fitsOn = (settings: NonNullable<Parameters<typeof sparkServer>[0]>) => {
  let server: SparkServer
  let client: GrpcClient & { readonly close: () => void }
  let connection: SparkConnection
  let folder = ''
  let whole: ReadonlyArray<number> = []
  let duration = 0

  const fitted = async (options: object = {}): Promise<Found> => {
    const table = right(sparkTable(connection, { parquet: folder }, { columns: ['x', 'y', 'z'], key: 'id' }))
    const all = { iterations: 6, tolerance: 0, seed: 5, ...options } as ModelFitOptions<never, never>
    const found = await fit(model, table, all as never)()
    return E.isLeft(found) ? found : E.right(found.right.objectives)
  }
  const expectSame = (found: Found): void => {
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

  return {
    fitted,
    expectSame,
    server: () => server,
    connection: () => connection,
    folder: () => folder,
    /** Somewhere within a fit. */
    moment: () => pause(Math.random() * 0.9 * duration),
    /** While a fit runs, something happens, once it has begun and before it is likely to have ended. */
    during: async (happens: () => Promise<void>): Promise<Found> => {
      const found = fitted()
      await pause(Math.random() * 0.9 * duration)
      await happens()
      return found
    },
    restart: async () => {
      await server.kill()
      server = await sparkServer({ ...settings, port: server.port })
    },
  }
}

describe.skipIf(!hasSpark || kills === 0)('a fit on a cluster of two executors', { timeout: 600_000 }, () => {
  const on = fitsOn({ master: 'local-cluster[2,1,600]', conf: { 'spark.executor.memory': '512m' } })

  test.each(times)('survives an executor that is killed (%i)', async () => {
    const found = await on.during(async () => {
      const running = executorsOf(on.server())
      process.kill(running[Math.floor(Math.random() * running.length)]!, 'SIGKILL')
    })
    on.expectSame(found)
  })
})

describe.skipIf(!hasSpark || kills === 0)('a fit on a server', { timeout: 600_000 }, () => {
  const on = fitsOn({})

  /** Runs the program, and kills it somewhat after it has said a text. Gives what it said, where it came to its end. */
  const program = fileURLToPath(new URL('support/client.js', import.meta.url))
  const run = (args: ReadonlyArray<string>, kill?: { readonly after: string; readonly wait: () => Promise<void> }) =>
    new Promise<string | undefined>((resolve, reject) => {
      const child = spawn(process.execPath, [program, `${on.server().port}`, on.folder(), ...args])
      let [said, errors, isNow] = ['', '', false]
      child.stdout.on('data', (data: Buffer) => {
        said += data.toString()
        if (isNow || !kill || !said.includes(kill.after)) return
        isNow = true
        void kill.wait().then(() => child.kill('SIGKILL'))
      })
      child.stderr.on('data', (data: Buffer) => {
        errors += data.toString()
      })
      child.on('exit', code => {
        if (code !== null && code !== 0) reject(new Error(errors))
        else resolve(code === 0 ? said : undefined)
      })
    })

  test.each(times)('goes on from its checkpoint where its client is killed (%i)', async i => {
    const checkpoint = join(on.folder(), `../client-${i}`)
    await run([checkpoint], { after: '.'.repeat(1 + (i % 5)), wait: () => pause(Math.random() * 1000) })
    const said = await run([checkpoint])
    on.expectSame(E.right(JSON.parse(said!.slice(said!.indexOf('[')))))
  })

  test.each(times)(
    'leaves a whole table and a whole folder, or none, where its client is killed as it writes (%i)',
    async i => {
      const checkpoint = join(on.folder(), '../written')
      const database = sparkDatabase(on.connection, 'kernel')
      const [table, parquet] = [`said_${i}`, join(on.folder(), `../said-${i}`)]
      for (const target of [{ table }, { parquet }]) {
        await run([checkpoint, JSON.stringify(target)], { after: 'writes', wait: () => pause(Math.random() * 1500) })
        // What it asked for goes on without it.
        while ((await on.server().running()).jobs > 0) await pause(100)
        await pause(1000)
      }
      const isThere = (await database.tables()).includes(table)
      const isWhole = async (from: string): Promise<void> =>
        expect(
          (await database.rows(`SELECT count(*), count(component), count(density), count(p2) FROM ${from}`))[0],
        ).toEqual([10_000, 10_000, 10_000, 10_000])
      if (isThere) await isWhole(table)
      if (existsSync(parquet)) await isWhole(`parquet.${quoted(parquet)}`)
      if (!isThere) await run([checkpoint, JSON.stringify({ table })])
      await isWhole(table)
    },
  )

  test.each(times)('goes on from its checkpoint where it was stopped (%i)', async i => {
    const checkpoint = { storage: fileStorage(join(on.folder(), `../checkpoint-${i}`)), everyIterations: 1 }
    const controller = new AbortController()
    const stopped = on.fitted({ checkpoint, signal: controller.signal })
    await on.moment()
    controller.abort()
    const first = await stopped
    if (E.isLeft(first)) expect(first.left._tag).toMatch(/Cancelled|StepFailed|Interrupted/)
    on.expectSame(await on.fitted({ checkpoint }))
  })

  test.each(times)('survives a server that is killed and started again (%i)', async () => {
    on.expectSame(await on.during(on.restart))
  })
})
