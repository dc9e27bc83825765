// `pnpm test` builds what has changed, then runs the core of the tests; with names of files, or a part of them, those of all tests.
// `--all` runs all, `--rest` all but the core.
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { build } from '../build/build.js'

const words = process.argv.slice(2)
const named = words.some(word => !word.startsWith('-'))
const of = words.includes('--rest') ? 'rest' : words.includes('--all') || named ? 'all' : 'core'

await build()
const { status } = spawnSync(
  process.execPath,
  ['node_modules/vitest/vitest.mjs', 'run', ...words.filter(word => word !== '--all' && word !== '--rest')],
  {
    cwd: fileURLToPath(new URL('../..', import.meta.url)),
    stdio: 'inherit',
    env: { ...process.env, CONJUGATE_TESTS: of },
  },
)
process.exit(status ?? 1)
