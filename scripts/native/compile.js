import { mkdirSync, readdirSync, renameSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { nodeApiHeaders } from './addon.js'
import { must, partialOf } from './run.js'

/** Compiles the sources of the addon against libtensorflow in `deps`. @param {import('./addon.js').Addon} addon */
export const compile = ({ directory, binary, libraries, includes }) => {
  console.log('native: compiling the addon')
  const sources = join(directory, 'binding')
  const partial = partialOf(binary)
  mkdirSync(dirname(binary), { recursive: true })
  // biome-ignore format: options that belong together on one line
  must('g++', [
    '-shared', '-fPIC', '-O2', '-std=c++17', '-DNAPI_VERSION=8',
    `-I${includes}`, `-I${nodeApiHeaders()}`,
    ...readdirSync(sources).filter(name => name.endsWith('.cc')).map(name => join(sources, name)),
    `-L${libraries}`, '-l:libtensorflow.so.2', '-l:libtensorflow_framework.so.2',
    `-Wl,-rpath,$ORIGIN/${relative(dirname(binary), libraries)}`,
    '-o', partial,
  ], 'compiling the addon')
  renameSync(partial, binary)
}
