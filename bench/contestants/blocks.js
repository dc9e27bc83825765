// An E-step over rows that are in memory, in a scratch file, or read by DuckDB from parquet in every pass: milliseconds of processor time.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describeExecutorError, loadBlocks, wasm } from '@conjugate/executors'
import { scratchFile } from '@conjugate/executors/node'
import { describeSqlError, duckdbRows } from '@conjugate/sql'
import * as E from 'fp-ts/lib/Either.js'
import { clusters } from '../data/synthetic.js'
import { right } from './map.js'
import { answerLines } from './serve.js'

/** @typedef {import('../types.js').BlocksRequest} Request */

const DATABASES = fileURLToPath(
  new URL('../../node_modules/.cache/conjugate-databases/node_modules/@duckdb/node-api/lib/index.js', import.meta.url),
)
const BLOCK_ROWS = 65_536

/** Overlapping densities of K components. @param {Request} request @returns {import('@conjugate/executors').QuadraticDensities} */
const densitiesOf = ({ d, k }) => {
  const values = clusters(k, d, k)
  const whitening = new Float64Array(k * d * d)
  for (let c = 0; c < k; c++)
    for (let i = 0; i < d; i++)
      for (let j = 0; j <= i; j++) whitening[(c * d + i) * d + j] = i === j ? 0.5 + ((c + i) % 3) / 4 : 0.1
  return {
    _tag: 'Quadratic',
    components: k,
    columns: d,
    mean: values,
    whitening,
    logConstant: new Float64Array(k).fill(-3),
  }
}

/** Rows as a parquet file, and a table of it. @param {Request} request @param {Float64Array} data */
const inParquet = async ({ n, d, folder }, data) => {
  if (!existsSync(DATABASES)) throw new Error('DuckDB is not set up (pnpm databases)')
  const { DuckDBInstance } = await import(DATABASES)
  const connection = await (await DuckDBInstance.create(':memory:', { threads: '1' })).connect()
  const columns = Array.from({ length: d }, (_, i) => `c${i}`)
  const file = join(folder, `${n}x${d}.parquet`).replaceAll("'", "''")
  await connection.run(`CREATE TABLE given (${columns.map(name => `${name} DOUBLE`).join(', ')})`)
  const appender = await connection.createAppender('given')
  for (let i = 0; i < data.length; i++) {
    appender.appendDouble(data[i])
    if (i % d === d - 1) appender.endRow()
  }
  appender.closeSync()
  await connection.run(`COPY given TO '${file}'`)
  await connection.run('DROP TABLE given')
  return right(duckdbRows(connection, { parquet: file }, { columns }), describeSqlError)
}

/** Rows, in the way that is asked for. @param {Request} request */
const loaded = async request => {
  const { work, n, d, k, folder } = request
  const data = clusters(n, d, k)
  if (work === 'in memory') {
    const executor = right(await wasm(), describeExecutorError)
    return right(await executor.load({ rows: n, columns: d, data })(), describeExecutorError)
  }
  async function* inBlocks() {
    for (let from = 0; from < n; from += BLOCK_ROWS) {
      const to = Math.min(n, from + BLOCK_ROWS)
      yield E.right({ rows: { rows: to - from, columns: d, data: data.subarray(from * d, to * d) } })
    }
  }
  const table = work === 'DuckDB' ? await inParquet(request, data) : undefined
  async function* fromTable() {
    if (table) for await (const rows of table.read(true)) yield E.right({ rows })
  }
  const blocks = await loadBlocks(
    { rows: n, columns: d, read: table ? fromTable : inBlocks },
    table ? { threads: 1 } : { threads: work.includes('2 threads') ? 2 : 1, scratch: scratchFile(folder) },
  )()
  return right(blocks, String)
}

/** @type {Map<string, ReturnType<typeof loaded>>} */
const known = new Map()

await answerLines(async (/** @type {Request} */ request) => {
  const name = `${request.work} ${request.n} ${request.d}`
  if (!known.has(name)) known.set(name, loaded(request))
  const rows = await /** @type {ReturnType<typeof loaded>} */ (known.get(name))
  const began = process.cpuUsage()
  const { logLikelihood } = right(await rows.expectation(densitiesOf(request))(), String)
  const { user, system } = process.cpuUsage(began)
  return { milliseconds: (user + system) / 1000, logLikelihood }
})
