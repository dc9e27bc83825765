// libtensorflow from the Python package of TensorFlow, for where the download host of tfjs-node can't be reached.
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, symlinkSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { must, partialOf } from './run.js'

const here = name => fileURLToPath(new URL(name, import.meta.url))
const cache = fileURLToPath(new URL('../../node_modules/.cache/conjugate-native/', import.meta.url))

/** Names under which programs that were built for libtensorflow look for it. */
const aliases = {
  'libtensorflow.so': 'libtensorflow_cc.so.2',
  'libtensorflow.so.2': 'libtensorflow_cc.so.2',
  'libtensorflow_framework.so': 'libtensorflow_framework.so.2',
}

/** @returns {string} The wheel, downloaded once; pip compares its hash with the one in requirements.txt. */
const download = () => {
  mkdirSync(cache, { recursive: true })
  const find = () => readdirSync(cache).find(name => name.endsWith('.whl'))
  if (!find()) {
    console.log('native: downloading TensorFlow (230 MB)')
    const partial = partialOf(join(cache, 'download'))
    // biome-ignore format: one option with its value a line
    must('python3', [
      '-m', 'pip', 'download', '--quiet', '--disable-pip-version-check',
      '--require-hashes', '--requirement', here('requirements.txt'),
      '--no-deps', '--only-binary=:all:',
      '--python-version', '3.11', '--platform', 'manylinux2014_x86_64',
      '--dest', partial,
    ], 'the download of TensorFlow')
    for (const name of readdirSync(partial)) renameSync(join(partial, name), join(cache, name))
  }
  return join(cache, /** @type {string} */ (find()))
}

/** Puts libtensorflow and its headers into `deps` of the package. @param {import('./addon.js').Addon} addon */
export const installLibrary = ({ libraries, includes }) => {
  if (existsSync(join(libraries, 'libtensorflow.so.2')) && existsSync(includes)) return
  const wheel = download()
  console.log('native: unpacking libtensorflow')
  const deps = dirname(libraries)
  const partial = partialOf(deps)
  must('python3', [here('unpack_wheel.py'), wheel, partial], 'unpacking TensorFlow')
  for (const [alias, library] of Object.entries(aliases)) symlinkSync(library, join(partial, 'lib', alias))
  rmSync(deps, { recursive: true, force: true })
  renameSync(partial, deps)
}
