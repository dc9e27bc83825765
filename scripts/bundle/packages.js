// Joins the files of each package into one for each public entry, with what entries share in files of its own: Node opens a
// thousand files more slowly than ten. Types stay a file each; other packages of the workspace stay outside.
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { basename, dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { filesIn } from '../files.js'
import { alias, inline, inlined } from './inlined.js'
import { licencesOf } from './licences.js'
import { linesOf } from './mappings.js'
import { leaveOutTypes } from './types.js'

const root = fileURLToPath(new URL('../..', import.meta.url))
const LICENCES = 'THIRD-PARTY-LICENSES.txt'

/** Where source maps say that inlined files are. */
const INLINED = 'inlined/'

const modified = path => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0

/** Files that start workers name them beside themselves, and bundles have all their files in one folder. */
const workersOf = sources =>
  sources.flatMap(file =>
    [...readFileSync(file, 'utf8').matchAll(/new URL\('\.\/(\w+)\.js', import\.meta\.url\)/g)].map(([, name]) => [
      name,
      join(dirname(file), `${name}.ts`),
    ]),
  )

/**
 * Sources of the public entries, of workers, and of what tests reach into, by the paths of their bundles. An entry that is a text
 * is the script of a worker.
 */
const entriesOf = (folder, { exports }, sources) =>
  Object.fromEntries([
    ...Object.values(exports).flatMap(({ default: path }) => {
      if (path === undefined) return []
      const name = path.replace('./dist/', '').replace(/\.js$/, '')
      return [[name, join(folder, 'src', `${name}.ts`)]]
    }),
    ...workersOf(sources),
    ...sources.filter(file => file === join(folder, 'src/internals.ts')).map(file => ['internals', file]),
  ])

/** Maps hold the text and the lines of our sources, which are not published beside them, and nothing of others. */
const leaveOutInlined = file => {
  const map = JSON.parse(readFileSync(file, 'utf8'))
  writeFileSync(file, JSON.stringify(linesOf(map, source => source.startsWith(INLINED))))
}

/** Removes what earlier builds left: bundles of other names, and types of sources that are gone. */
const removeOthers = (folder, written) => {
  const dist = join(folder, 'dist')
  for (const file of existsSync(dist) ? filesIn(dist) : []) {
    const name = relative(join(folder, 'dist'), file)
    const source = join(folder, 'src', name.replace(/\.d\.ts(\.map)?$/, '.ts'))
    const isLeft = /\.js(\.map)?$/.test(name)
      ? !written.has(name)
      : /\.d\.ts(\.map)?$/.test(name) && !existsSync(source)
    if (isLeft) rmSync(file)
  }
}

/**
 * Entries of tensors have no map: few who install a mixture ever load them, and their text is half of what would be there. Nor have
 * modules of WebAssembly as a text, of which a map holds the same text once more.
 */
const hasNoMap = fileName => fileName.startsWith('tensors/') || /\.generated-[^/]*\.js(\.map)?$/.test(fileName)

const removeMap = file => {
  rmSync(`${file}.map`)
  writeFileSync(file, readFileSync(file, 'utf8').replace(/\n?\/\/# sourceMappingURL=.*\n?$/, '\n'))
}

const bundle = async (folder, manifest, input) => {
  const [{ rolldown }, { pure }] = await Promise.all([import('rolldown'), import('./pure.js')])
  const outside = Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies }).filter(
    name => !Object.keys(alias).some(inside => inside.startsWith(`${name}/`)),
  )
  const build = await rolldown({
    cwd: folder,
    input,
    platform: 'neutral',
    resolve: { alias, mainFields: ['module', 'main'] },
    external: [/^node:/, ...outside.map(name => new RegExp(`^${name}(/|$)`))],
    plugins: [inline, pure],
    // What cannot be resolved, or would be inlined without being meant to be, is an error.
    onLog: (_, { code, message }) => {
      // A busy machine is none.
      if (code === 'PLUGIN_TIMINGS') return
      throw new Error(`${manifest.name}: ${message}`)
    },
  })
  const { output } = await build.write({
    dir: join(folder, 'dist'),
    entryFileNames: '[name].js',
    // What several entries share is about no one subject; what is loaded on demand is.
    chunkFileNames: ({ isDynamicEntry }) => (isDynamicEntry ? '[name]-[hash].js' : 'shared-[hash].js'),
    sourcemap: true,
    sourcemapPathTransform: path => path.replace(/^.*node_modules\//, INLINED),
    comments: { legal: false, jsdoc: false, annotation: true },
  })
  await build.close()
  for (const { fileName } of output) {
    const file = join(folder, 'dist', fileName)
    if (fileName.endsWith('.map') && !hasNoMap(fileName)) leaveOutInlined(file)
    if (fileName.endsWith('.js') && hasNoMap(fileName)) removeMap(file)
  }
  const others = output
    .flatMap(({ modules = {} }) => Object.entries(modules))
    .filter(([file, { renderedLength }]) => renderedLength > 0 && file.includes('node_modules'))
    .map(([file]) => file)
  for (const file of others)
    if (!inlined.test(/.*node_modules\/(.*)/.exec(file)[1]) && !/\/fp-ts\/es6\//.test(file))
      throw new Error(`${manifest.name} would hold ${basename(file)}`)
  if (others.length > 0) writeFileSync(join(folder, 'dist', LICENCES), licencesOf(others))
  removeOthers(folder, new Set(output.map(({ fileName }) => fileName)))
}

/** Bundles the packages that have changed since. */
export const bundlePackages = async () => {
  const ours = filesIn(fileURLToPath(new URL('.', import.meta.url)))
  for (const name of readdirSync(join(root, 'packages'))) {
    const folder = join(root, 'packages', name)
    const sources = filesIn(join(folder, 'src'))
    const newest = Math.max(
      ...[...sources, ...ours, join(folder, 'package.json'), join(root, 'pnpm-lock.yaml')].map(modified),
    )
    const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
    const input = entriesOf(folder, manifest, sources)
    if (Object.keys(input).some(entry => modified(join(folder, 'dist', `${entry}.js`)) <= newest))
      await bundle(folder, manifest, input)
    leaveOutTypes(folder)
  }
}
