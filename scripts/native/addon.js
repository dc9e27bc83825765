// Where the installed @tensorflow/tfjs-node is, and where it looks for its native addon.
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

/** The package that has tfjs-node and the headers of Node-API among its dependencies. */
const owner = createRequire(new URL('../../packages/executors/package.json', import.meta.url))

/** @typedef {{ directory: string, manifest: string, binary: string, libraries: string, includes: string }} Addon */

/** @returns {Addon} Paths of the package, of its addon and of libtensorflow, as the package itself would lay them. */
export const locateAddon = () => {
  const manifest = owner.resolve('@tensorflow/tfjs-node/package.json')
  const directory = dirname(manifest)
  const preGyp = createRequire(manifest)('@mapbox/node-pre-gyp')
  return {
    directory,
    manifest,
    binary: preGyp.find(manifest),
    libraries: join(directory, 'deps', 'lib'),
    includes: join(directory, 'deps', 'include'),
  }
}

/** @returns {string} The directory of `node_api.h`. */
export const nodeApiHeaders = () => owner('node-api-headers').include_dir
