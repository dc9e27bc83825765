import { execFile } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { builtinModules, SourceMap, type SourceMapping } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'
import { transformWithOxc } from 'vite'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { typesBehind } from '../scripts/bundle/types.js'
import { filesIn } from '../scripts/files.js'
import { installBeside, installModels, installTensors, sizeOf } from '../scripts/install/into-empty-folder.js'
import { checkBundlers } from './install/bundlers.js'
import { checkNodeVersions, checkTypesOf } from './install/node-versions.js'

// What a person gets who installs @conjugate/models by npm into an empty folder, without the optional peers; and
// @conjugate/images, @conjugate/csv and @conjugate/plots after it.

const run = promisify(execFile)
const root = fileURLToPath(new URL('../', import.meta.url))

interface Manifest {
  readonly name: string
  readonly version: string
  readonly description: string
  readonly keywords: ReadonlyArray<string>
  readonly license: string
  readonly type: string
  readonly sideEffects: boolean
  readonly engines: { readonly node: string }
  /** By entry; a text is the script of a worker, which is no module to import. */
  readonly exports: Readonly<Record<string, string | { readonly types: string; readonly default: string }>>
  readonly dependencies?: Readonly<Record<string, string>>
  readonly peerDependencies?: Readonly<Record<string, string>>
}

const manifestIn = (folder: string): Manifest => JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))

const names = ['csv', 'distributions', 'em', 'executors', 'images', 'linalg', 'models', 'plots', 'spark', 'sql']

let folder = ''
let app = ''
let sizeOfModels = { packages: 0, megabytes: 0 }
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'conjugate-install-'))
  app = await installModels(folder)
  sizeOfModels = sizeOf(app)
  await installBeside(folder, ['images', 'csv', 'plots', 'sql', 'spark'])
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const node = async (code: string): Promise<string> =>
  (await run(process.execPath, ['--input-type=module', '-e', code], { cwd: app })).stdout

test('it is at most 15 packages and 12 MB on a disk', () => {
  const { packages, megabytes } = sizeOfModels
  expect(packages).toBeLessThanOrEqual(15)
  expect(megabytes).toBeLessThan(12)
})

test('what its types lead to is there', () => {
  const declarations = names
    .flatMap(name => filesIn(join(app, 'node_modules/@conjugate', name)))
    .filter(f => f.endsWith('.d.ts'))
  expect(declarations.length).toBeGreaterThan(100)
  const missing = declarations.flatMap(typesBehind).filter(file => !existsSync(file))
  expect(missing).toEqual([])
})

/** What is imported of a package, by its entries; those of tensors need an optional peer. */
const entriesOf = (name: string): ReadonlyArray<string> =>
  Object.entries(manifestIn(join(app, 'node_modules/@conjugate', name)).exports)
    .filter(([entry, target]) => entry !== './tensors' && typeof target !== 'string')
    .map(([entry]) => `@conjugate/${name}${entry.slice(1)}`)

test('it fits on threads', async () => {
  const fitted = await node(`
    import { gaussianMixture } from '@conjugate/models'
    import { fit } from '@conjugate/models/promise'
    const rows = Array.from({ length: 60000 }, (_, i) => [Math.sin(i) + (i % 2) * 9, Math.cos(i * 7)])
    const { weights, backend } = await fit(gaussianMixture({ components: 2 }), rows, { threads: 2, groupRows: false })
    console.log(weights.map(w => w.toFixed(2)).join(), backend)`)
  expect(fitted).toMatch(/^0\.5,0\.5 wasm \(.*, 2 threads\)\n$/)
})

test('every entry is imported as an ES module, and required by CommonJS as the same', async () => {
  const entries = names.flatMap(entriesOf)
  expect(entries.length).toBeGreaterThan(names.length)
  const differences = await node(`
    import { createRequire } from 'node:module'
    const require = createRequire(import.meta.url)
    for (const entry of ${JSON.stringify(entries)}) {
      const [imported, required] = [await import(entry), require(entry)]
      const differ = Object.keys(imported).filter(name => imported[name] !== required[name])
      if (Object.keys(imported).length === 0 || differ.length > 0) console.log(entry, differ.join())
    }`)
  expect(differences).toBe('')
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

const program = (extension: string) => {
  const name = `program.${extension}`
  writeFileSync(
    join(app, name),
    `import { fit, gaussianMixture } from '@conjugate/models'
     import { erfc, logGamma } from '@conjugate/linalg'
     ${names
       .flatMap(entriesOf)
       .map((entry, i) => `import * as entry${i} from '${entry}'\n`)
       .join('')}
     const one: number = erfc(0) + logGamma(1)
     fit(gaussianMixture({ components: 2 }), [[1], [2]], { iterations: one })
     // @ts-expect-error
     const none: string = erfc(0)`,
  )
  return name
}

// As Node resolves modules and as bundlers do. CommonJS is new enough to require ES modules, which 5.4 does not know.
test.each([
  ['typescript-5.4', 'mts', 'nodenext'],
  ['typescript', 'mts', 'nodenext'],
  ['typescript', 'cts', 'nodenext'],
  ['typescript', 'ts', 'bundler'],
])('%s checks a program in .%s against the types, strictly, with modules as of %s', async (compiler, extension, as) => {
  const modules = as === 'bundler' ? ['--module', 'esnext', '--moduleResolution', as] : ['--module', as]
  const options = ['--noEmit', '--strict', ...modules, '--target', 'es2022', program(extension)]
  const complained = await run(process.execPath, [join(root, 'node_modules', compiler, 'bin/tsc'), ...options], {
    cwd: app,
  }).then(
    () => '',
    ({ code, stdout, stderr }) => `${code}: ${stdout}${stderr}`,
  )
  expect(complained).toBe('')
})

test('a project of @conjugate/distributions and @tensorflow/tfjs alone runs the example of tensors, and its types are checked', async () => {
  const project = await installTensors(folder)
  expect(readdirSync(join(project, 'node_modules/@conjugate')).sort()).toEqual(['distributions', 'linalg'])
  const page = readFileSync(join(project, 'node_modules/@conjugate/distributions/README.md'), 'utf8')
  const code = [...page.matchAll(/```ts\n(.*?)```/gs)].map(([, text]) => text!).find(text => text.includes('/tensors'))!
  writeFileSync(join(project, 'program.ts'), code)
  writeFileSync(join(project, 'program.js'), (await transformWithOxc(code, 'program.ts')).code)
  const { stdout } = await run(process.execPath, ['program.js'], { cwd: project })
  expect(stdout.trim().split('\n')).toEqual([...code.matchAll(/\/\/ prints (.*)$/gm)].map(([, line]) => line))
  const options = ['--noEmit', '--strict', '--skipLibCheck', '--module', 'nodenext', '--target', 'es2022', 'program.ts']
  await run(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), ...options], { cwd: project })
})

