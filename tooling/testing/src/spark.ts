import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const folder = fileURLToPath(new URL('../../../node_modules/.cache/conjugate-spark', import.meta.url))
const python = join(folder, 'venv/bin/python')
const wasRequired = process.env['CONJUGATE_REQUIRE_SPARK'] !== undefined

/** Whether `pnpm run spark` has been run, and there is a Java. Where CI has to have them, their absence shows as failing tests. */
export const hasSpark: boolean =
  wasRequired || (existsSync(join(folder, 'installed.txt')) && spawnSync('java', ['-version']).status === 0)

if (!hasSpark) console.warn('Skipped: tests on Spark, which is not set up here (pnpm run spark; it needs Java 17).')

/** A server of Spark Connect in a process of its own, on this machine alone. */
export interface SparkServer {
  readonly port: number
  /** Of the process of Java. */
  readonly pid: number
  /** A folder that is there as long as it is. */
  readonly folder: string
  /** How many jobs and tasks run there, as it says itself. */
  readonly running: () => Promise<{ readonly jobs: number; readonly tasks: number }>
  /** Ends it as a fault of the machine would. */
  readonly kill: () => Promise<void>
  readonly stop: () => Promise<void>
}

const [STARTED, LONGEST] = [/Spark Connect server started at: [^\s]*:(\d+)/, 180_000]

/** Where it tells what it does. */
const TELLS = /started service 'SparkUI' on port (\d+)/

/** Starts a server; `master` says with how many executors, `port` where it has to be at the one of another before. */
export const sparkServer = async ({
  master = 'local[2]',
  port = 0,
  conf = {},
}: {
  readonly master?: string
  readonly port?: number
  readonly conf?: Readonly<Record<string, string>>
} = {}): Promise<SparkServer> => {
  const home = spawnSync(python, ['-c', 'import pyspark; print(pyspark.__path__[0])'], {
    encoding: 'utf8',
  }).stdout.trim()
  const own = mkdtempSync(join(tmpdir(), 'conjugate-spark-'))
  const settings = {
    'spark.connect.grpc.binding.address': '127.0.0.1',
    'spark.connect.grpc.binding.port': `${port}`,
    'spark.driver.bindAddress': '127.0.0.1',
    'spark.ui.port': '0',
    'spark.sql.catalogImplementation': 'in-memory',
    'spark.sql.warehouse.dir': join(own, 'warehouse'),
    'spark.local.dir': own,
    'spark.sql.shuffle.partitions': '2',
    ...conf,
  }
  const args = [
    ...['--master', master, '--driver-memory', '768m'],
    ...['--class', 'org.apache.spark.sql.connect.service.SparkConnectServer'],
    ...Object.entries(settings).flatMap(([name, value]) => ['--conf', `${name}=${value}`]),
    'spark-internal',
  ]
  const process_ = spawn(join(home, 'bin/spark-submit'), args, {
    cwd: own,
    env: { ...process.env, SPARK_HOME: home, PYSPARK_PYTHON: python, SPARK_LOCAL_IP: '127.0.0.1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const ended = new Promise<void>(resolve => process_.once('exit', () => resolve()))
  const end = async (signal: 'SIGKILL' | 'SIGTERM'): Promise<void> => {
    process_.kill(signal)
    await ended
    rmSync(own, { recursive: true, force: true })
  }
  let log = ''
  const started = new Promise<number>((resolve, reject) => {
    const read = (part: Buffer): void => {
      log += part.toString()
      const found = STARTED.exec(log)
      if (found) resolve(Number(found[1]))
    }
    process_.stdout.on('data', read)
    process_.stderr.on('data', read)
    const failed = (why: string) => (): void => reject(new Error(`Spark ${why}: ${log.slice(-2000)}`))
    process_.once('exit', failed('ended'))
    setTimeout(failed('has not started'), LONGEST).unref()
  })
  // It may answer with nothing while it still begins.
  const told = async <A>(what: string): Promise<A> => {
    for (let attempt = 0; ; attempt++)
      try {
        const answer = await fetch(`http://127.0.0.1:${TELLS.exec(log)?.[1]}/api/v1/applications${what}`)
        return (await answer.json()) as A
      } catch (error) {
        if (attempt === 50) throw error
        await new Promise(resolve => setTimeout(resolve, 200))
      }
  }
  return {
    port: await started,
    pid: process_.pid!,
    folder: own,
    running: async () => {
      const [application] = await told<ReadonlyArray<{ readonly id: string }>>('')
      const jobs = await told<ReadonlyArray<unknown>>(`/${application!.id}/jobs?status=running`)
      const executors = await told<ReadonlyArray<{ readonly activeTasks: number }>>(`/${application!.id}/executors`)
      return { jobs: jobs.length, tasks: executors.reduce((sum, { activeTasks }) => sum + activeTasks, 0) }
    },
    kill: () => end('SIGKILL'),
    stop: () => end('SIGTERM'),
  }
}

/** A client of gRPC, as it is made by whoever has credentials. */
export const grpcClient = (port: number): { readonly close: () => void } => {
  const { Client, credentials } = createRequire(join(folder, 'package.json'))('@grpc/grpc-js')
  return new Client(`127.0.0.1:${port}`, credentials.createInsecure())
}
