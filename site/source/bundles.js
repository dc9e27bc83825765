// What examples import, as modules for a page: each name a file, with what they share in files of its own.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { build } from 'esbuild'
import { blocksOf, importsOf, runs } from './examples.js'
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

/** Names that any example of any page imports; an edited one may import all that any other does. */
const names = () => {
  const texts = [...pages.keys()].map(path => readFileSync(root + path, 'utf8'))
  const found = texts.flatMap(blocksOf).filter(runs).flatMap(importsOf)
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
    external: ['node:*', '@tensorflow/*'],
    logLevel: 'error',
    plugins: [withoutNode],
  })
  const files = Object.fromEntries(wanted.map(name => [name, `${fileOf(name)}.js`]))
  writeFileSync(`${folder}modules.json`, JSON.stringify(files))
}
