import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

const programs = {
  segment: {
    path: 'examples/segmentation/dist/program.js',
    quick: ['--iterations', '2', '--out', 'a/b'],
    endless: ['--model', 'assignment', '--iterations', '100000000', '--out', 'a/b'],
    files: 6,
  },
  toy: {
    path: 'examples/toy/dist/program.js',
    quick: ['--restarts', '1', '--out', 'a/b'],
    endless: ['--restarts', '1000000', '--out', 'a/b'],
    files: 2,
  },
  study: {
    path: 'examples/studies/dist/main.js',
    // A study takes seconds; the tests of that program run both.
    quick: ['--help'],
    endless: ['restarts', 'a/b'],
    files: 0,
  },
} as const

const names = Object.keys(programs) as (keyof typeof programs)[]

let base: string

beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'conjugate-programs-'))
})

afterEach(() => rmSync(base, { recursive: true, force: true }))

const start = (name: keyof typeof programs, words: readonly string[], stdout: 'pipe' | number = 'pipe') => {
  const main = fileURLToPath(new URL(`../${programs[name].path}`, import.meta.url))
  const child = spawn(process.execPath, [main, ...words], { cwd: base, stdio: ['ignore', stdout, 'pipe'] })
  let stderr = ''
  child.stderr!.on('data', chunk => (stderr += chunk))
  const ended = new Promise<{ code: number | null; stderr: string }>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', code => resolve({ code, stderr }))
  })
  return { child, ended }
}

const written = () => (existsSync(join(base, 'a/b')) ? readdirSync(join(base, 'a/b')) : [])

describe.each(['segment', 'toy'] as const)('%s', name => {
  it('opens its own few files, besides what has a binary of its own', () => {
    const bundle = new URL(`../${programs[name].path}`, import.meta.url)
    const files = readdirSync(new URL('.', bundle)).filter(file => /^program(-.*)?\.js$/.test(file))
    const opened = files.flatMap(file =>
      [...readFileSync(new URL(file, bundle), 'utf8').matchAll(/\b(?:from"|import"|import\(`)([^"`]+)["`]/g)].map(
        ([, path]) => path!,
      ),
    )
    const others = [...new Set(opened)].filter(path => !/^node:|^\.\/program[-.]/.test(path))
    // Fifty files of sharp took as long to be found as a fit takes.
    expect(others.sort()).toEqual(['@resvg/resvg-js', '@tensorflow/tfjs-node'])
  })
})

describe.each(names)('%s', name => {
  const { quick, endless, files } = programs[name]

  it('does its work for a reader who leaves early', async () => {
    const { child, ended } = start(name, quick)
    child.stdout!.destroy()
    expect(await ended).toEqual({ code: 0, stderr: '' })
    expect(written()).toHaveLength(files)
  })

  it.skipIf(!existsSync('/dev/full')).each([[quick], [['--version']]])(
    'fails with one line where its output does not fit (%j, Linux only)',
    async words => {
      const { ended } = start(name, words, openSync('/dev/full', 'w'))
      expect(await ended).toEqual({
        code: 1,
        stderr: `${name}: standard output cannot be written (the disk is full)\n`,
      })
    },
  )

  it.skipIf(process.platform === 'win32').each([
    ['SIGHUP', 129],
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('leaves nothing behind after %s', async (signal, code) => {
    const { child, ended } = start(name, endless)
    while (!existsSync(join(base, 'a/b'))) await sleep(5)
    child.kill(signal)
    expect(await ended).toEqual({ code, stderr: '' })
    expect(readdirSync(base)).toEqual([])
  })
})
