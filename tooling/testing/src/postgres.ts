import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const client = new URL('../../../node_modules/.cache/conjugate-databases/node_modules/pg/lib/index.js', import.meta.url)

/** Where Debian puts each version. */
const VERSIONS = '/usr/lib/postgresql'

/** Where the programs of a server are. */
const folder = [
  ...(process.env['PATH'] ?? '').split(':'),
  ...(existsSync(VERSIONS) ? readdirSync(VERSIONS).map(version => join(VERSIONS, version, 'bin')) : []),
].find(place => existsSync(join(place, 'initdb')) && existsSync(join(place, 'postgres')))

/** Whether there are a server of Postgres and a client. */
export const hasPostgres: boolean = folder !== undefined && existsSync(fileURLToPath(client))

if (!hasPostgres)
  console.warn(
    'Skipped: tests on a server of Postgres, which is not here (apt-get install postgresql, pnpm databases).',
  )

/** A connection to a server, or several of them. */
export interface PostgresClient {
  readonly query: (sql: string) => Promise<{ readonly rows: ReadonlyArray<Readonly<Record<string, unknown>>> }>
  readonly end: () => Promise<void>
}

/** A server of this machine alone. */
export interface PostgresServer {
  readonly connect: () => Promise<PostgresClient>
  /** Connections that are made anew where one is lost. */
  readonly pool: () => PostgresClient
  /** Kills it, and all that runs on it. */
  readonly kill: () => Promise<void>
  readonly start: () => Promise<void>
  readonly stop: () => Promise<void>
}

/** Root may not run a server: nobody does. */
const NOBODY: { readonly uid?: number; readonly gid?: number } =
  process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {}

interface Class<A> {
  new (options: object): A & { on: (event: string, listener: () => void) => void; connect: () => Promise<unknown> }
}

/** A server of its own, with its files and its socket in a folder of its own. */
export const postgresServer = async (): Promise<PostgresServer> => {
  const home = mkdtempSync(join(tmpdir(), 'conjugate-postgres-'))
  if (NOBODY.uid !== undefined) chownSync(home, NOBODY.uid, NOBODY.gid!)
  const data = join(home, 'data')
  const program = (name: string): string => join(folder!, name)
  const settings = { cwd: home, ...NOBODY }
  execFileSync(program('initdb'), ['-D', data, '-U', 'tester', '--no-sync', '--auth=trust'], {
    ...settings,
    stdio: 'ignore',
  })
  const { default: pg } = (await import(client.href)) as {
    readonly default: { readonly Client: Class<PostgresClient>; readonly Pool: Class<PostgresClient> }
  }
  const at = { host: home, user: 'tester', database: 'postgres' }
  let running: ChildProcess | undefined
  const connect = async (): Promise<PostgresClient> => {
    const found = new pg.Client(at)
    // What is lost is told by the statement that runs.
    found.on('error', () => undefined)
    await found.connect()
    return found
  }
  const start = async (): Promise<void> => {
    running = spawn(program('postgres'), ['-D', data, '-k', home, '-c', 'listen_addresses=', '-F'], {
      ...settings,
      stdio: 'ignore',
    })
    for (let tries = 0; ; tries++) {
      try {
        return await (await connect()).end()
      } catch (error) {
        if (tries === 300) throw error
        await new Promise(resolve => setTimeout(resolve, 100))
      }
    }
  }
  const end = (signal: NodeJS.Signals): Promise<void> =>
    new Promise(resolve => {
      if (running === undefined || running.exitCode !== null) return resolve()
      running.once('exit', () => resolve())
      running.kill(signal)
      running = undefined
    })
  await start()
  return {
    connect,
    pool: () => {
      const found = new pg.Pool({ ...at, max: 2 })
      found.on('error', () => undefined)
      return found
    },
    // Its processes have the memory that they share for as long as one of them lives.
    kill: () => end('SIGQUIT'),
    start,
    stop: async () => {
      await end('SIGQUIT')
      rmSync(home, { recursive: true, force: true })
    },
  }
}
