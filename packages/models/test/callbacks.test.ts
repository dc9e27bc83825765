import type { Worker } from 'node:worker_threads'
import workerThreads from 'node:worker_threads'
import type { Storage } from '@conjugate/em'
import { javascript, type LoadedRows } from '@conjugate/executors'
import { identity } from '@conjugate/linalg'
import {
  compareComponents,
  type FitError,
  fit,
  fitFactorAnalysis,
  gibbs,
  hiddenMarkovModel,
  onlineFit,
} from '@conjugate/models'
import { right, rightOf } from '@conjugate/testing'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as O from 'fp-ts/lib/Option.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { clouds, gaussians } from './mixture/support.js'

/** Enough for two threads to have ranges of. */
const rows = clouds(20_000)
const model = gaussians(2)
const prior = { mean: [0, 0], meanPrecision: 0.1, degreesOfFreedom: 4, scale: identity(2) }
const chain = right(hiddenMarkovModel({ states: 2, transitionConcentration: 2, prior }))

const fail = (): never => {
  throw new Error('out of paper')
}
const reject = () => Promise.reject(new Error('out of paper'))
const storage: Storage = {
  name: 'a shelf',
  read: async () => E.right(O.none),
  write: () => async () => E.right(undefined),
}

/** How a backend is asked for. */
interface Where {
  readonly backend: 'wasm' | 'javascript'
  readonly threads: 2
}

type Work = (where: Where) => Promise<E.Either<FitError, unknown>>

const aborting = () => {
  const controller = new AbortController()
  return { signal: controller.signal, onIteration: () => controller.abort() }
}

async function* stream(): AsyncGenerator<typeof rows> {
  yield rows
  fail()
}

/** What ends otherwise than by a result, and the error that it is. */
const endings: ReadonlyArray<readonly [string, Work, object]> = [
  ...(
    [
      ['onIteration', { onIteration: fail }],
      ['onIteration', { onIteration: reject }],
      ['onIteration', { onIteration: fail, restarts: 3, parallel: 2 }],
      ['onIteration', { onIteration: fail, checkpoint: { storage } }],
      ['stop', { stop: fail }],
      ['order', { order: fail }],
    ] as const
  ).map(
    ([callback, options]) =>
      [
        `a fit of which ${callback} fails (${Object.keys(options)})`,
        (where: Where) => fit(model, rows, { iterations: 2, ...options, ...where })(),
        { _tag: 'CallbackFailed', callback, reason: 'out of paper' },
      ] as const,
  ),
  [
    'a fit of which the storage fails to read',
    where => fit(model, rows, { ...where, checkpoint: { storage: { ...storage, read: fail } } })(),
    { _tag: 'CheckpointUnreadable', where: 'a shelf', reason: 'out of paper' },
  ],
  [
    'a fit of which the storage fails to write',
    where =>
      fit(model, rows, {
        ...where,
        checkpoint: { storage: { ...storage, write: () => reject }, everyIterations: 1 },
      })(),
    { _tag: 'CheckpointUnwritable', where: 'a shelf', reason: 'out of paper' },
  ],
  ['a fit that is cancelled', where => fit(model, rows, { ...aborting(), ...where })(), { _tag: 'Cancelled' }],
  [
    'a fit of which a step fails',
    where => {
      const { components } = model
      const load: typeof components.load = (...args) =>
        pipe(
          components.load(...args),
          TE.map(loaded => ({ ...loaded, logPrior: fail })),
        )
      return fit({ ...model, components: { ...components, load } }, rows, where)()
    },
    { _tag: 'CallbackFailed', callback: 'model.components.logPrior', reason: 'out of paper' },
  ],
  [
    'several fits',
    async where => {
      const define = (k: number) => E.right(gaussians(k))
      const candidates = await compareComponents(define, rows, [1, 2], { onIteration: fail, ...where })()
      return candidates[1]!.result
    },
    { _tag: 'CallbackFailed', callback: 'onIteration' },
  ],
  [
    'several fits of which the definition fails',
    async where => (await compareComponents(fail, rows, [1, 2], where)())[0]!.result,
    { _tag: 'CallbackFailed', callback: 'define', reason: 'out of paper' },
  ],
  [
    'a hidden Markov model of which onIteration fails',
    ({ backend }) => fit(chain, [rows], { backend, onIteration: fail })(),
    { _tag: 'CallbackFailed', callback: 'onIteration' },
  ],
  [
    'a hidden Markov model that is cancelled',
    ({ backend }) => fit(chain, [rows], { backend, ...aborting() })(),
    { _tag: 'Cancelled' },
  ],
  [
    'factor analysis of which onIteration fails',
    () => fitFactorAnalysis({ factors: 1, noise: 'diagonal' }, rows, { onIteration: reject })(),
    { _tag: 'CallbackFailed', callback: 'onIteration' },
  ],
  [
    'a fit to a stream of which onBatch fails',
    where => onlineFit(model, [rows, rows], { onBatch: fail, ...where })(),
    { _tag: 'CallbackFailed', callback: 'onBatch', reason: 'out of paper' },
  ],
  [
    'a fit to a stream that fails',
    where => onlineFit(model, stream(), where)(),
    { _tag: 'CallbackFailed', callback: 'batches', reason: 'out of paper' },
  ],
]

/** Threads and rows that have been begun and are not over. */
const live = { workers: 0, rows: 0 }
const begun = { workers: 0, rows: 0 }
const original = { Worker: workerThreads.Worker, load: javascript.load }

describe('work that ends otherwise than by a result is an error, and leaves no rows and no threads behind', () => {
  beforeAll(() => {
    workerThreads.Worker = class extends original.Worker {
      constructor(...args: ConstructorParameters<typeof Worker>) {
        super(...args)
        live.workers++
        begun.workers++
        this.once('exit', () => live.workers--)
      }
    }
    const counted = (loaded: LoadedRows): LoadedRows => {
      live.rows++
      begun.rows++
      return {
        ...loaded,
        dispose: () => {
          live.rows--
          loaded.dispose()
        },
      }
    }
    Object.assign(javascript, {
      load:
        (...args: Parameters<typeof javascript.load>) =>
        async () =>
          E.map(counted)(await original.load(...args)()),
    })
  })
  afterAll(() => {
    workerThreads.Worker = original.Worker
    Object.assign(javascript, { load: original.load })
  })

  test.each(endings)('%s', async (_, work, error) => {
    for (const backend of ['wasm', 'javascript'] as const)
      for (let i = 0; i < 3; i++) expect(await work({ backend, threads: 2 })).toMatchObject({ left: error })
    expect(live.rows).toBe(0)
    await expect.poll(() => live.workers, { timeout: 30_000 }).toBe(0)
  })

  test('draws, however a program ends with them', async () => {
    for (const backend of ['wasm', 'javascript'] as const) {
      for await (const draw of gibbs(model, rows, { backend })) if (E.isRight(draw)) break
      const throws = async () => {
        for await (const draw of gibbs(model, rows, { backend })) if (E.isRight(draw)) fail()
      }
      await expect(throws()).rejects.toThrow('out of paper')
    }
    expect(live.rows).toBe(0)
    await expect.poll(() => live.workers, { timeout: 30_000 }).toBe(0)
  })

  test('twenty fits to their end', async () => {
    for (let i = 0; i < 20; i++)
      for (const backend of ['wasm', 'javascript'] as const)
        await rightOf(fit(model, rows, { iterations: 1, threads: 2, backend }))
    expect(Math.min(begun.workers, begun.rows)).toBeGreaterThan(20)
    await expect.poll(() => live.workers, { timeout: 30_000 }).toBe(0)
  })
})
