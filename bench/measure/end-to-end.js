// What a person waits for: `segment` on the fox, 100 iterations, and the first import of the library.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { photoPath } from '../data/photos.js'

const root = fileURLToPath(new URL('../..', import.meta.url))
const program = join(root, 'examples/segmentation/dist/program.js')

/** Where pnpm is that npm keeps: to find it takes npm seconds, which are none of the command. */
const foundByNpm = () => {
  const script = "console.log(process.env['npm_execpath'])"
  const words = ['--yes', 'pnpm@12', 'exec', process.execPath, '-e', script]
  return spawnSync('npx', words, { cwd: root, encoding: 'utf8' }).stdout?.trim() ?? ''
}

/** pnpm as it runs this script, or as npm would: a program of its own, or a script of Node. */
const pnpm = () => {
  const own = process.env['npm_execpath'] ?? ''
  const path = own.includes('pnpm') ? own : foundByNpm()
  return /\.[cm]?js$/.test(path) ? [process.execPath, path] : [path]
}

// Node reads the certificates that this names before it does anything, which takes longer than its own start.
const { NODE_EXTRA_CA_CERTS: _, ...environment } = process.env

/** @param {ReadonlyArray<string>} command */
const time = ([file, ...args]) => {
  const began = performance.now()
  const { status, stdout, stderr, error } = spawnSync(file, args, { cwd: root, encoding: 'utf8', env: environment })
  const seconds = (performance.now() - began) / 1000
  if (error) throw new Error(`${file} did not start: ${error.message}`)
  if (status !== 0) throw new Error(`${file} ended with ${status}: ${stderr.trim().split('\n').at(-1)}`)
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
  const command = [...pnpm(), 'segment', ...args]
  /** @type {{ program: number[], command: number[], fit: number[] }} */
  const found = { program: [], command: [], fit: [] }
  /** @type {string | undefined} */
  let failure
  for (let i = 0; i < repetitions; i++) {
    const alone = time([process.execPath, program, ...args])
    found.program.push(alone.seconds)
    found.fit.push(alone.fit)
    if (failure !== undefined) continue
    // The program is timed where there is no pnpm, too.
    try {
      found.command.push(time(command).seconds)
    } catch (error) {
      failure = error instanceof Error ? error.message : String(error)
    }
  }
  return [
    { what: what.fit, seconds: found.fit },
    { what: what.program, seconds: found.program },
    { what: what.command, seconds: found.command, ...(failure !== undefined && { error: failure }) },
  ]
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
