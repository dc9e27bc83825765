import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { exportsOf, packages, publicEntries } from './support/exports.js'

// What a package exports says what it is: a docstring stands before it, where it is declared.

const entries = publicEntries.map(({ source }) => source)

const isDocumented = ([name, file]: readonly [string, URL, string]): boolean => {
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

const exported = new Set(entries.flatMap(exportsOf).flatMap(([name, , exported]) => [name, exported]))
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
