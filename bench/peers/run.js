import { spawnSync } from 'node:child_process'
import { peersFolder } from './folder.js'

/** A line that says what went wrong, rather than the last one. */
const telling = /error|not found|unable|cannot|can't|no such/i

/**
 * Runs a program to its end, in the folder of the peers; a failure is thrown as one line.
 * @param {string} program @param {ReadonlyArray<string>} args @param {string} [cwd]
 */
export const run = (program, args, cwd = peersFolder) => {
  const { status, error, stdout, stderr } = spawnSync(program, args, { cwd, encoding: 'utf8' })
  if (status === 0) return stdout
  if (error) throw new Error(`${program} can't be run: ${error.message}`)
  const lines = `${stdout}\n${stderr}`.split('\n').filter(line => line.trim() !== '')
  throw new Error(`${program}: ${(lines.find(line => telling.test(line)) ?? lines.at(-1) ?? `exit ${status}`).trim()}`)
}
