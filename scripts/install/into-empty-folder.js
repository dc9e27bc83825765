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
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { filesIn } from '../files.js'

const run = promisify(execFile)
const root = fileURLToPath(new URL('../..', import.meta.url))

/** pnpm as it runs this, or by its name. */
const pnpm = () => {
  const path = process.env['npm_execpath'] ?? ''
  if (!path.includes('pnpm')) return ['npx', '--yes', 'pnpm@12']
  return /\.[cm]?js$/.test(path) ? [process.execPath, path] : [path]
}

/** @param {string} folder */
const manifestOf = folder => JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))

/** @param {string} folder @returns {ReadonlyArray<string>} */
const dependenciesOf = folder => Object.keys(manifestOf(folder).dependencies ?? {})

/** Folders of a package of the workspace and of all that it depends on. @param {string} folder */
const closureOf = folder => {
  const found = new Set([realpathSync(folder)])
  for (const one of found)
    for (const name of dependenciesOf(one)) {
      const inside = join(one, 'node_modules', name)
      // Of what pnpm has installed, the dependencies lie beside it.
      const beside = one.slice(0, one.lastIndexOf('node_modules') + 'node_modules'.length)
      found.add(realpathSync(existsSync(inside) ? inside : join(beside, name)))
    }
  return found
}

/** The folders of the packages of the workspace. @returns {ReadonlyArray<string>} */
export const folders = () => readdirSync(join(root, 'packages')).map(name => join(root, 'packages', name))

/** What the packages say of themselves. */
export const manifests = () => folders().map(manifestOf)

/** Packs the packages of the workspace, all by one start of pnpm. @param {string} folder */
export const packAll = async folder => {
  const [command = '', ...words] = pnpm()
  const recursively = ['--recursive', '--filter', './packages/*']
  await run(command, [...words, ...recursively, 'pack', '--pack-destination', folder], { cwd: root })
}

/** The tarball of a folder: of a package of the workspace the packed one. @param {string} folder @param {string} one */
const tarballOf = async (folder, one) => {
  if (!one.includes('node_modules')) {
    const { name, version } = manifestOf(one)
    return join(folder, `${name.slice(1).replace('/', '-')}-${version}.tgz`)
  }
  // A copy: pnpm links equal files, and npm leaves links out.
  const copy = join(folder, 'copies', basename(one))
  const tarball = join(folder, `${basename(one)}.tgz`)
  cpSync(one, copy, { recursive: true })
  await run('tar', ['-czf', tarball, '-C', dirname(copy), basename(copy)])
  return tarball
}

/**
 * npm finds each dependency among what it is told to install, or has installed.
 * @param {string} app a folder @param {ReadonlyArray<string>} tarballs
 */
const install = async (app, tarballs) => {
  const options = ['--offline', '--ignore-scripts', '--no-audit', '--no-fund']
  await run('npm', ['install', ...options, ...tarballs], { cwd: app })
}

/**
 * @param {string} folder where the packages are packed
 * @returns {Promise<string>} the folder inside that they are installed in
 */
export const installModels = async folder => {
  const app = join(folder, 'app')
  mkdirSync(app)
  writeFileSync(join(app, 'package.json'), '{ "private": true, "type": "module" }')
  await packAll(folder)
  const tarballs = []
  for (const one of closureOf(join(root, 'packages/models'))) tarballs.push(await tarballOf(folder, one))
  await install(app, tarballs)
  return app
}

/**
 * Installs other packages, with what they depend on, beside @conjugate/models.
 * @param {string} folder where `installModels` packed @param {ReadonlyArray<string>} names of folders of packages
 */
export const installBeside = async (folder, names) => {
  const there = closureOf(join(root, 'packages/models'))
  const others = names.flatMap(name => [...closureOf(join(root, 'packages', name))]).filter(one => !there.has(one))
  const tarballs = []
  for (const one of new Set(others)) tarballs.push(await tarballOf(folder, one))
  await install(join(folder, 'app'), tarballs)
}

/**
 * Installs @conjugate/distributions, and nothing else of the workspace, in a folder of its own, with @tensorflow/tfjs and what comes along with
 * it beside: as links, since it is large.
 * @param {string} folder where `installModels` packed
 * @returns {Promise<string>} the folder inside
 */
export const installTensors = async folder => {
  const app = join(folder, 'tensors')
  mkdirSync(app)
  writeFileSync(join(app, 'package.json'), '{ "private": true, "type": "module" }')
  const tarballs = []
  for (const one of closureOf(join(root, 'packages/distributions'))) tarballs.push(await tarballOf(folder, one))
  await install(app, tarballs)
  for (const one of closureOf(join(root, 'node_modules/@tensorflow/tfjs'))) {
    const link = join(app, 'node_modules', manifestOf(one).name)
    mkdirSync(dirname(link), { recursive: true })
    if (!existsSync(link)) symlinkSync(one, link)
  }
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
