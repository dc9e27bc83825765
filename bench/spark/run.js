// node bench/spark/run.js: an iteration on a Spark server, ours beside MLlib's GaussianMixture, in seconds of processors of all
// processes of the server. On demand only: it takes minutes, and Spark (pnpm run spark).
import { execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describeFitError, fit, gaussianMixture } from '@conjugate/models'
import { sparkConnection, sparkTable } from '@conjugate/spark'

const K = 8
const [few, many] = [1, 5]
/** @type {ReadonlyArray<readonly [rows: number, columns: number]>} */
const shapes = [
  [1_000_000, 3],
  [200_000, 16],
]

/** @type {ReadonlyArray<'kernel' | 'sql'>} */
const modes = ['kernel', 'sql']

const cache = fileURLToPath(new URL('../../node_modules/.cache/conjugate-spark', import.meta.url))
const python = join(cache, 'venv/bin/python')
const home = execFileSync(python, ['-c', 'import pyspark; print(pyspark.__path__[0])'], { encoding: 'utf8' }).trim()
const folder = mkdtempSync(join(tmpdir(), 'conjugate-bench-spark-'))
const env = { ...process.env, SPARK_HOME: home, PYSPARK_PYTHON: python, SPARK_LOCAL_IP: '127.0.0.1' }
const settings = {
  'spark.connect.grpc.binding.address': '127.0.0.1',
  'spark.connect.grpc.binding.port': '0',
  'spark.ui.enabled': 'false',
  'spark.sql.catalogImplementation': 'in-memory',
  'spark.sql.warehouse.dir': join(folder, 'warehouse'),
}
const server = spawn(
  join(home, 'bin/spark-submit'),
  [
    ...['--master', 'local[2]', '--driver-memory', '2g'],
    ...['--class', 'org.apache.spark.sql.connect.service.SparkConnectServer'],
    ...Object.entries(settings).flatMap(([name, value]) => ['--conf', `${name}=${value}`]),
    'spark-internal',
  ],
  { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] },
)
const port = await new Promise((resolve, reject) => {
  let log = ''
  const read = (/** @type {Buffer} */ part) => {
    log += part
    const found = /Spark Connect server started at: \S*:(\d+)/.exec(log)
    if (found) resolve(found[1])
  }
  server.stdout.on('data', read)
  server.stderr.on('data', read)
  server.once('exit', () => reject(new Error(log.slice(-2000))))
})

/** Fields of a process, from its state on. @param {string} id */
const fieldsOf = id => {
  try {
    return readFileSync(`/proc/${id}/stat`, 'utf8').split(') ')[1]?.split(' ')
  } catch {
    return undefined
  }
}

/** Seconds of processors of the server, its workers, and those of them that have ended. */
const seconds = () => {
  const all = new Map(
    readdirSync('/proc')
      .filter(name => /^\d+$/.test(name))
      .flatMap(id => {
        const fields = fieldsOf(id)
        return fields ? [/** @type {const} */ ([id, fields])] : []
      }),
  )
  const isOurs = (/** @type {string} */ id) => {
    for (let at = /** @type {string | undefined} */ (id); at !== undefined && at !== '0'; at = all.get(at)?.[1])
      if (Number(at) === server.pid) return true
    return false
  }
  let ticks = 0
  for (const [id, fields] of all) if (isOurs(id)) for (const field of fields.slice(11, 15)) ticks += Number(field)
  return ticks / 100
}

const right = (/** @type {any} */ either) => {
  if (either._tag === 'Left') throw new Error(describeFitError(either.left))
  return either.right
}

const { Client, credentials } = createRequire(join(cache, 'package.json'))('@grpc/grpc-js')
const client = new Client(`127.0.0.1:${port}`, credentials.createInsecure())
const connection = sparkConnection(client)
const lines = ['| rows | what | seconds of processors of an iteration |', '|---|---|---|']
try {
  for (const [rows, columns] of shapes) {
    const names = Array.from({ length: columns }, (_, i) => `x${i}`)
    const file = join(folder, `rows-${columns}`)
    const cells = names.map((name, i) => `randn(${i + 1}) + 6 * pmod(floor(id / ${i + 1}), 4) AS ${name}`)
    // What writes is a statement of the person who asks.
    const write = `SELECT ${cells.join(', ')} FROM range(0, ${rows}, 1, 2)`
    execFileSync(python, [fileURLToPath(new URL('rows.py', import.meta.url)), file, write], { env, stdio: 'ignore' })
    const start = { _tag: 'distinct-rows' }
    const model = gaussianMixture({ components: K })
    for (const mode of modes.slice(0, columns === 3 ? 2 : 1)) {
      const table = right(sparkTable(connection, { parquet: file }, { columns: names, mode }))
      const taken = async (/** @type {number} */ iterations) => {
        const begun = seconds()
        right(await fit(model, table, /** @type {any} */ ({ iterations, tolerance: 0, start, seed: 1 }))())
        return seconds() - begun
      }
      await taken(few)
      const least = await taken(few)
      const most = await taken(many)
      lines.push(`| ${rows} x ${columns} | ours, ${mode} | ${((most - least) / (many - few)).toFixed(2)} |`)
      console.log(lines.at(-1))
    }
    const mllib = execFileSync(
      python,
      [fileURLToPath(new URL('mllib.py', import.meta.url)), file, `${K}`, `${few}`, `${many}`],
      { env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] },
    )
    lines.push(`| ${rows} x ${columns} | MLlib | ${JSON.parse(/\{.*\}/.exec(mllib)?.[0] ?? '{}').seconds.toFixed(2)} |`)
    console.log(lines.at(-1))
  }
  console.log(`\n${lines.join('\n')}`)
} finally {
  await connection.dispose()
  client.close()
  server.kill()
  rmSync(folder, { recursive: true, force: true })
}
