// sharp as programs hold it: its modules in the bundle, since fifty files take as long to be found as a fit takes, without what a run
// does not use.

import { standingIn } from './stand-ins.js'

const FROM_SHARP = `createRequire(createRequire(import.meta.url).resolve('sharp'))`

/** What sharp imports, as modules that load it where it is called, or as what it comes to here. */
const standIns = {
  'node:child_process': `
    const load = () => process.getBuiltinModule('node:child_process')
    export const exec = (...words) => load().exec(...words)
    export const execSync = (...words) => load().execSync(...words)
    export const spawnSync = (...words) => load().spawnSync(...words)`,
  'node:crypto': `
    export const createHash = (...words) => process.getBuiltinModule('node:crypto').createHash(...words)`,
  '@img/colour': `
    import { createRequire } from 'node:module'
    export default (...words) => ${FROM_SHARP}('@img/colour')(...words)`,
  // Of its own manifest it asks which libvips it needs; a Node that is too old cannot run what it is bundled into.
  semver: `
    export default { coerce: range => ({ version: /[\\d.]+/.exec(range)[0] }), satisfies: () => true }`,
}

const isOfSharp = file => /[\\/](sharp|detect-libc)[\\/](dist|lib)[\\/]/.test(file)

/** What stands in for a module that another imports. */
const standInOf = (id, importer = '') => {
  const name = id === 'child_process' ? `node:${id}` : id
  return Object.hasOwn(standIns, name) && isOfSharp(importer) ? name : undefined
}

/** Whether there is something that stands in for a module, which is not looked for outside then. */
export const isReplaced = (id, importer) => standInOf(id, importer) !== undefined

export const sharp = {
  name: 'sharp',
  ...standingIn(standIns, standInOf),
  // Its binary is still looked for from where it is installed.
  transform: {
    filter: { id: /[\\/]sharp[\\/]dist[\\/]/ },
    handler: code => code.replace('createRequire(import.meta.url)', FROM_SHARP),
  },
}
