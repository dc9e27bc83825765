import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
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

test('the README has code to run', () => expect(blocksOf('README.md').length).toBeGreaterThanOrEqual(3))

describe.each(pages.filter(page => blocksOf(page).length > 0))('%s', page => {
  test.each(blocksOf(page))('block %i prints what it says', { timeout: 60_000 }, async (i, code) => {
    mkdirSync(folder, { recursive: true })
    const file = `${folder}${page.replaceAll(/\W/g, '-')}-${i}.generated.ts`
    writeFileSync(file, code)
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
