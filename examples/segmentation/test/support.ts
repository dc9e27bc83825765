import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import sharp from 'sharp'
import { afterEach, beforeEach } from 'vitest'

const fromRoot = (path: string): string => fileURLToPath(new URL(`../../../${path}`, import.meta.url))

/** The folder of the four course photos. */
export const IMAGES: string = process.env['CONJUGATE_IMAGES'] ?? fromRoot('../shared/images')

/** The folder of the reference traces. */
export const FIXTURES: string = process.env['CONJUGATE_FIXTURES'] ?? fromRoot('../shared/fixtures')

/** Whether tests on a folder's files are left out: never where CI must see them run. */
export const isAbsent = (folder: string): boolean => !existsSync(folder) && !process.env['CI']

/** A folder of its own for each test of a file. */
export const useFolder = (): { readonly path: (name?: string) => string } => {
  let base = ''
  beforeEach(async () => {
    base = await mkdtemp(join(tmpdir(), 'conjugate-segmentation-'))
  })
  afterEach(async () => {
    await rm(base, { recursive: true, force: true })
  })
  return { path: (name = '') => join(base, name) }
}

/** A small PNG with a dark square on light ground, and some grain so that it has many colours. */
export const squarePng = (width = 40, height = 30): Promise<Buffer> => {
  const rgb = new Uint8Array(width * height * 3)
  for (let pixel = 0; pixel < width * height; pixel++) {
    const [row, column] = [Math.floor(pixel / width), pixel % width]
    const inside = Math.abs(row - height / 2) < height / 4 && Math.abs(column - width / 2) < width / 4
    const grain = (pixel * 7919) % 23
    rgb.set(inside ? [40 + grain, 30, 60] : [200, 210 + grain, 190], pixel * 3)
  }
  return sharp(rgb, { raw: { width, height, channels: 3 } })
    .png()
    .toBuffer()
}

export interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** The built program. */
export const program: string = fromRoot('examples/segmentation/dist/program.js')

/** Runs the built program. */
export const runProgram = (
  words: readonly string[],
  options: { readonly cwd: string; readonly env?: Readonly<Record<string, string>> },
): Promise<Ended> => {
  const env = {
    ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('CONJUGATE_'))),
    XDG_CACHE_HOME: join(options.cwd, '.cache'),
    // Nothing listens there: no test reaches the network.
    HTTPS_PROXY: 'http://127.0.0.1:1',
    ...options.env,
  }
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [program, ...words], { cwd: options.cwd, env })
    let [stdout, stderr] = ['', '']
    child.stdout.on('data', chunk => (stdout += chunk))
    child.stderr.on('data', chunk => (stderr += chunk))
    child.on('error', reject)
    child.on('close', code => resolve({ code, stdout, stderr }))
  })
}
