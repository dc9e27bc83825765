import { spawnSync } from 'node:child_process'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { columns } from '@conjugate/large/columns'
import { photos } from '@conjugate/large/photos'
import { trips } from '@conjugate/large/trips'
import { hasDatabases, hasPhotos, photoFolder } from '@conjugate/testing'
import { describe, expect, test } from 'vitest'

const numbersIn = (text: string): ReadonlyArray<number> =>
  Array.from(text.matchAll(/-?\d+(\.\d+)?(e[+-]\d+)?/g), ([n]) => Number(n))
const folder = (): Promise<string> => mkdtemp(join(tmpdir(), 'conjugate-large-'))

describe.skipIf(!hasDatabases)('fits to parquet files', () => {
  test.skipIf(!hasPhotos)(
    'the pixels of photos have the trace of segment, and every pixel its component',
    async () => {
      const lines = await photos(
        ['cow', 'owl'].map(name => join(photoFolder!, `${name}.png`)),
        await folder(),
      )
      expect(lines.map(line => line.split(':')[0])).toEqual(['cow', 'owl'])
      for (const line of lines) {
        const [, apart, others] = /segment (\S+), other labels (\d+)/.exec(line)!
        expect(Number(apart)).toBeLessThan(2e-12)
        expect(Number(others)).toBe(0)
      }
    },
    120_000,
  )

  test('the groups of a table with missing cells are found again', async () => {
    const [first, ...lines] = await columns(60_000, 30, await folder())
    expect(first).toMatch(/^60000 rows, 30 iterations/)
    const [one, two, three] = lines.map(numbersIn)
    for (const [found, wanted] of [
      [one!, [50, 160, 6, 5, 0.7, 0.1, 0.1, 0.1]],
      [two!, [30, 172, 5, 1, 0.1, 0.6, 0.2, 0.1]],
      [three!, [20, 185, 7, 0.25, 0.05, 0.05, 0.2, 0.7]],
    ] as const)
      for (const [i, value] of wanted.entries())
        expect(Math.abs(found[i]! - value)).toBeLessThan([6, 2, 1, 0.5][i] ?? 0.1)
    expect(numbersIn(lines[3]!)[0]).toBeGreaterThan(88)
  }, 120_000)

  test('a folder that cannot be made is told by its path, in a line', () => {
    const program = fileURLToPath(new URL('../dist/main.js', import.meta.url))
    const { status, stderr } = spawnSync(process.execPath, [program, 'trips', '--out', `${program}/out`], {
      encoding: 'utf8',
    })
    expect(status).toBe(1)
    expect(stderr).toMatch(/^large: --out \S*main\.js\/out: [^\n]+\n$/)
  })

  test('trips to the airport are a kind of their own', async () => {
    const out = await folder()
    const lines = await trips(40_000, { components: 4, iterations: 60, out })
    expect(
      lines
        .slice(1)
        .map(numbersIn)
        .some(([share, km]) => Math.abs(share! - 10) < 2 && Math.abs(km! - 24) < 2),
    ).toBe(true)
    expect(await trips(40_000, { components: 4, iterations: 60, out })).toEqual(lines)
  }, 120_000)
})
