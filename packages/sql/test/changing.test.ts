import { copyFile, mkdtemp, open, rename, rm, truncate } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileStorage } from '@conjugate/em/node'
import { describeFitError, gaussianMixture } from '@conjugate/models'
import { duckdbRows, duckdbSums } from '@conjugate/sql'
import { type Hyparquet, parquetRows } from '@conjugate/sql/parquet'
import { type DuckDB, duckdb, hasDatabases, right } from '@conjugate/testing'
import * as E from 'fp-ts/lib/Either.js'
import * as hyparquet from 'hyparquet'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { done, expectSamePath, fitted } from './support/databases.js'

const model = gaussianMixture({ components: 3 })
const columns = ['x', 'y']
const N = 5000

describe.skipIf(!hasDatabases)('a parquet file that changes between two passes', () => {
  let connection: DuckDB
  let folder = ''
  const at = (name: string): string => join(folder, name)
  /** Replaces what is there at once, as programs do that write files. */
  const put = async (name: string): Promise<void> => {
    await copyFile(at(name), at('next.parquet'))
    await rename(at('next.parquet'), at('rows.parquet'))
  }
  beforeAll(async () => {
    connection = await duckdb()
    folder = await mkdtemp(join(tmpdir(), 'conjugate-changing-'))
    const write = (name: string, rows: number, last: string): Promise<unknown> =>
      connection.run(`COPY (SELECT range AS id, range % 2 * 1.5 + sin(range) AS x,
        CASE WHEN range = 17 THEN ${last} ELSE cos(range * 1.7) END AS y FROM range(${rows})) TO '${at(name)}'`)
    await write('given.parquet', N, '0.5')
    await write('other.parquet', N, '0.25')
    await write('longer.parquet', N + 1, '0.5')
    await write('spoilt.parquet', N, 'NULL')
    await connection.run(`COPY (SELECT 1 AS id, 'a' AS x) TO '${at('foreign.parquet')}'`)
  })
  afterAll(() => connection?.closeSync())

  /** Parts of whatever has the name by then. */
  const file = async () => {
    const handle = await open(at('rows.parquet'))
    const { size } = await handle.stat()
    await handle.close()
    return {
      byteLength: size,
      slice: async (start: number, end = size) => {
        const now = await open(at('rows.parquet'))
        try {
          const bytes = new Uint8Array(end - start)
          const { bytesRead } = await now.read(bytes, 0, bytes.length, start)
          if (bytesRead < bytes.length) throw new Error('the file ends too early')
          return bytes.buffer
        } finally {
          await now.close()
        }
      },
    }
  }
  const readers = {
    duckdbRows: async () => right(duckdbRows(connection, { parquet: at('rows.parquet') }, { columns })),
    duckdbSums: async () => right(duckdbSums(connection, { parquet: at('rows.parquet') }, { columns, key: 'id' })),
    parquetRows: async () => right(parquetRows(hyparquet as unknown as Hyparquet, await file(), { columns })),
  }
  const changes: Readonly<Record<string, () => Promise<void>>> = {
    'another cell': () => put('other.parquet'),
    'one more row': () => put('longer.parquet'),
    'a cell that is NULL': () => put('spoilt.parquet'),
    'other columns': () => put('foreign.parquet'),
    'a file that is cut': () => truncate(at('rows.parquet'), 30_000),
    'no file': () => rm(at('rows.parquet')),
  }
  const cases = Object.keys(readers).flatMap(reader => Object.keys(changes).map(change => [reader, change] as const))
  // Of rows that are summed their number is compared in every pass, and nothing else of those that are still rows.
  const told = cases.filter(([reader, change]) => !(reader === 'duckdbSums' && change === 'another cell'))

  test.each(told as ReadonlyArray<readonly [keyof typeof readers, string]>)(
    '%s, %s: an error in a line, and the rest of the fit once the file is there again',
    async (reader, change) => {
      await put('given.parquet')
      const settings = { iterations: 6, tolerance: 0, seed: 2, restarts: 2 }
      const whole = await done(fitted(model, await readers[reader](), settings))
      const storage = fileStorage(join(await mkdtemp(join(tmpdir(), 'conjugate-changed-')), 'fit'))
      let changed = false
      const found = await fitted(model, await readers[reader](), {
        ...settings,
        checkpoint: { storage },
        onIteration: async ({ iteration }: { iteration: { index: number } }) => {
          if (iteration.index !== 3 || changed) return
          changed = true
          await changes[change]!()
        },
      })()
      if (E.isRight(found)) return expect.fail('succeeded')
      expect(found.left).toMatchObject({ _tag: 'StepFailed', cause: { _tag: 'Interrupted' } })
      expect(describeFitError(found.left)).toMatch(/^expectation failed in iteration 4: [^\n]+$/)
      await put('given.parquet')
      const rest = await done(fitted(model, await readers[reader](), { ...settings, checkpoint: { storage } }))
      expectSamePath(rest, whole)
      expect(rest.restarts.every(E.isRight)).toBe(true)
    },
  )
})
