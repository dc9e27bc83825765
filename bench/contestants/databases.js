// E-steps on rows in DuckDB, on two threads of it: node databases.js sums|reads|resident
import { existsSync } from 'node:fs'
import { describeFitError, fit, gaussianMixture } from '@conjugate/models'
import { describeSqlError, duckdbRows, duckdbSums } from '@conjugate/sql'
import { right } from './map.js'
import { answerLines } from './serve.js'

const [, , how] = process.argv
const folder = new URL('../../node_modules/.cache/conjugate-databases/node_modules/', import.meta.url)
const entry = new URL('@duckdb/node-api/lib/index.js', folder)
const columns = ['x0', 'x1', 'x2']

/** K clusters along a parabola, of rows that follow from their numbers. @param {number} n @param {number} k */
const rowsOf = (n, k) => {
  const noise = (/** @type {number} */ i) => `(hash(range, ${i}) % 4001) / 1000.0 - 2`
  const at = `(range % ${k})`
  return `SELECT 8 * ${at} + ${noise(1)} AS x0, 2 * ${at} * (${at} - 4) + ${noise(2)} AS x1, ${noise(3)} AS x2 FROM range(${n})`
}

const identity = { rows: 3, columns: 3, data: [1, 0, 0, 0, 1, 0, 0, 0, 1] }

await answerLines(async ({ n, k }) => {
  if (!existsSync(entry)) throw new Error('DuckDB is not set up (pnpm databases)')
  const { DuckDBInstance } = await import(entry.href)
  const connection = await (await DuckDBInstance.create(':memory:', { threads: '2' })).connect()
  await connection.run(`CREATE TABLE rows AS ${rowsOf(n, k)}`)
  const inMemory = async () => {
    const found = (await connection.runAndReadAll('FROM rows')).getRowsJS()
    return { rows: n, columns: 3, data: Float64Array.from(found.flat()) }
  }
  const table = { table: 'rows' }
  const data =
    how === 'sums'
      ? right(duckdbSums(connection, table, { columns, groupRows: false }), describeSqlError)
      : how === 'reads'
        ? right(duckdbRows(connection, table, { columns }), describeSqlError)
        : await inMemory()
  const components = Array.from({ length: k }, (_, i) => ({
    mean: [8 * i, 2 * i * (i - 4), 0],
    covariance: identity,
    cholesky: identity,
  }))
  /** @type {number[]} */
  const steps = []
  let last = process.cpuUsage()
  const fitted = /** @type {any} */ (
    right(
      await fit(
        gaussianMixture({ components: k }),
        /** @type {any} */ (data),
        /** @type {any} */ ({
          start: { weights: new Array(k).fill(1 / k), components },
          iterations: 3,
          ...(how === 'resident' && { groupRows: false, skipping: false, threads: 1 }),
          onIteration: () => {
            const { user, system } = process.cpuUsage(last)
            steps.push((user + system) / 1000)
            last = process.cpuUsage()
          },
        }),
      )(),
      describeFitError,
    )
  )
  connection.closeSync()
  // The first one comes with all that is before it.
  return { version: fitted.backend, step: Math.min(...steps.slice(1)), objective: fitted.objectives.at(-1) }
})
