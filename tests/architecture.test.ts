import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'

// What the pages on architecture name is there, and what is there is named.

const root = new URL('../', import.meta.url)
const decisions = readdirSync(new URL('docs/decisions', root)).sort()
const read = (page: string): string => readFileSync(new URL(page, root), 'utf8')
const exists = (path: string): boolean => existsSync(new URL(path, root))

const ROOTED = /^(packages|examples|tests|tooling|scripts|docs|bench|site)\//

/** Files and folders that a page names, in backticks; of those without a package, in the folder that was named before. */
const namedIn = (text: string): ReadonlyArray<string> =>
  text.split('\n').flatMap(line => {
    let folder = ''
    return [...line.matchAll(/`([\w./<>-]+)`/g)].flatMap(([, name]) => {
      if (ROOTED.test(name!)) {
        folder = `${name}/`
        // What is still to be written stands in a folder that is there.
        return [name!.replace(/[^/]*<name>.*$/, '')]
      }
      return folder !== '' && /(\/|\.ts)$/.test(name!) ? [folder + name] : []
    })
  })

describe.each(['ARCHITECTURE.md', ...decisions.map(name => `docs/decisions/${name}`)])('%s', page => {
  test('names files and folders that exist', () => {
    expect(namedIn(read(page)).filter(path => !exists(path))).toEqual([])
  })
})

const markdownIn = (folder: string): ReadonlyArray<string> =>
  readdirSync(new URL(folder, root))
    .filter(name => name.endsWith('.md'))
    .map(name => `${folder}/${name}`)
const pages = [
  ...markdownIn('.'),
  ...markdownIn('docs'),
  ...markdownIn('docs/decisions'),
  'tooling/testing/references/README.md',
  ...readdirSync(new URL('packages', root)).map(name => `packages/${name}/README.md`),
]

/** The anchors of a page's headings: small letters, hyphens for spaces, nothing else but letters and numbers. */
const anchorsOf = (text: string): ReadonlyArray<string> =>
  [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading]) =>
    heading!
      .toLowerCase()
      .replaceAll(/[^\w\- ]/g, '')
      .replaceAll(' ', '-'),
  )

test.each(pages)('%s links to pages and headings that exist', page => {
  const broken = [...read(page).matchAll(/\]\(([^)#:]*)(?:#([^)]*))?\)/g)].filter(([, to, anchor]) => {
    const target = to === '' ? new URL(page, root) : new URL(to!, new URL(page, root))
    if (!existsSync(target)) return true
    return anchor !== undefined && !anchorsOf(readFileSync(target, 'utf8')).includes(anchor)
  })
  expect(broken.map(([link]) => link)).toEqual([])
})

test('every folder of every package is named', () => {
  const named = new Set(namedIn(read('ARCHITECTURE.md')).map(path => path.replace(/\/$/, '')))
  const folders = readdirSync(new URL('packages', root)).flatMap(name =>
    readdirSync(new URL(`packages/${name}/src`, root), { withFileTypes: true })
      .filter(entry => entry.isDirectory())
      .map(entry => `packages/${name}/src/${entry.name}`),
  )
  expect(folders.filter(folder => !named.has(folder))).toEqual([])
})

test('the index has every decision, by its title and in order', () => {
  const pages = decisions.filter(name => name !== 'README.md')
  // A number is never given twice, and may be left out.
  const numbers = pages.map(name => /^(\d\d)-/.exec(name)?.[1])
  expect(new Set(numbers).size).toBe(pages.length)
  const expected = pages.map(
    (name, i) => `- [${numbers[i]}](${name}): ${/^# \d+\. (.*)$/m.exec(read(`docs/decisions/${name}`))?.[1]}`,
  )
  expect(read('docs/decisions/README.md').match(/^- .*$/gm)).toEqual(expected)
})
