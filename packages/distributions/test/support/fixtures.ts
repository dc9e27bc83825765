import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The folder of float64 references: `CONJUGATE_FIXTURES`, or the shared one beside the checkout. */
export const fixtureFolder =
  process.env['CONJUGATE_FIXTURES'] ?? fileURLToPath(new URL('../../../../../shared/fixtures', import.meta.url))

export const hasFixtures = existsSync(fixtureFolder)

/** Names of the JSON files of a folder of fixtures, without the ending. */
export const fixtureNames = (subfolder = ''): string[] =>
  hasFixtures && existsSync(join(fixtureFolder, subfolder))
    ? readdirSync(join(fixtureFolder, subfolder))
        .filter(file => file.endsWith('.json'))
        .map(file => file.slice(0, -'.json'.length))
        .sort()
    : []

export const readFixture = <T>(name: string): T =>
  JSON.parse(readFileSync(join(fixtureFolder, `${name}.json`), 'utf8')) as T
