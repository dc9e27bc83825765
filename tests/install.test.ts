import { execFile } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { builtinModules } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { filesIn, installModels, sizeOf } from '../scripts/install/into-empty-folder.js'

// What a person gets who installs @conjugate/models by npm into an empty folder, without the optional peers.

const run = promisify(execFile)
const root = fileURLToPath(new URL('../', import.meta.url))

interface Manifest {
  readonly name: string
  readonly exports: Readonly<Record<string, { readonly types: string; readonly default: string }>>
  readonly dependencies?: Readonly<Record<string, string>>
  readonly peerDependencies?: Readonly<Record<string, string>>
}

const manifestIn = (folder: string): Manifest => JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))

let folder = ''
let app = ''
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'conjugate-install-'))
  app = await installModels(folder)
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const node = async (code: string): Promise<string> =>
  (await run(process.execPath, ['--input-type=module', '-e', code], { cwd: app })).stdout

test('it is at most 15 packages and 12 MB on a disk', () => {
  const { packages, megabytes } = sizeOf(app)
  expect(packages).toBeLessThanOrEqual(15)
  expect(megabytes).toBeLessThan(12)
})

test('it fits on threads, and can be required', async () => {
  const fitted = await node(`
    import { gaussianMixture } from '@conjugate/models'
    import { fit } from '@conjugate/models/promise'
    const rows = Array.from({ length: 60000 }, (_, i) => [Math.sin(i) + (i % 2) * 9, Math.cos(i * 7)])
    const { weights, backend } = await fit(gaussianMixture({ components: 2 }), rows, { threads: 2, groupRows: false })
    console.log(weights.map(w => w.toFixed(2)).join(), backend)`)
  expect(fitted).toMatch(/^0\.5,0\.5 wasm \(.*, 2 threads\)\n$/)
  expect(
    await node(`import { createRequire } from 'node:module'
    console.log(typeof createRequire(import.meta.url)('@conjugate/models').fit)`),
  ).toBe('function\n')
})

test('importing it takes at most twice what the start of Node takes', async () => {
  // Of a processor, and the least of several, since whatever else runs here takes time as well. pnpm bench has milliseconds.
  const [starts, imports]: number[][] = [[], []]
  for (let i = 0; i < 7; i++) {
    const [start, imported] = JSON.parse(
      await node(`const total = () => { const { user, system } = process.cpuUsage(); return user + system }
        const start = total()
        await import('@conjugate/models')
        console.log(JSON.stringify([start, total() - start]))`),
    )
    starts!.push(start)
    imports!.push(imported)
  }
  expect(Math.min(...imports!)).toBeLessThan(2 * Math.min(...starts!))
})

test('a program in TypeScript is checked against its types', async () => {
  writeFileSync(
    join(app, 'program.ts'),
    `import { fit, gaussianMixture } from '@conjugate/models'
     import { erfc, logGamma } from '@conjugate/linalg'
     const one: number = erfc(0) + logGamma(1)
     fit(gaussianMixture({ components: 2 }), [[1], [2]], { iterations: one })
     // @ts-expect-error
     const none: string = erfc(0)`,
  )
  const options = ['--noEmit', '--strict', '--module', 'nodenext', '--target', 'es2023', 'program.ts']
  await run(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), ...options], { cwd: app })
})

describe.each(['distributions', 'em', 'executors', 'linalg', 'models'])('%s', name => {
  const installed = () => join(app, 'node_modules/@conjugate', name)
  const dist = () => filesIn(join(installed(), 'dist'))

  test('has every public entry, and nothing that is for development', () => {
    for (const { types, default: code } of Object.values(manifestIn(installed()).exports))
      for (const path of [types, code]) expect(existsSync(join(installed(), path)), path).toBe(true)
    expect(dist().filter(file => /internals|tsbuildinfo|\.d\.ts\.map$/.test(file))).toEqual([])
  })

  test('names no package that is not installed with it', () => {
    const { dependencies, peerDependencies } = manifestIn(installed())
    const declared = [...Object.keys({ ...dependencies, ...peerDependencies }), ...builtinModules]
    const named = dist()
      .filter(file => /\.(js|d\.ts)$/.test(file))
      .flatMap(file => [
        ...readFileSync(file, 'utf8')
          .replaceAll(/^\s*(\*|\/\/).*$/gm, '')
          .matchAll(/(?:\bfrom|\bimport\(|\brequire\(|^import)\s*['"]([\w@][\w@/.:-]*)['"]/gm),
      ])
      .map(([, specifier]) => specifier!.replace(/^node:/, ''))
    expect(
      named.filter(specifier => !declared.some(one => specifier === one || specifier.startsWith(`${one}/`))),
    ).toEqual([])
  })

  test('evaluates no text as code', () => {
    const evaluates = dist().filter(
      file => file.endsWith('.js') && /\beval\(|\bFunction\(/.test(readFileSync(file, 'utf8')),
    )
    expect(evaluates).toEqual([])
  })

  test('has the licence of each package whose code it holds', () => {
    const inlined = dist()
      .filter(file => file.endsWith('.js.map'))
      .flatMap(file => JSON.parse(readFileSync(file, 'utf8')).sources as string[])
      .flatMap(source => /inlined\/((?:@[^/]+\/)?[^/]+)/.exec(source)?.[1] ?? [])
    expect(inlined.length).toBeGreaterThan(0)
    const licences = readFileSync(join(installed(), 'dist/THIRD-PARTY-LICENSES.txt'), 'utf8')
    expect([...new Set(inlined)].filter(one => !licences.includes(`${one} `))).toEqual([])
  })
})
