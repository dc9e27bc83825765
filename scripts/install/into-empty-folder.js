// Installs @conjugate/models by npm into an empty folder, as a person would who has none of the optional peers; from the
// workspace alone, without a network.
import { execFile } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const run = promisify(execFile)
const root = fileURLToPath(new URL('../..', import.meta.url))

/** pnpm as it runs this, or by its name. */
const pnpm = () => {
  const path = process.env['npm_execpath'] ?? ''
  if (!path.includes('pnpm')) return ['npx', '--yes', 'pnpm@12']
  return /\.[cm]?js$/.test(path) ? [process.execPath, path] : [path]
}

/** @param {string} folder @returns {ReadonlyArray<string>} */
const dependenciesOf = folder =>
  Object.keys(JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).dependencies ?? {})

/** Folders of a package of the workspace and of all that it depends on. @param {string} folder */
const closureOf = folder => {
  const found = new Set([realpathSync(folder)])
  for (const one of found)
    for (const name of dependenciesOf(one)) {
      const inside = join(one, 'node_modules', name)
      // Of what pnpm has installed, the dependencies lie beside it.
      found.add(realpathSync(existsSync(inside) ? inside : join(one, '..', name)))
    }
  return found
}

/** @param {string} folder @returns {ReadonlyArray<string>} */
export const filesIn = folder =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => join(entry.parentPath, entry.name))

/**
 * @param {string} folder where the packages are packed
 * @returns {Promise<string>} the folder inside that they are installed in
 */
export const installModels = async folder => {
  const app = join(folder, 'app')
  mkdirSync(app)
  writeFileSync(join(app, 'package.json'), '{ "private": true, "type": "module" }')
  const [command = '', ...words] = pnpm()
  for (const one of closureOf(join(root, 'packages/models')))
    if (one.includes('node_modules')) {
      // A copy: pnpm links equal files, and npm leaves links out.
      const copy = join(folder, 'copies', basename(one))
      cpSync(one, copy, { recursive: true })
      await run('tar', ['-czf', join(folder, `${basename(one)}.tgz`), '-C', dirname(copy), basename(copy)])
    } else await run(command, [...words, 'pack', '--pack-destination', folder], { cwd: one })
  const tarballs = readdirSync(folder).filter(name => name.endsWith('.tgz'))
  const options = ['--offline', '--ignore-scripts', '--no-audit', '--no-fund']
  // npm finds each dependency among what it is told to install.
  await run('npm', ['install', ...options, ...tarballs.map(name => join(folder, name))], { cwd: app })
  return app
}

/** How many packages are installed in a folder, and the bytes that they take of a disk. @param {string} app */
export const sizeOf = app => {
  const { packages } = JSON.parse(readFileSync(join(app, 'package-lock.json'), 'utf8'))
  const blocks = filesIn(join(app, 'node_modules')).map(file => Math.ceil(statSync(file).size / 4096))
  return {
    packages: Object.keys(packages).filter(name => name !== '').length,
    megabytes: blocks.reduce((sum, n) => sum + 4096 * n, 0) / 1e6,
  }
}
