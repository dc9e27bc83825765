// What a person waits for: `segment` on the fox, 100 iterations, and the first import of the library.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { photoPath } from '../data/photos.js'

const root = fileURLToPath(new URL('../..', import.meta.url))
const program = join(root, 'examples/segmentation/dist/program.js')

/** pnpm as it runs this script: a program of its own, or a script of Node; where nothing tells, as the README says. */
const pnpm = () => {
  const path = process.env['npm_execpath'] ?? ''
  if (!path.includes('pnpm')) return ['npx', '--yes', 'pnpm@12']
  return /\.[cm]?js$/.test(path) ? [process.execPath, path] : [path]
}

/** @param {ReadonlyArray<string>} command */
const time = ([file, ...args]) => {
  const began = performance.now()
  const { status, stdout, stderr } = spawnSync(file, args, { cwd: root, encoding: 'utf8' })
  const seconds = (performance.now() - began) / 1000
  if (status !== 0) throw new Error(`${file} ended with ${status}: ${String(stderr).trim().split('\n').at(-1)}`)
  const [, fit] = /iterations in ([\d.]+) s/.exec(stdout) ?? []
  return { seconds, fit: Number(fit) }
}

/**
 * @param {number} repetitions @param {string} folder for the pictures
 * @returns {ReadonlyArray<import('../types.js').EndToEnd>}
 */
export const measureSegment = (repetitions, folder) => {
  const what = {
    fit: '`segment fox`: 100 iterations, as the program says',
    program: '`segment fox`: the program',
    command: '`pnpm segment fox`: the whole command',
  }
  if (!existsSync(photoPath('fox'))) return [{ what: what.command, seconds: [], error: 'there is no fox.png' }]
  const args = [photoPath('fox'), '--model', 'assignment', '--out', folder]
  try {
    const runs = Array.from({ length: repetitions }, () => ({
      program: time([process.execPath, program, ...args]),
      command: time([...pnpm(), 'segment', ...args]),
    }))
    return [
      { what: what.fit, seconds: runs.flatMap(r => [r.program.fit, r.command.fit]) },
      { what: what.program, seconds: runs.map(r => r.program.seconds) },
      { what: what.command, seconds: runs.map(r => r.command.seconds) },
    ]
  } catch (error) {
    return [{ what: what.command, seconds: [], error: error instanceof Error ? error.message : String(error) }]
  }
}

/** Seconds of a process of Node that does nothing, and of one that imports the library. @param {number} repetitions */
export const measureImport = repetitions => {
  const programs = {
    '`node -e 0`': '',
    "a process that does `import '@conjugate/models'`": "import '@conjugate/models'",
  }
  const entries = Object.entries(programs)
  const runs = Array.from({ length: repetitions }, () =>
    entries.map(([, code]) => time([process.execPath, '--input-type=module', '-e', code]).seconds),
  )
  return entries.map(([what], i) => ({ what, seconds: runs.map(run => run[i] ?? Number.NaN) }))
}
