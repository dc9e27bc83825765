import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { sharedFolder } from './shared-folder.js'

/** The folder of float64 references. */
const folder = sharedFolder('CONJUGATE_FIXTURES', 'fixtures')

export const hasFixtures: boolean = folder !== undefined

/** Names of the JSON files of a folder of fixtures, without the ending. */
export const fixtureNames = (subfolder = ''): string[] => {
  if (folder === undefined || !existsSync(join(folder, subfolder))) return []
  return readdirSync(join(folder, subfolder))
    .filter(file => file.endsWith('.json'))
    .map(file => file.slice(0, -'.json'.length))
    .sort()
}

/** A fixture by its name, for example `distributions/dirichlet`. */
export const readFixture = <T>(name: string): T => {
  if (folder === undefined) throw new Error('there is no folder of fixtures')
  return JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8')) as T
}
