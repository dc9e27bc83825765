// What examples import, as modules for a page: each name a file, with what they share in files of its own.
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname } from 'node:path'
import { build } from 'esbuild'
import { blocksOf, importsOf, programsOf, runs } from './examples.js'
import { pages, pagesFolder, root } from './paths.js'

const folder = `${pagesFolder}public/modules/`

const fileOf = name => name.replace(/^@/, '').replace(/\.js$/, '').replaceAll('/', '-')

/** Data sets look for Buffer, which pages have none of. */
const withoutNode = {
  name: 'without-node',
  setup: ({ onResolve, onLoad }) => {
    onResolve({ filter: /^buffer$/ }, ({ path }) => ({ path, namespace: 'absent' }))
    onLoad({ filter: /.*/, namespace: 'absent' }, () => ({ contents: 'export const Buffer = undefined' }))
  },
}

const WASM = '@tensorflow/tfjs-backend-wasm'

/** Programs of pages take TensorFlow.js from the folder of the gallery. */
const gallery = `${root}examples/gallery/`
const binaries = dirname(createRequire(`${gallery}package.json`).resolve(WASM))

/** The backend of TensorFlow.js that looks for its binaries beside this module, where they are copied to. */
const withBinaries = {
  name: 'with-binaries',
  setup: ({ onLoad }) => {
    onLoad({ filter: /tfjs-backend-wasm[/\\]dist[/\\]index\.js$/ }, ({ path }) => ({
      contents: `${readFileSync(path, 'utf8')}
import { setWasmPaths } from './backend_wasm.js'
setWasmPaths(new URL('./', import.meta.url).href)`,
      resolveDir: dirname(path),
    }))
  },
}

/** Names that any example of any page imports; an edited one may import all that any other does. */
const names = () => {
  const texts = [...pages.keys()].map(path => readFileSync(root + path, 'utf8'))
  const programs = texts.flatMap(programsOf).map(path => readFileSync(root + path, 'utf8'))
  const found = [...texts.flatMap(blocksOf), ...programs].filter(runs).flatMap(importsOf)
  return [...new Set([...found, '@conjugate/em', '@conjugate/executors', '@conjugate/images'])].sort()
}

/** Writes the modules, and `modules.json`: the file of each name. */
export const bundleModules = async () => {
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  const wanted = names()
  await build({
    absWorkingDir: root,
    entryPoints: [
      // The modules of fp-ts that bundlers take apart are in another folder.
      ...wanted.map(name => ({ in: name.replace('fp-ts/lib/', 'fp-ts/es6/'), out: fileOf(name) })),
      // Threads of executors look for their code beside them.
      { in: `${root}packages/executors/dist/worker.js`, out: 'worker' },
    ],
    outdir: folder,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    minify: true,
    mainFields: ['browser', 'module', 'main'],
    external: ['node:*', '@tensorflow/tfjs-node', '@tensorflow/tfjs-node-gpu'],
    nodePaths: [`${gallery}node_modules`],
    logLevel: 'error',
    plugins: [withoutNode, withBinaries],
  })
  for (const name of readdirSync(binaries).filter(file => /^tfjs-backend-wasm(-simd)?\.wasm$/.test(file)))
    copyFileSync(`${binaries}/${name}`, folder + name)
  const files = Object.fromEntries(wanted.map(name => [name, `${fileOf(name)}.js`]))
  writeFileSync(`${folder}modules.json`, JSON.stringify(files))
}
