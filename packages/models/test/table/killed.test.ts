import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { random } from '@conjugate/distributions'
import { afterAll, expect, test } from 'vitest'

const program = fileURLToPath(new URL('long-table-fit.js', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'conjugate-killed-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** How often it is killed; more often on demand. */
const KILLS = Number(process.env['CONJUGATE_KILLS'] ?? 3)

/** Runs the program, and kills it so many milliseconds after it has said something for the n-th time. Whether it came to its end. */
const runProgram = (args: ReadonlyArray<string>, kill?: { readonly after: number; readonly ms: number }) =>
  new Promise<boolean>((resolve, reject) => {
    const child = spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
    let [said, errors] = [0, '']
    child.stdout.on('data', (data: Buffer) => {
      const isNow = kill !== undefined && said < kill.after && said + data.length >= kill.after
      said += data.length
      if (isNow) setTimeout(() => child.kill('SIGKILL'), kill.ms)
    })
    child.stderr.on('data', (data: Buffer) => {
      errors += data.toString()
    })
    child.on('exit', code => {
      if (code !== null && code !== 0) reject(new Error(errors))
      else resolve(code === 0)
    })
  })

test('a fit to a table that is killed at any moment goes on to the same bits, and leaves no scratch behind', async () => {
  const stream = random(11)
  const scratch = join(folder, 'scratch')
  mkdirSync(scratch)
  const [file, whole, broken] = ['checkpoint', 'whole', 'broken'].map(name => join(folder, name)) as [
    string,
    string,
    string,
  ]
  await runProgram(['none', whole, scratch])
  let kills = 0
  for (let i = 0; i < KILLS; i++) {
    // While it reads, which it does three times, or computes; blocks of any length are the same table.
    const kill = { after: 1 + stream.integer(8), ms: stream.integer(30) }
    const ended = await runProgram([file, broken, scratch, String(500 + stream.integer(2000))], kill)
    if (!ended) kills++
    expect(readdirSync(scratch)).toEqual([])
    if (ended) rmSync(file, { force: true })
  }
  expect(await runProgram([file, broken, scratch])).toBe(true)
  expect(kills).toBeGreaterThan(KILLS / 2)
  expect(readFileSync(broken, 'utf8')).toBe(readFileSync(whole, 'utf8'))
  expect(readdirSync(scratch)).toEqual([])
}, 600_000)
