// Programs that measure one thing, ours and peers in Python, all in one thread.
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { peersFolder } from '../peers/folder.js'

/** @typedef {import('../types.js').Program} Program */

const here = (/** @type {string} */ path) => fileURLToPath(new URL(path, import.meta.url))

/** @param {string} name @param {string} script of this folder @param {ReadonlyArray<string>} words @returns {Program} */
export const ours = (name, script, ...words) => ({
  name,
  command: [process.execPath, here(script), ...words],
  environment: {},
})

/**
 * @param {string} name @param {string} script of `peers/python` @param {string | undefined} unavailable why there is no Python
 * @returns {Program}
 */
export const inPython = (name, script, unavailable) => ({
  name,
  command: [join(peersFolder, 'venv/bin/python'), here(`../peers/python/${script}`)],
  environment: { OMP_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1', MKL_NUM_THREADS: '1' },
  unavailable,
})
