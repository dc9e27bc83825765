import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { duckdb, hasDatabases } from '@conjugate/testing'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { fitParquet } from './pages/fit-parquet.js'
import { noBrowser, type OpenPage, open } from './support/chromium.js'
import { expectWithin } from './support/near.js'

const skipped = noBrowser ?? (hasDatabases ? undefined : 'there is nothing that writes parquet files (pnpm databases)')

describe.skipIf(skipped)(`a parquet file in a page${skipped ? `: skipped, ${skipped}` : ''}`, () => {
  let opened: OpenPage
  let bytes: Buffer
  const parts: string[] = []
  beforeAll(async () => {
    const path = join(mkdtempSync(join(tmpdir(), 'conjugate-page-')), 'rows.parquet')
    const connection = await duckdb()
    await connection.run(`COPY (
      SELECT range % 2 * 9.0 + sin(range) AS x, cos(range * 1.7) AS y, range % 2 + range // 7 % 2 AS kind,
        CASE WHEN range % 5 = 0 THEN NULL ELSE range % 2 = 0 END AS said, 'a text that nobody reads ' || hash(range) AS text
      FROM range(20000)
    ) TO '${path}' (ROW_GROUP_SIZE 4096)`)
    connection.closeSync()
    bytes = readFileSync(path)
    opened = await open('parquet.html')
    await opened.page.route('**/rows.parquet', async route => {
      const request = route.request()
      const [, first, last] = /^bytes=(\d+)-(\d*)$/.exec((await request.headerValue('range')) ?? '') ?? []
      const headers = { 'content-length': String(bytes.length), 'accept-ranges': 'bytes' }
      if (request.method() === 'HEAD') return route.fulfill({ status: 200, headers })
      if (first === undefined) return route.fulfill({ status: 416 })
      const part = bytes.subarray(Number(first), last ? Number(last) + 1 : bytes.length)
      parts.push(`${first}-${last}`)
      return route.fulfill({
        status: 206,
        body: part,
        headers: { 'content-range': `bytes ${first}-${last}/${bytes.length}` },
      })
    })
  }, 120_000)
  afterAll(() => opened?.close())

  test.each(['by fetch, in parts', 'from a Blob'])(
    '%s: the numbers of Node',
    async way => {
      const base64 = bytes.toString('base64')
      const url = new URL('/rows.parquet', opened.page.url()).href
      const there = await opened.page.evaluate(
        where => globalThis.fitParquetInPage(where),
        way === 'from a Blob' ? { base64 } : { url },
      )
      const here = await fitParquet({ base64 })
      expect(there.backend).toMatch(/^wasm .*rows read in every pass/)
      expect(there.rows).toEqual([20000, 20000])
      for (const [i, objectives] of there.objectives.entries())
        expectWithin(1e-13, objectives, here.objectives[i]!, 'objectives')
      expectWithin(1e-13, there.means.flat(), here.means.flat(), 'means')
      // The columns that are asked for are parts of it.
      if (way !== 'from a Blob') expect(parts.length).toBeGreaterThan(10)
    },
    120_000,
  )

  test('neither the bundler nor the page complained', () => {
    expect(opened.complaints).toEqual([])
  })
})
