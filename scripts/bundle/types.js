// Which declarations of types a package is installed with: those that its entries lead to. Of others, such as those of modules that
// only its own tests reach, each takes a block of a disk.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { filesIn } from '../files.js'

const RELATIVE = /\b(?:from|import)\s*\(?\s*["'](\.{1,2}\/[^"']+)["']/g

/** Files that a declaration leads to. @param {string} file @returns {ReadonlyArray<string>} */
export const typesBehind = file =>
  [...readFileSync(file, 'utf8').matchAll(RELATIVE)].map(([, path]) =>
    resolve(dirname(file), path.replace(/\.js$/, '.d.ts')),
  )

/** Leaves out of the tarball what no entry leads to. @param {string} folder of a package */
export const leaveOutTypes = folder => {
  const { exports } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  const found = new Set(
    Object.values(exports).flatMap(target => (typeof target === 'string' ? [] : [join(folder, target.types)])),
  )
  for (const file of found) for (const next of existsSync(file) ? typesBehind(file) : []) found.add(next)
  const dist = join(folder, 'dist')
  const others = filesIn(dist).filter(file => file.endsWith('.d.ts') && !found.has(file))
  writeFileSync(join(dist, '.npmignore'), others.map(file => `/${relative(dist, file)}\n`).join(''))
}
