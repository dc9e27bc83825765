// Installs what packages are checked and released with, where the lock file has changed since: another esbuild, are-the-types-wrong, changesets,
// and Node in its supported versions.
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'

const folder = fileURLToPath(new URL('.', import.meta.url))
const lock = new URL('package-lock.json', import.meta.url)
const stamp = new URL('node_modules/.installed', import.meta.url)

/** Whether they are there. */
export const hasTools = () => existsSync(stamp) && readFileSync(stamp, 'utf8') === readFileSync(lock, 'utf8')

export const installTools = () => {
  if (hasTools()) return
  console.log('Installing what packages are checked and released with (600 MB, once)')
  const words = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']
  // On Windows npm is a script, which only a shell starts.
  const { status } = spawnSync('npm', words, { cwd: folder, stdio: 'inherit', shell: process.platform === 'win32' })
  if (status !== 0) process.exit(status ?? 1)
  writeFileSync(stamp, readFileSync(lock, 'utf8'))
}

/** The path of a module among them. @param {string} name */
export const tool = name => createRequire(import.meta.url).resolve(name)

/** The program of a version of Node, or nothing on another system than Linux on x64. @param {number} version */
export const nodeOf = version => {
  const path = fileURLToPath(new URL(`node_modules/node-${version}/bin/node`, import.meta.url))
  return existsSync(path) ? path : undefined
}
