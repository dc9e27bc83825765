import { mkdtemp, open } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { scratchFile } from '@conjugate/executors/node'
import { describeFitError, fit, gaussianMixture, latentClassMixture } from '@conjugate/models'
import { describeSqlError } from '@conjugate/sql'
import { type Hyparquet, type ParquetFile, parquetRows, parquetTable } from '@conjugate/sql/parquet'
import { duckdb, hasDatabases, right } from '@conjugate/testing'
import * as E from 'fp-ts/lib/Either.js'
import * as hyparquet from 'hyparquet'
import { beforeAll, describe, expect, test } from 'vitest'

const reader = hyparquet as unknown as Hyparquet
const N = 5000
const cells = Array.from({ length: N }, (_, n) => [(n % 2) * 40 + (n % 17), (n % 2) * 9 - ((n * 7) % 23) / 8] as const)
const inMemory = { groupRows: false, skipping: false } as const

describe.skipIf(!hasDatabases)('a parquet file without a database', () => {
  let file: ParquetFile
  beforeAll(async () => {
    const path = join(await mkdtemp(join(tmpdir(), 'conjugate-parquet-')), 'rows.parquet')
    const connection = await duckdb()
    await connection.run('CREATE TABLE given (x DOUBLE, y DOUBLE, w INTEGER, kind BIGINT, name VARCHAR)')
    for (let from = 0; from < N; from += 1000)
      await connection.run(
        `INSERT INTO given VALUES ${cells
          .slice(from, from + 1000)
          .map(([x, y], i) => `(${x}, ${y}, ${(from + i) % 3}, ${(from + i) % 7 === 0 ? 'NULL' : (from + i) % 2}, 'a')`)
          .join(', ')}`,
      )
    await connection.run(`COPY given TO '${path}' (ROW_GROUP_SIZE 2048)`)
    connection.closeSync()
    const handle = await open(path)
    const { size } = await handle.stat()
    file = {
      byteLength: size,
      slice: async (start, end = size) => {
        const bytes = new Uint8Array(end - start)
        await handle.read(bytes, 0, bytes.length, start)
        return bytes.buffer
      },
    }
  })

  const model = gaussianMixture({ components: 2 })

  test('has the bits of a fit to rows in memory, weighted as well', async () => {
    const columns = ['x', 'y']
    const data = right(parquetRows(reader, file, { columns, scratch: scratchFile() }))
    const whole = right(await fit(model, cells, { ...inMemory, iterations: 4 })())
    const fitted = right(await fit(model, data, { iterations: 4 })())
    expect(fitted.objectives).toEqual(whole.objectives)
    expect(fitted.rows).toBe(N)
    const rowWeights = cells.map((_, n) => n % 3)
    const weighted = right(await fit(model, cells, { ...inMemory, iterations: 4, rowWeights })())
    const byColumn = right(parquetRows(reader, file, { columns, weight: 'w' }))
    expect(right(await fit(model, byColumn, { iterations: 4 })()).objectives).toEqual(weighted.objectives)
  })

  test('may have cells that are missing, and whole numbers of 64 bits', async () => {
    const latent = latentClassMixture({ components: 2, concentration: 2, columns: { kind: 2, w: 3 } })
    const rows = cells.map((_, n) => ({ kind: n % 7 === 0 ? null : n % 2, w: n % 3 }))
    const whole = right(await fit(latent, rows, { groupRows: false, iterations: 4 })())
    const data = right(parquetTable(reader, file, { columns: ['kind', 'w'] }))
    expect(right(await fit(latent, data as never, { iterations: 4 })()).objectives).toEqual(whole.objectives)
  })

  test.each([
    ['a text', ['name'], /row 0, column name: "a", expected a number/],
    ['a column that is not there', ['z'], /columns: "z", expected the name of a column of the file/],
    ['a missing cell', ['kind'], /row 0, column 0: NaN/],
  ])('%s is told', async (_, columns, message) => {
    const found = await fit(model, right(parquetRows(reader, file, { columns })))()
    if (E.isRight(found)) expect.fail('was fitted')
    expect(describeFitError(found.left)).toMatch(message)
  })
})

test('what is no list of columns is told at once', () => {
  for (const options of [{ columns: [] }, { columns: ['x', 'x'] }, { columns: ['x'], weight: '' }]) {
    const made = parquetRows(reader, { byteLength: 0, slice: () => new ArrayBuffer(0) }, options)
    if (E.isRight(made)) expect.fail('was made')
    expect(describeSqlError(made.left)).toMatch(/columns|weight/)
  }
})
