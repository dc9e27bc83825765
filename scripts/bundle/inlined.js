// What the bundles of the packages hold of others: an error function and random streams of stdlib, which would be 300 packages
// to install, the assignment problem of munkres, and the few functions of fp-ts that are called, which as CommonJS would take
// half of the time to load.

import { standingIn } from './stand-ins.js'

/** Packages that are inlined, and so are development dependencies. fp-ts stays a dependency, since its types are in ours. */
export const inlined = /^(@stdlib|munkres)(\/|$)/

const stdlib = '@stdlib/'

/**
 * Modules of stdlib that check arguments, look for what an old engine lacks or write an object as JSON, as what they come to
 * here: numbers do not pass through them, and they are nine tenths of a random stream. The first calls `eval`, which pages
 * that forbid it report.
 */
const standIns = {
  'assert-has-generator-support': 'module.exports = () => true',
  'assert-has-own-property': 'module.exports = (value, name) => Object.hasOwn(value, name)',
  'assert-is-boolean': `exports.isPrimitive = value => typeof value === 'boolean'`,
  'assert-is-collection': `module.exports = value => typeof value === 'object' && Number.isInteger(value?.length)`,
  'assert-is-function': `module.exports = value => typeof value === 'function'`,
  'assert-is-plain-object': `module.exports = value => typeof value === 'object' && value !== null`,
  'assert-is-positive-integer': 'exports.isPrimitive = value => Number.isInteger(value) && value > 0',
  'assert-is-positive-number': `exports.isPrimitive = value => typeof value === 'number' && value > 0`,
  'assert-is-uint32array': 'module.exports = value => value instanceof Uint32Array',
  'array-float64': 'module.exports = Float64Array',
  'array-to-json': `module.exports = () => { throw new TypeError('a stream is not written as JSON') }`,
  'array-uint8': 'module.exports = Uint8Array',
  'array-uint16': 'module.exports = Uint16Array',
  'array-uint32': 'module.exports = Uint32Array',
  'blas-base-gcopy': `
    const ndarray = (n, x, strideX, offsetX, y, strideY, offsetY) => {
      for (let i = 0; i < n; i++) y[offsetY + i * strideY] = x[offsetX + i * strideX]
      return y
    }
    module.exports = (n, x, strideX, y, strideY) => ndarray(n, x, strideX, 0, y, strideY, 0)
    module.exports.ndarray = ndarray`,
  'object-assign': 'module.exports = Object.assign',
  'string-format': `module.exports = (...words) => words.join(' ')`,
  'utils-define-nonenumerable-read-only-accessor': `
    module.exports = (object, name, get) => { Object.defineProperty(object, name, { get }) }`,
  'utils-define-nonenumerable-read-only-property': `
    module.exports = (object, name, value) => { Object.defineProperty(object, name, { value }) }`,
  'utils-define-nonenumerable-read-write-accessor': `
    module.exports = (object, name, get, set) => { Object.defineProperty(object, name, { get, set }) }`,
  // What each generator begins as it loads, from a seed of chance: ours have seeds.
  'stream of chance': 'module.exports = {}',
}

/** Which stand-in a module of stdlib has, and of which package it is where each needs its own. */
const standInOf = (id, importer = '') => {
  const name = id.startsWith(stdlib) ? id.slice(stdlib.length) : ''
  if (Object.hasOwn(standIns, name)) return name
  const [, generator] = /@stdlib[\\/](random-base-[\w-]+)[\\/]lib[\\/]index\.js$/.exec(importer) ?? []
  return id === './main.js' && generator !== undefined ? `stream of chance#${generator}` : undefined
}

/** Finds what is inlined, and puts what is simpler in its place. */
export const inline = { name: 'inlined packages', ...standingIn(standIns, standInOf) }

/** fp-ts as ES modules, of which a bundler keeps what is used. */
export const alias = { 'fp-ts/lib': 'fp-ts/es6' }
