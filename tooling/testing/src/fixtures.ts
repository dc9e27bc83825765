import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { sharedFolder } from './shared-folder.js'

/** The folder of float64 references; of those that are committed where there is no other. */
const folder = sharedFolder('CONJUGATE_FIXTURES', 'fixtures', fileURLToPath(new URL('../references', import.meta.url)))

/** Names of the JSON files of a folder of fixtures, without the ending. */
export const fixtureNames = (subfolder = ''): string[] => {
  if (!existsSync(join(folder, subfolder))) return []
  return readdirSync(join(folder, subfolder))
    .filter(file => file.endsWith('.json'))
    .map(file => file.slice(0, -'.json'.length))
    .sort()
}

/** A fixture by its name, for example `distributions/dirichlet`. */
export const readFixture = <T>(name: string): T => JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8')) as T
