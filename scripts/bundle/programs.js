// Joins each example program and all it imports into few files: Node opens two thousand files more slowly than one.
import { readdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { alias } from './inlined.js'
import { isReplaced, sharp } from './sharp.js'

const root = fileURLToPath(new URL('../..', import.meta.url))
const here = fileURLToPath(new URL('.', import.meta.url))

const programs = ['segmentation', 'toy']

/** Packages with binaries of their own, which the programs declare so that Node finds them. */
const outside = /^(node:|(@resvg\/resvg-js|@tensorflow\/tfjs-node|canvas)$)/

const external = (id, importer) => outside.test(id) && !isReplaced(id, importer)

const modified = path => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0

/** When a package was last compiled or bundled, or what is installed last changed. */
const sourcesModified = () => {
  const compiled = [
    ...readdirSync(join(root, 'packages')).map(name => join(root, 'packages', name, 'dist/index.js')),
    ...readdirSync(join(root, 'examples')).map(name => join(root, 'examples', name, 'dist/.tsbuildinfo')),
  ]
  const ours = readdirSync(here).map(name => join(here, name))
  return Math.max(...[...compiled, ...ours, join(root, 'pnpm-lock.yaml')].map(modified))
}

/** Removes the parts of an earlier bundle, whose names have changed. */
const removeParts = folder => {
  for (const file of readdirSync(folder)) if (/^program-.*\.js$/.test(file)) rmSync(join(folder, file))
}

/** What an import names, as what takes it out of an object: `{ a as b, c }`. */
const destructured = names => names.replaceAll(' as ', ': ')

/**
 * Imports of modules of Node, as what Node gives where it is asked: an import is also told all other exports of the module, some of
 * which are loaded for that.
 */
const builtins = {
  name: 'modules of Node',
  renderChunk: code =>
    code.replace(
      /^import (?:([\w$]+)(?:, )?)?(\{[^}]*\})? from "(node:[^"]+)";$/gm,
      (_, whole, names, module) =>
        `const ${[whole, names && destructured(names)]
          .filter(Boolean)
          .map(name => `${name} = globalThis.process.getBuiltinModule("${module}")`)
          .join(', ')};`,
    ),
}

/** What all parts of a program share, in one file: a bundler would make one for each set of parts. */
const base = /[\\/]packages[\\/](linalg|executors)[\\/]dist[\\/](index|shared-[^\\/]*)\.js$|rolldown[\\/]runtime/

const bundle = async folder => {
  const { rolldown } = await import('rolldown')
  const build = await rolldown({
    cwd: folder,
    input: {
      program: join(folder, 'dist/main.js'),
      // Threads open it beside the file that they are in.
      worker: join(root, 'packages/executors/dist/worker.js'),
    },
    platform: 'node',
    external,
    resolve: { alias },
    plugins: [sharp, builtins],
    logLevel: 'silent',
  })
  removeParts(join(folder, 'dist'))
  await build.write({
    dir: join(folder, 'dist'),
    chunkFileNames: 'program-[hash].js',
    codeSplitting: { groups: [{ name: 'base', test: base }] },
    minify: true,
  })
  await build.close()
}

export const bundlePrograms = async () => {
  const newest = sourcesModified()
  for (const name of programs) {
    const folder = join(root, 'examples', name)
    if (modified(join(folder, 'dist/program.js')) <= newest) await bundle(folder)
  }
}
