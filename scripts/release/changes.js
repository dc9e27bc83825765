// The files of .changeset, each of which is about a change that the next release says.
import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { tool } from './tools.js'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** Files of changes that are in no version yet. @returns {ReadonlyArray<string>} */
export const pendingChanges = () =>
  readdirSync(join(root, '.changeset')).filter(file => file.endsWith('.md') && file !== 'README.md')

/** Runs changesets in the workspace. @param {ReadonlyArray<string>} words */
export const changeset = (...words) => {
  const program = join(dirname(tool('@changesets/cli/package.json')), 'bin.js')
  const { status } = spawnSync(process.execPath, [program, ...words], { cwd: root, stdio: 'inherit' })
  if (status !== 0) process.exit(status ?? 1)
}
