import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { peersFolder } from './folder.js'
import { buildArmadillo, compileC, nativeSources } from './native.js'
import { run } from './run.js'

const requirements = fileURLToPath(new URL('python/requirements.txt', import.meta.url))

const installPython = () => {
  const venv = join(peersFolder, 'venv')
  rmSync(venv, { recursive: true, force: true })
  run('python3', ['-m', 'venv', venv])
  const pip = ['-m', 'pip', 'install', '--only-binary=:all:', '--requirement', requirements]
  run(join(venv, 'bin/python'), pip)
}

/** Each part with what it is made from: it is made again where that has changed. */
const parts = [
  { name: 'python', from: () => readFileSync(requirements, 'utf8'), make: installPython },
  { name: 'avx2', from: nativeSources, make: () => compileC('avx2') },
  { name: 'machine', from: nativeSources, make: () => compileC('machine') },
  { name: 'armadillo', from: nativeSources, make: buildArmadillo },
]

/** Installs what is not there yet. @returns {ReadonlyMap<string, string>} Why, for each part that could not be. */
export const setUp = () => {
  const failures = new Map()
  mkdirSync(peersFolder, { recursive: true })
  for (const { name, from, make } of parts) {
    const stamp = join(peersFolder, `${name}.stamp`)
    const hash = createHash('sha256').update(from()).update(make.toString()).digest('hex')
    if (existsSync(stamp) && readFileSync(stamp, 'utf8') === hash) continue
    console.log(`setting up ${name}`)
    try {
      make()
      writeFileSync(stamp, hash)
    } catch (error) {
      failures.set(name, error instanceof Error ? error.message : String(error))
    }
  }
  return failures
}
