import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

// What a package exports says what it is: a docstring stands before it, where it is declared.

const packages = new URL('../packages/', import.meta.url)

const entries = readdirSync(packages).flatMap(name => {
  const { exports } = JSON.parse(readFileSync(new URL(`${name}/package.json`, packages), 'utf8'))
  // What is a text is the script of a worker, which exports nothing.
  return Object.values<string | { default: string }>(exports).flatMap(target =>
    typeof target === 'string'
      ? []
      : [`${name}/${target.default.slice(2)}`.replace('/dist/', '/src/').replace(/\.js$/, '.ts')],
  )
})

/** Names that an entry exports, with the file that each is declared in. */
const exportsOf = (entry: string): ReadonlyArray<readonly [name: string, file: URL]> => {
  const from = new URL(entry, packages)
  return [...readFileSync(from, 'utf8').matchAll(/export (?:type )?(\*|\{[^}]*\}) from '(\.[^']*)'/g)].flatMap(
    ([, names, path]) => {
      const file = new URL(path!.replace(/\.js$/, '.ts'), from)
      const declared = [
        ...readFileSync(file, 'utf8').matchAll(/^export (?:const|function|class|type|interface) (\w+)/gm),
      ]
      const listed = names!.replace(/[{}]/g, '').split(',')
      return names === '*'
        ? declared.map(([, name]) => [name!, file] as const)
        : listed.flatMap(one => {
            const name = one
              .trim()
              .replace(/^type /, '')
              .replace(/ as .*$/, '')
            return name === '' ? [] : [[name, file] as const]
          })
    },
  )
}

const isDocumented = ([name, file]: readonly [string, URL]): boolean => {
  const text = readFileSync(file, 'utf8')
  const at = text.search(new RegExp(`^export (const|async function|function|class|type|interface) ${name}\\b`, 'm'))
  // What is exported on from elsewhere is told there.
  return at < 0 || /\*\/\s*$/.test(text.slice(0, at))
}

test.each(entries)('every name of %s has a docstring', entry => {
  expect(
    exportsOf(entry)
      .filter(found => !isDocumented(found))
      .map(([name]) => name),
  ).toEqual([])
})

const exported = new Set(entries.flatMap(exportsOf).map(([name]) => name))
const root = new URL('../', packages)
const pages = ['docs', 'docs/decisions', ...readdirSync(packages).map(name => `packages/${name}`), '.'].flatMap(
  folder =>
    readdirSync(new URL(folder, root))
      .filter(name => name.endsWith('.md'))
      .map(name => `${folder}/${name}`),
)

test.each(pages)('what %s calls in passing is exported', page => {
  const prose = readFileSync(new URL(page, root), 'utf8').replaceAll(/```.*?```/gs, '')
  const called = [...prose.matchAll(/`(?:pipe\(\w+, )?([a-z]\w*)\(/g)].map(([, name]) => name!)
  // Formulas call functions of mathematics.
  expect(called.filter(name => !exported.has(name) && !Object.hasOwn(Math, name))).toEqual([])
})
