// pnpm python: a virtual environment with the implementations that tests compare with. Nothing is done where it is up to date.
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const requirements = fileURLToPath(new URL('requirements.txt', import.meta.url))
const folder = fileURLToPath(new URL('../../node_modules/.cache/conjugate-python', import.meta.url))
const stamp = join(folder, 'requirements.txt')
const wanted = readFileSync(requirements, 'utf8')

if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== wanted) {
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  const run = (command, args) => execFileSync(command, args, { stdio: 'inherit' })
  run('python3', ['-m', 'venv', join(folder, 'venv')])
  const pip = ['-m', 'pip', 'install', '--quiet', '--only-binary=:all:', '--requirement', requirements]
  run(join(folder, 'venv/bin/python'), pip)
  writeFileSync(stamp, wanted)
}
console.log('Python peers are set up.')
