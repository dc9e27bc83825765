import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { peersFolder } from '../peers/folder.js'
import { executors } from './executors.js'

/** @typedef {import('../types.js').Contestant} Contestant */

/** The one that ratios refer to, and whose log-likelihoods the others have to agree with. */
export const REFERENCE = 'wasm'

/** The name of a contestant with a number of threads. @param {string} name @param {number} threads */
export const withThreads = (name, threads) => (threads === 1 ? name : `${name}-${threads}-threads`)

const THREADS = [1, 2]
const here = (/** @type {string} */ path) => fileURLToPath(new URL(path, import.meta.url))
const inPeers = (/** @type {string} */ path) => join(peersFolder, path)

/** Every library that may start threads of its own is told how many. @param {number} threads */
const limited = threads => ({
  OMP_NUM_THREADS: String(threads),
  OPENBLAS_NUM_THREADS: String(threads),
  MKL_NUM_THREADS: String(threads),
})

/** @type {ReadonlyArray<Contestant>} */
const ours = executors.map(({ name, title, threads }) => ({
  name,
  title,
  threads,
  objective: 'map',
  command: [process.execPath, here('ours.js'), name],
  environment: {},
}))

/**
 * @param {string} name @param {string} title @param {string} script
 * @param {import('../types.js').Objective} objective @param {number} threads @returns {Contestant}
 */
const python = (name, title, script, objective, threads) => ({
  name: withThreads(name, threads),
  title,
  threads,
  objective,
  command: [inPeers('venv/bin/python'), here(`../peers/python/${script}`)],
  environment: limited(threads),
})

/** @param {string} name @param {string} title @param {number} threads @returns {Contestant} */
const binary = (name, title, threads) => ({
  name: withThreads(name, threads),
  title,
  threads,
  objective: 'ml',
  command: [inPeers(name)],
  environment: limited(threads),
})

/**
 * All contestants; peers that could not be set up say why.
 * @param {ReadonlyMap<string, string>} failures the reason by the name of what was set up
 * @returns {ReadonlyArray<Contestant>}
 */
export const contestants = failures => {
  const unless = (/** @type {string} */ part) => (/** @type {Contestant} */ contestant) => ({
    ...contestant,
    unavailable: failures.get(part),
  })
  return [
    ...ours,
    ...THREADS.map(n => python('scikit-learn', 'scikit-learn', 'scikit_learn.py', 'ml', n)).map(unless('python')),
    ...[python('numpy', 'assignment-style NumPy', 'assignment_numpy.py', 'map', 1)].map(unless('python')),
    ...THREADS.map(n => binary('armadillo', 'Armadillo gmm_full', n)).map(unless('armadillo')),
    ...[binary('avx2', 'C with AVX2 (yardstick)', 1)].map(unless('avx2')),
  ]
}
