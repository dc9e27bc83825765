// Compiles the native peers.
import { mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { filesIn } from '../../scripts/files.js'
import { peersFolder } from './folder.js'
import { run } from './run.js'

const sources = fileURLToPath(new URL('native', import.meta.url))

/** All that the binaries are made from. */
export const nativeSources = () =>
  filesIn(sources)
    .sort()
    .map(path => readFileSync(path, 'utf8'))
    .join('\n')

const c = ['-std=gnu11', '-O3', '-mavx2', '-mfma', '-fopenmp', '-Wall', '-Wextra']

/** Compiles a C file into a program of the same name. @param {string} name */
export const compileC = name => {
  run('gcc', [...c, join(sources, `${name}.c`), '-o', join(peersFolder, name), '-lm'])
}

/** Armadillo and the BLAS it calls, as Debian builds them; only headers and shared libraries are used. */
const packages = ['libarmadillo-dev', 'libopenblas0-pthread', 'libgfortran5', 'libquadmath0']
const defines = ['WRAPPER', 'HDF5', 'ARPACK', 'SUPERLU'].map(what => `-DARMA_DONT_USE_${what}`)

/** Unpacks Debian's packages into the folder of the peers, and compiles against them. */
export const buildArmadillo = () => {
  const downloads = join(peersFolder, 'debian')
  const root = join(downloads, 'root')
  mkdirSync(downloads, { recursive: true })
  run('apt-get', ['download', ...packages], downloads)
  for (const file of readdirSync(downloads).filter(name => name.endsWith('.deb')))
    run('dpkg', ['-x', file, root], downloads)
  const libraries = join(root, 'usr/lib', run('g++', ['-print-multiarch']).trim())
  const blas = join(libraries, 'openblas-pthread')
  // biome-ignore format: options that belong together on one line
  run('g++', [
    '-std=c++17', '-O3', '-march=native', '-fopenmp', '-DARMA_NO_DEBUG', ...defines,
    '-isystem', join(root, 'usr/include'), join(sources, 'armadillo.cpp'), join(blas, 'libopenblas.so.0'),
    `-Wl,--disable-new-dtags,-rpath,${blas}:${libraries},-rpath-link,${libraries}`,
    '-o', join(peersFolder, 'armadillo'),
  ])
}
