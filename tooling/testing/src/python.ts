import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const venv = fileURLToPath(new URL('../../../node_modules/.cache/conjugate-python/venv/bin/python', import.meta.url))

/** Whether `pnpm python` has been run. Where CI has to have it, its absence shows as failing tests. */
export const hasPython: boolean = existsSync(venv) || process.env['CONJUGATE_REQUIRE_PYTHON'] !== undefined

if (!hasPython) console.warn('Skipped: comparisons with Python packages, which are not set up here (pnpm python).')

/** Runs a script on an input as JSON, and gives what it prints as JSON. */
export const python = <A>(script: URL, input: unknown): A =>
  JSON.parse(
    execFileSync(venv, [fileURLToPath(script)], { input: JSON.stringify(input), encoding: 'utf8', maxBuffer: 2 ** 28 }),
  ) as A
