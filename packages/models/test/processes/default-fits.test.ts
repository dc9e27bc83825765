import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

const program = fileURLToPath(new URL('default-fit.js', import.meta.url))

/** Runs of each shape; a test runner keeps its process alive, so that every run has to have one of its own. */
const RUNS = process.env['CONJUGATE_LONG'] === '1' ? 25 : 3

/** It ends by itself, should nobody be left to end it. */
const BUSY = 'for (const end = Date.now() + 600_000; Date.now() < end; );'

/** What a fit in a process of its own prints. */
const outputOf = async (rows: number, columns: number, parallel: number): Promise<string> => {
  const { stdout } = await promisify(execFile)(process.execPath, [program, rows, columns, parallel].map(String))
  return stdout.trim()
}

describe('default fits in processes that nothing else keeps alive, beside others that keep all processors busy', () => {
  let busy: ReadonlyArray<ChildProcess> = []
  beforeAll(() => {
    busy = Array.from({ length: availableParallelism() }, () => spawn(process.execPath, ['--eval', BUSY]))
  })
  afterAll(() => {
    for (const child of busy) child.kill('SIGKILL')
  })

  // Ranges that take longer than a thread stays awake, so that it sleeps while workers start.
  test.each([
    ['many columns', 4000, 256, 1],
    ['many rows', 200_000, 16, 1],
    ['restarts side by side', 200_000, 16, 2],
  ])('have as many results as runs: %s', { timeout: 600_000 }, async (_, rows, columns, parallel) => {
    const outputs: string[] = []
    for (let run = 0; run < RUNS; run++) outputs.push(await outputOf(rows, columns, parallel))
    expect(outputs).toEqual(new Array(RUNS).fill(`3 objectives, ${rows} assignments`))
  })
})
