// pnpm databases: DuckDB, Postgres as PGlite, its client and Apache Arrow, with which tables are tested, in a folder of their own: 110 MB that nothing else needs. Nothing is
// done where it is up to date.
import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const from = fileURLToPath(new URL('.', import.meta.url))
const folder = fileURLToPath(new URL('../../node_modules/.cache/conjugate-databases', import.meta.url))
const stamp = join(folder, 'installed.json')
const wanted = readFileSync(join(from, 'package-lock.json'), 'utf8')

if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== wanted) {
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  for (const name of ['package.json', 'package-lock.json']) cpSync(join(from, name), join(folder, name))
  execFileSync('npm', ['ci', '--no-audit', '--no-fund'], { cwd: folder, stdio: 'inherit' })
  writeFileSync(stamp, wanted)
}
console.log('Databases are set up.')
