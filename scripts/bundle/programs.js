// Joins each example program and all it imports into few files: Node opens two thousand files more slowly than one.
import { copyFileSync, readdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { alias } from './inlined.js'

const root = fileURLToPath(new URL('../..', import.meta.url))

const programs = ['segmentation', 'toy']

/** Packages with binaries of their own, which the programs declare so that Node finds them. */
const external = ['@resvg/resvg-js', '@tensorflow/tfjs-node', 'canvas', /^node:/]

/**
 * The sources of sharp, whose fifty modules take as long to be found as a fit takes: its binary is still looked for from where
 * it is installed.
 */
const besideSharp = {
  name: 'binaries of sharp',
  transform: {
    filter: { id: /[\\/]sharp[\\/]dist[\\/]/ },
    handler: code =>
      code.replace('createRequire(import.meta.url)', `createRequire(createRequire(import.meta.url).resolve('sharp'))`),
  },
}

/**
 * Packages with binaries are CommonJS, and a module that is compiled from what was kept of it has no way to import them later.
 */
const required = {
  name: 'required packages',
  renderChunk: code => ({
    code: code.replace(
      /\bimport\((['"`])(@resvg\/resvg-js|@tensorflow\/tfjs-node|canvas)\1\)/g,
      (_, quote, name) =>
        `Promise.resolve().then(() => { const found = require(${quote}${name}${quote}); return { __proto__: found, default: found } })`,
    ),
    map: null,
  }),
}

const modified = path => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0

/** When a package was last compiled or bundled, or what is installed last changed. */
const sourcesModified = () => {
  const compiled = [
    ...readdirSync(join(root, 'packages')).map(name => join(root, 'packages', name, 'dist/index.js')),
    ...readdirSync(join(root, 'examples')).map(name => join(root, 'examples', name, 'dist/.tsbuildinfo')),
  ]
  const own = [join(root, 'pnpm-lock.yaml'), fileURLToPath(import.meta.url), start]
  return Math.max(...[...compiled, ...own].map(modified))
}

/** Removes what an earlier bundle left: parts, whose names have changed, and what was kept of them. */
const removeParts = folder => {
  for (const file of readdirSync(folder))
    if (/^program(-.*)?\.c?js$|^program(-.*)?\.cjs\.|^program-cache$/.test(file))
      rmSync(join(folder, file), { recursive: true })
}

const start = fileURLToPath(new URL('./start.js', import.meta.url))

const bundle = async folder => {
  const { rolldown } = await import('rolldown')
  const common = { cwd: folder, platform: 'node', external, resolve: { alias }, logLevel: 'silent' }
  const dir = join(folder, 'dist')
  const program = await rolldown({
    ...common,
    input: { program: join(dir, 'main.js') },
    plugins: [besideSharp, required],
  })
  // Threads open it beside the file that they are in.
  const worker = await rolldown({ ...common, input: { worker: join(root, 'packages/executors/dist/worker.js') } })
  removeParts(dir)
  await program.write({
    dir,
    format: 'cjs',
    entryFileNames: '[name].cjs',
    chunkFileNames: 'program-[hash].cjs',
    minify: true,
  })
  await program.close()
  await worker.write({ dir, minify: true })
  await worker.close()
  copyFileSync(start, join(dir, 'program.js'))
}

export const bundlePrograms = async () => {
  const newest = sourcesModified()
  for (const name of programs) {
    const folder = join(root, 'examples', name)
    if (modified(join(folder, 'dist/program.cjs')) <= newest) await bundle(folder)
  }
}
