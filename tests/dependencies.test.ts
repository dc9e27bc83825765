import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { check } from '../scripts/dependencies/check.js'

let root = ''
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'conjugate-dependencies-'))
  for (const [name, dependencies] of [
    ['linalg', { '@conjugate/models': '1' }],
    ['models', { '@conjugate/linalg': '1' }],
  ] as const)
    plant(
      `packages/${name}/package.json`,
      JSON.stringify({ name: `@conjugate/${name}`, dependencies, exports: { '.': './dist/index.js' } }),
    )
})
afterEach(() => rmSync(root, { recursive: true }))

const plant = (path: string, text: string) => {
  mkdirSync(dirname(join(root, path)), { recursive: true })
  writeFileSync(join(root, path), text)
}

const violations = () => check(root).violations

test('imports down the layers pass', () => {
  plant('packages/models/src/index.ts', "import { a } from '@conjugate/linalg'\nimport { b } from './b.js'\n")
  plant('packages/models/src/b.ts', "import { readFileSync } from 'node:fs'\n")
  expect(check(root)).toEqual({ modules: 2, violations: [] })
})

test.each([
  ['an import up the layers', "import { fit } from '@conjugate/models'", 'linalg', 'linalg may not depend on models'],
  ['a dynamic import up', "const m = await import('@conjugate/models')", 'linalg', 'linalg may not depend on models'],
  ['a deep import', "import { x } from '@conjugate/linalg/dist/matrix.js'", 'models', 'is no public entry'],
  ['an undeclared package', "export { pipe } from 'fp-ts/lib/function.js'", 'models', 'fp-ts is not declared'],
  ['a way out of the package', "import { x } from '../../linalg/src/index.js'", 'models', 'leaves its package'],
  ['itself by name', "import { x } from '@conjugate/models'", 'models', 'imports its own package'],
])('%s is found', (_, line, name, message) => {
  plant(`packages/${name}/src/index.ts`, `${line}\n`)
  expect(violations().join()).toContain(message)
})

test('what bundles hold is for development only', () => {
  const name = '@stdlib/math-base-special-erfc'
  const manifest = (field: string) =>
    plant('packages/linalg/package.json', JSON.stringify({ name: '@conjugate/linalg', [field]: { [name]: '1' } }))
  plant('packages/linalg/src/index.ts', `import erfc from '${name}'\n`)
  manifest('devDependencies')
  expect(violations()).toEqual([])
  manifest('dependencies')
  expect(violations()).toEqual([`linalg: ${name} is inlined, so it is a development dependency`])
})

test('a cycle is found', () => {
  plant('packages/models/src/a.ts', "import { b } from './b.js'\n")
  plant('packages/models/src/b.ts', "import type { A } from './a.js'\n")
  expect(violations().join()).toContain('cycle: packages/models/src/a.ts -> packages/models/src/b.ts')
})

test('a package in no layer is found', () => {
  plant('packages/stray/package.json', '{ "name": "@conjugate/stray" }')
  expect(violations()).toEqual(['stray is in no layer of scripts/dependencies/rules.js'])
})