describe.each(names)('%s', name => {
  const installed = () => join(app, 'node_modules/@conjugate', name)
  const dist = () => filesIn(join(installed(), 'dist'))

  test('has every public entry, and nothing that is for development', () => {
    for (const target of Object.values(manifestIn(installed()).exports))
      for (const path of typeof target === 'string' ? [target] : Object.values(target))
        expect(existsSync(join(installed(), path)), path).toBe(true)
    expect(dist().filter(file => /\/dist\/internals\.|tsbuildinfo|\.d\.ts\.map$/.test(file))).toEqual([])
  })

  test('says what it is', () => {
    const manifest = manifestIn(installed())
    expect(manifest).toMatchObject({
      license: 'MIT',
      type: 'module',
      sideEffects: false,
      engines: { node: '>=20.19.0' },
    })
    expect(manifest.description.length).toBeGreaterThan(30)
    expect(manifest.keywords.length).toBeGreaterThan(4)
    expect(new Set(manifest.keywords).size).toBe(manifest.keywords.length)
    const page = readFileSync(join(installed(), 'README.md'), 'utf8')
    // Its name, how to install it, a first example and where to read on.
    for (const part of [
      `^# ${manifest.name}\\n`,
      `\\npnpm add .*${manifest.name}\\b`,
      '\\n```ts\\n',
      '\\]\\(../../(docs|ARCH)',
    ])
      expect(page).toMatch(new RegExp(part))
    expect(readFileSync(join(installed(), 'LICENSE'), 'utf8')).toBe(readFileSync(join(root, 'LICENSE'), 'utf8'))
  })

  test('has code, maps and types, and no other files', () => {
    const all = filesIn(installed()).map(file => relative(installed(), file))
    const others = all.filter(file => !/^dist\/[\w/.-]+\.(js|js\.map|d\.ts)$/.test(file)).sort()
    expect(others).toEqual(['LICENSE', 'README.md', 'dist/THIRD-PARTY-LICENSES.txt', 'package.json'])
    const named = all
      .filter(file => /\.(js|d\.ts)$/.test(file))
      .flatMap(file =>
        [
          ...readFileSync(join(installed(), file), 'utf8')
            .replaceAll(/^\s*(\*|\/\/(?!#)).*$/gm, '')
            .matchAll(
              /(?:\bfrom|\bimport\(?|new URL\()\s*['"](\.[\w/.-]+)['"]|^\/\/# sourceMappingURL=(\S+\.js\.map)/gm,
            ),
        ].map(([, module, map]) => join(dirname(file), module ?? map!)),
      )
      .flatMap(path => (all.includes(path) || all.includes(path.replace(/\.js$/, '.d.ts')) ? [] : [path]))
    expect(named).toEqual([])
  })

  test('is as publint wants it', async () => {
    const { messages, pkg } = await publint({ pkgDir: installed(), pack: false, strict: true })
    expect(messages.map(message => formatMessage(message, pkg, { color: false }))).toEqual([])
  })

  checkTypesOf(name, () => join(folder, `conjugate-${name}-${manifestIn(installed()).version}.tgz`))

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

test('source maps lead to lines of our sources that say the same, and hold nothing of others', () => {
  const maps = names
    .map(name => join(app, 'node_modules/@conjugate', name))
    .flatMap(filesIn)
    .filter(file => file.endsWith('.js.map'))
  expect(maps.length).toBeGreaterThan(names.length)
  let texts = 0
  for (const file of maps) {
    const payload = JSON.parse(readFileSync(file, 'utf8'))
    const map = new SourceMap(payload)
    const lines = readFileSync(file.replace(/\.map$/, ''), 'utf8').split('\n')
    for (const [at, line] of lines.entries()) {
      for (let column = 0; column < line.length; column += 50) {
        const entry = map.findEntry(at, column)
        if ('originalSource' in entry && entry.generatedLine === at)
          expect(entry.originalSource ?? '').not.toContain('inlined/')
      }
      for (const { index, 0: text } of line.matchAll(
        /["'](?:Multivariate|Inverse|Isotropic|NormalInverse)[A-Z]\w+["']/g,
      )) {
        const { originalSource, originalLine } = map.findEntry(at, index) as SourceMapping
        const source: string = payload.sourcesContent[payload.sources.indexOf(originalSource)]
        expect(source.split('\n')[originalLine]).toContain(text.slice(1, -1))
        texts++
      }
    }
  }
  expect(texts).toBeGreaterThan(3)
})

checkBundlers(() => app)
checkNodeVersions(() => app)
