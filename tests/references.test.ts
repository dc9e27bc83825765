import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { selected } from '../tooling/testing/references/select.js'

// What is committed of the references, with which a clone that has no other folder compares.

const folder = fileURLToPath(new URL('../tooling/testing/references/', import.meta.url))
const committed = (readdirSync(folder, { recursive: true }) as string[]).filter(path => path.endsWith('.json')).sort()

const all = process.env['CONJUGATE_FIXTURES'] || fileURLToPath(new URL('../../shared/fixtures', import.meta.url))

test('they are a few hundred kilobytes', () => {
  const bytes = committed.reduce((sum, path) => sum + statSync(join(folder, path)).size, 0)
  expect(bytes).toBeGreaterThan(100_000)
  expect(bytes).toBeLessThan(300_000)
})

test.skipIf(!existsSync(all))('they are those of all references that are selected, number by number', () => {
  const expected = selected(all)
  expect(committed).toEqual([...expected.keys()].sort())
  for (const path of committed) expect(readFileSync(join(folder, path), 'utf8') === expected.get(path), path).toBe(true)
})

describe('a clone without another folder', () => {
  beforeEach(() => {
    vi.resetModules()
    vi.stubEnv('CONJUGATE_FIXTURES', join(folder, 'none'))
    vi.spyOn(console, 'warn').mockImplementation(() => {})
  })
  afterEach(() => {
    vi.unstubAllEnvs()
    vi.restoreAllMocks()
  })
  const load = () => import('../tooling/testing/src/fixtures.js')

  test('compares with what is committed, and says so', async () => {
    vi.stubEnv('CI', '')
    const { fixtureNames, readFixture } = await load()
    expect([...fixtureNames(), ...fixtureNames('distributions').map(name => `distributions/${name}`)].sort()).toEqual(
      committed.map(path => path.slice(0, -'.json'.length)),
    )
    expect(readFixture<{ case: string }>('em_toy_seed404').case).toBe('toy_seed404')
    expect(console.warn).toHaveBeenCalledWith(expect.stringContaining('what is not in'))
  })

  test('is not enough for CI', async () => {
    vi.stubEnv('CI', 'true')
    await expect(load()).rejects.toThrow('CI has no folder')
  })
})
