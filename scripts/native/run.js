import { spawnSync } from 'node:child_process'
import { rmSync } from 'node:fs'

/** Ends the script with one line. @param {string} reason @returns {never} */
export const fail = reason => {
  console.error(`native: ${reason}`)
  process.exit(1)
}

/** A name to write to before the rename to `path`; what is left of it is removed at the end. @param {string} path */
export const partialOf = path => {
  const partial = `${path}.partial-${process.pid}`
  process.on('exit', () => rmSync(partial, { recursive: true, force: true }))
  return partial
}

/**
 * Runs a program to its end.
 * @param {string} program @param {string[]} args @param {import('node:child_process').SpawnSyncOptions} [options]
 * @returns {{ ok: boolean, missing: boolean, stdout: string, stderr: string }}
 */
export const run = (program, args, options = {}) => {
  const { status, error, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8', ...options })
  return {
    ok: status === 0,
    missing: error?.code === 'ENOENT',
    stdout: String(stdout ?? ''),
    stderr: String(stderr ?? error ?? ''),
  }
}

/** The line of an output that says what went wrong. @param {string} output */
export const telling = output => {
  const lines = output.trim().split('\n')
  return lines.find(line => /error/i.test(line)) ?? lines.at(-1)
}

/** Runs a program that has to succeed. @param {string} program @param {string[]} args @param {string} purpose */
export const must = (program, args, purpose) => {
  const { ok, missing, stderr } = run(program, args)
  if (missing) fail(`${purpose} needs ${program}, which is not installed`)
  if (!ok) fail(`${purpose} failed: ${telling(stderr)}`)
}
