import { spawn } from 'node:child_process'
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { random } from '@conjugate/distributions'
import type { Storage } from '@conjugate/em'
import { fileStorage } from '@conjugate/em/node'
import { describeFitError, type FitError, fit } from '@conjugate/models'
import { rightOf } from '@conjugate/testing'
import * as E from 'fp-ts/lib/Either.js'
import * as O from 'fp-ts/lib/Option.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { afterAll, describe, expect, test } from 'vitest'
import { clouds, counts, gaussians, poissons } from '../mixture/support.js'

const folder = mkdtempSync(join(tmpdir(), 'conjugate-checkpoints-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const program = fileURLToPath(new URL('long-fit.js', import.meta.url))

/** Runs the program, kills it after so many iterations, and tells whether it came to its end. */
const runProgram = (args: ReadonlyArray<string>, killAfter = Number.POSITIVE_INFINITY): Promise<boolean> =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
    let [iterations, errors] = [0, '']
    child.stdout.on('data', (data: Buffer) => {
      iterations += data.length
      if (iterations >= killAfter) child.kill('SIGKILL')
    })
    child.stderr.on('data', (data: Buffer) => {
      errors += data.toString()
    })
    child.on('exit', code => {
      if (code !== null && code !== 0) reject(new Error(errors))
      else resolve(code === 0)
    })
  })

describe.each([
  ['none', 'quick'],
  ['squarem', 'quick'],
  ['none', 'slow'],
] as const)('a fit by EM (acceleration %s, %s storage) that is killed again and again', (acceleration, speed) => {
  test('ends with the bits of one that was not', { timeout: 120_000 }, async () => {
    const stream = random(9)
    const name = join(folder, `${acceleration}-${speed}`)
    const [file, broken, whole] = [`${name}.checkpoint`, `${name}.broken`, `${name}.whole`]
    let kills = 0
    while (!(await runProgram([file, broken, acceleration, speed], 3 + stream.integer(40)))) kills++
    await runProgram(['none', whole, acceleration, speed])
    expect(kills).toBeGreaterThan(1)
    expect(readFileSync(broken, 'utf8')).toBe(readFileSync(whole, 'utf8'))
    // A kill in the middle of a write leaves its own file behind, which the next write takes over.
    expect(existsSync(`${file}.tmp`)).toBe(false)
  })
})

test('a text that cannot be written leaves nothing behind', async () => {
  // A folder in the place of the file takes the name when all has been written.
  const taken = join(folder, 'taken')
  mkdirSync(join(taken, 'inside'), { recursive: true })
  expect(await fileStorage(taken).write('text')()).toMatchObject(E.left({ _tag: 'CheckpointUnwritable', where: taken }))
  expect(existsSync(`${taken}.tmp`)).toBe(false)
  // A device without room, under the name that is written first.
  const full = join(folder, 'full')
  if (existsSync('/dev/full')) {
    symlinkSync('/dev/full', `${full}.tmp`)
    expect(await fileStorage(full).write('text')()).toMatchObject(E.left({ _tag: 'CheckpointUnwritable' }))
    expect(readdirSync(folder).filter(name => name.startsWith('full'))).toEqual([])
  }
})

const storage = fileStorage(join(folder, 'fit.checkpoint'))
const rows = clouds(100)
const options = { iterations: 10, checkpoint: { storage, everyIterations: 3 } } as const

const failure = async (task: () => Promise<E.Either<FitError, unknown>>): Promise<string> => {
  const result = await task()
  return E.isLeft(result) ? describeFitError(result.left) : 'no error'
}

