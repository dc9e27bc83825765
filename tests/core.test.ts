import { existsSync, readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { core } from '../scripts/test/core.js'

// What `pnpm test` runs is there, and has something of every package.

const root = fileURLToPath(new URL('../', import.meta.url))

const testsIn = (folder: string): ReadonlyArray<string> =>
  readdirSync(`${root}${folder}`, { recursive: true, encoding: 'utf8' })
    .map(file => `${folder}/${file.replaceAll('\\', '/')}`)
    .filter(file => file.endsWith('.test.ts'))

const packages = readdirSync(`${root}packages`)
// Not all of a folder of examples, which has what it depends on.
const examples = readdirSync(`${root}examples`).map(name => `examples/${name}/test`)
const files = [...packages.map(name => `packages/${name}/test`), ...examples, 'tests']
  .filter(folder => existsSync(root + folder))
  .flatMap(testsIn)

/** `{a,b}` is one of them, and `*` anything within a folder. */
const alternatives = (pattern: string): ReadonlyArray<string> => {
  const found = /^(.*)\{([^}]*)\}(.*)$/.exec(pattern)
  return found ? found[2]!.split(',').map(one => `${found[1]}${one}${found[3]}`) : [pattern]
}
const matches = (pattern: string): ReadonlyArray<string> => {
  const whole = new RegExp(`^${pattern.replaceAll('.', '\\.').replaceAll('*', '[^/]*')}$`)
  return files.filter(file => whole.test(file))
}

test.each(core.flatMap(alternatives))('%s names a test', pattern => expect(matches(pattern)).not.toEqual([]))

test('every package has some, and none has all of them', () => {
  const chosen = core.flatMap(alternatives).flatMap(matches)
  expect(new Set(chosen).size).toBe(chosen.length)
  // What needs a database is set up on demand.
  const without = packages.filter(name => !chosen.some(file => file.startsWith(`packages/${name}/`)))
  expect(without).toEqual(['sql'])
  expect(chosen.length).toBeLessThan(files.length)
})
