import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { hasDatabases } from '@conjugate/testing'
import { afterAll, afterEach, describe, expect, test, vi } from 'vitest'
import { asFile, picturesIn } from '../scripts/docs/pictures.js'

/** All pages that a reader may copy code from: the README, the docs and the packages' own. */
const root = new URL('../', import.meta.url)
const pages = [
  'README.md',
  ...readdirSync(new URL('docs', root)).map(name => `docs/${name}`),
  ...readdirSync(new URL('docs/families', root)).map(name => `docs/families/${name}`),
  ...readdirSync(new URL('packages', root)).map(name => `packages/${name}/README.md`),
].filter(name => name.endsWith('.md'))

const read = (page: string): string => {
  try {
    return readFileSync(new URL(page, root), 'utf8')
  } catch {
    return ''
  }
}

const folder = fileURLToPath(new URL('./readme-blocks.generated/', import.meta.url))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
afterEach(() => vi.restoreAllMocks())

const blocksOf = (page: string): ReadonlyArray<readonly [number, string]> =>
  [...read(page).matchAll(/```ts\n(.*?)```/gs)].map((match, i) => [i, match[1]!])

/** Engines that are no dependency of the workspace, where `pnpm databases` puts them. */
const engines: Readonly<Record<string, string>> = {
  '@duckdb/node-api': 'lib/index.js',
  '@electric-sql/pglite': 'dist/index.js',
}
const isOfEngine = (code: string): boolean => Object.keys(engines).some(name => code.includes(`from '${name}'`))
const withEngines = (code: string): string =>
  Object.entries(engines).reduce((text, [name, entry]) => {
    const place = new URL(`node_modules/.cache/conjugate-databases/node_modules/${name}/${entry}`, root)
    return text.replace(`from '${name}'`, `from '${place.href}'`)
  }, code)

test('the README has code to run', () => expect(blocksOf('README.md').length).toBeGreaterThanOrEqual(3))

describe.each(pages.filter(page => blocksOf(page).length > 0))('%s', page => {
  test.each(blocksOf(page))('block %i prints what it says', { timeout: 60_000 }, async (i, code) => {
    // That these are left out is said where they are looked for.
    if (isOfEngine(code) && !hasDatabases) return
    mkdirSync(folder, { recursive: true })
    const file = `${folder}${page.replaceAll(/\W/g, '-')}-${i}.generated.ts`
    writeFileSync(file, withEngines(code))
    const printed: string[] = []
    vi.spyOn(console, 'log').mockImplementation((...values) => printed.push(values.join(' ')))
    const complained = vi.spyOn(console, 'error')
    const { picture } = await import(file)
    expect(complained).not.toHaveBeenCalled()
    expect(printed).toEqual([...code.matchAll(/\/\/ prints (.*)$/gm)].map(match => match[1]))
    // What a block exports as its picture is the one below it: `node scripts/docs/pictures.js` writes these.
    const { name } = picturesIn(read(page))[i]!
    if (name !== undefined) expect(asFile(picture)).toBe(read(`docs/images/${name}`))
  })
})