describe('a checkpoint of a fit', () => {
  test('is gone on with: more iterations and restarts may be asked for', async () => {
    await rightOf(fit(gaussians(2), rows, options))
    const more = { ...options, iterations: 25, restarts: 3 }
    const { checkpoint: _, ...plain } = more
    const resumed = await rightOf(fit(gaussians(2), rows, more))
    const fresh = await rightOf(fit(gaussians(2), rows, plain))
    expect(resumed).toEqual(fresh)
    const again = await rightOf(fit(gaussians(2), rows, more))
    expect(again.objectives).toEqual(resumed.objectives)
    expect(again.components).toEqual(resumed.components)
  })

  test('of a fit that ran out of time or was cancelled is gone on with', async () => {
    const plain = { iterations: 40, restarts: 2, backend: 'javascript' } as const
    const fresh = await rightOf(fit(gaussians(2), rows, plain))
    const checkpoint = { storage: fileStorage(join(folder, 'stopped.checkpoint')), everySeconds: 1e6 }
    const early = await rightOf(fit(gaussians(2), rows, { ...plain, checkpoint, timeLimit: 0 }))
    expect(early.objectives).toHaveLength(1)
    const abort = new AbortController()
    const onIteration = ({ iteration }: { readonly iteration: { readonly index: number } }) => {
      if (iteration.index === 7) abort.abort()
    }
    const { signal } = abort
    expect(await failure(fit(gaussians(2), rows, { ...plain, checkpoint, onIteration, signal }))).toContain('cancelled')
    let first: number | undefined
    const resumed = await rightOf(
      fit(gaussians(2), rows, {
        ...plain,
        checkpoint,
        onIteration: ({ iteration }) => {
          first ??= iteration.index
        },
      }),
    )
    expect(first).toBe(7)
    expect(resumed.objectives).toEqual(fresh.objectives)
    expect(resumed.components).toEqual(fresh.components)
    expect(resumed.restarts).toEqual(fresh.restarts)
  })

  test('that went on for longer than is asked for now is refused', async () => {
    expect(await failure(fit(gaussians(2), rows, { ...options, iterations: 9 }))).toContain(
      'its number of iterations is 25, expected no more than 9',
    )
  })

  test('of other data, another mixture or other options is refused', async () => {
    const other = clouds(100, 1, 2)
    for (const task of [
      fit(gaussians(2), other, options),
      fit(gaussians(3), rows, options),
      fit(gaussians(2, { concentration: 3 }), rows, options),
      fit(gaussians(2), rows, { ...options, seed: 8 }),
      fit(gaussians(2), rows, { ...options, acceleration: 'squarem' }),
      fit(gaussians(2), rows, { ...options, groupRows: false }),
      fit(gaussians(2), rows, { ...options, backend: 'javascript' }),
      fit(gaussians(2), rows, { ...options, rowWeights: new Float64Array(100).fill(2) }),
      fit(poissons(2), counts(100), options),
    ])
      expect(await failure(task)).toContain('fit.checkpoint does not belong to this run: its fingerprint')
  })

  test('that is damaged is never taken for none', async () => {
    const name = join(folder, 'damaged.checkpoint')
    const damaged = { ...options, checkpoint: { storage: fileStorage(name) } }
    copyFileSync(storage.name, name)
    truncateSync(name, 300)
    expect(await failure(fit(gaussians(2), rows, damaged))).toContain('it is damaged')
    writeFileSync(name, readFileSync(storage.name, 'utf8').replace('objectives', 'objectivez'))
    expect(await failure(fit(gaussians(2), rows, damaged))).toContain('its checksum differs')
    writeFileSync(name, '{"format":"conjugate-checkpoint","version":2}')
    expect(await failure(fit(gaussians(2), rows, damaged))).toContain('its version is 2, expected 1')
    writeFileSync(name, '')
    expect(await failure(fit(gaussians(2), rows, damaged))).toContain('it is damaged')
  })

  test('that cannot be written is an error', async () => {
    const nowhere = { ...options, checkpoint: { storage: fileStorage(join(folder, 'none', 'x')) } }
    expect(await failure(fit(gaussians(2), rows, nowhere))).toContain('cannot be written: ENOENT')
  })
})

describe('restarts side by side', () => {
  test('find what they find one after the other, with and without a checkpoint', async () => {
    const plain = { iterations: 20, restarts: 6, threads: 2 }
    const inTurn = await rightOf(fit(gaussians(3), rows, plain))
    const beside = await rightOf(fit(gaussians(3), rows, { ...plain, parallel: 3 }))
    expect(beside).toEqual(inTurn)
    const checkpoint = { storage: fileStorage(join(folder, 'parallel.checkpoint')), everyIterations: 4 }
    await rightOf(fit(gaussians(3), rows, { ...plain, iterations: 7, restarts: 4, parallel: 2, checkpoint }))
    expect(await rightOf(fit(gaussians(3), rows, { ...plain, parallel: 3, checkpoint }))).toEqual(inTurn)
  })
})

describe('restarts side by side that are killed', () => {
  test('leave texts that each go on to the same bits', { timeout: 60_000 }, async () => {
    const plain = { iterations: 12, restarts: 3, threads: 2 }
    const whole = await rightOf(fit(gaussians(3), rows, plain))
    const texts: string[] = []
    const recording = (first?: string): Storage => ({
      name: 'memory',
      read: TE.right(O.fromNullable(first)),
      write: text => async () => {
        if (first === undefined) texts.push(text)
        // Meanwhile the other restarts go on.
        await setTimeout(10)
        return E.right(undefined)
      },
    })
    const checkpoint = { storage: recording(), everyIterations: 3 }
    // Longer than a turn, so that the others go on in the middle of an iteration of the first.
    const onIteration = ({ restart }: { readonly restart: number }) => {
      const until = performance.now() + (restart === 0 ? 40 : 0)
      while (performance.now() < until);
    }
    await rightOf(fit(gaussians(3), rows, { ...plain, parallel: 3, checkpoint, onIteration }))
    expect(texts.length).toBeGreaterThan(6)
    for (const text of texts)
      expect(await rightOf(fit(gaussians(3), rows, { ...plain, checkpoint: { storage: recording(text) } }))).toEqual(
        whole,
      )
  })
})

describe('a time limit', () => {
  test('ends with the best point so far', async () => {
    const { objectives, restarts } = await rightOf(
      fit(gaussians(2), rows, { iterations: 1e9, restarts: 50, timeLimit: 30, backend: 'javascript' }),
    )
    expect(restarts).toHaveLength(1)
    expect(objectives.length).toBeGreaterThan(1)
  })
})
