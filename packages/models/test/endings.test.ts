import { poisson } from '@conjugate/distributions'
import { absoluteGain, type Ending, type StoppingRule, type Storage } from '@conjugate/em'
import { identity, toRows } from '@conjugate/linalg'
import {
  componentsOf,
  type FitError,
  fit,
  fitFactorAnalysis,
  gaussianMixture,
  groupedLabels,
  hiddenMarkovModel,
  maximumLikelihoodMixture,
  modelOf,
  onlineFit,
  type RestartEnd,
  tiedGaussianMixture,
  variational,
} from '@conjugate/models'
import { right, rightOf } from '@conjugate/testing'
import * as E from 'fp-ts/lib/Either.js'
import * as O from 'fp-ts/lib/Option.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import { describe, expect, test } from 'vitest'
import { clouds, counts, gaussians, poissons, table, tables } from './mixture/support.js'

interface Options {
  readonly iterations?: number
  readonly tolerance?: number
  readonly signal?: AbortSignal
  readonly onIteration?: () => unknown
}

type Fitted = Ending & {
  readonly objectives: ReadonlyArray<number>
  readonly restarts?: ReadonlyArray<E.Either<FitError, RestartEnd>>
}

const rows = clouds(150, 0.5)
/** One factor does not explain four columns exactly, as it does two, from where it starts. */
const four = toRows(rows).map(([x, y]) => [x!, y!, x! + Math.sin(7 * y!), y! - Math.cos(5 * x!)])
const prior = { mean: [0, 0], meanPrecision: 0.1, degreesOfFreedom: 4, scale: identity(2) }
const chain = right(hiddenMarkovModel({ states: 2, transitionConcentration: 2, prior }))
const grouped = right(modelOf(componentsOf(poissons(2)), right(groupedLabels(3, [2, 2]))))
const groups = counts(90).map((_, n) => n % 3)

/** Everything that iterates, and what it says of its end. */
const fits: ReadonlyArray<readonly [string, (options: Options) => TaskEither<FitError, Fitted>]> = [
  ['a Gaussian mixture', options => fit(gaussians(2), rows, options)],
  ['one by SQUAREM', options => fit(gaussians(2), rows, { ...options, acceleration: 'squarem' })],
  ['one of several starts', options => fit(gaussians(2), rows, { ...options, restarts: 3, parallel: 2 })],
  ['one whose prior follows from the data', options => fit(gaussianMixture({ components: 2 }), rows, options)],
  [
    'one of a shared covariance',
    options => fit(tiedGaussianMixture({ components: 2, concentration: 2, prior }), rows, options),
  ],
  [
    'one without a prior',
    options => fit(maximumLikelihoodMixture(poisson)({ components: 2, freeParameters: 1 }), counts(90), options),
  ],
  ['one that is variational', options => fit(variational(gaussians(2)), rows, options)],
  ['a mixture of counts', options => fit(poissons(2), counts(90), options)],
  ['a mixture of tables', options => fit(tables(2), table(60), options)],
  ['groups of rows', options => fit(grouped, counts(90), { ...options, groups, restarts: 2 })],
  [
    'groups of rows, which is variational',
    options => fit(right(variational(grouped)), counts(90), { ...options, groups }),
  ],
  ['a hidden Markov model', options => fit(chain, [toRows(rows)], options)],
  ['factor analysis', options => fitFactorAnalysis({ factors: 1, noise: 'diagonal' }, four, options)],
]

describe.each(fits)('%s says how it ended', (_, fitted) => {
  const gainOf = ({ objectives }: Fitted) => objectives.at(-1)! - objectives.at(-2)!

  test('when it has converged', async () => {
    const found = await rightOf(fitted({ iterations: 5000, tolerance: 1e-8 }))
    expect(found).toMatchObject({ stoppedBy: 'tolerance', converged: true, lastGain: gainOf(found) })
    expect(found.lastGain).toBeLessThanOrEqual(1e-8 * Math.abs(found.objectives.at(-1)!))
    expect(found.objectives.length).toBeLessThan(5001)
    for (const end of (found.restarts ?? []).map(right)) expect(end).toMatchObject({ stoppedBy: 'tolerance' })
  })

  test('when its iterations are used up', async () => {
    const found = await rightOf(fitted({ iterations: 1, tolerance: 1e-12 }))
    expect(found).toMatchObject({ stoppedBy: 'iterations', converged: false, lastGain: gainOf(found) })
    expect(await rightOf(fitted({ iterations: 0 }))).toMatchObject({
      stoppedBy: 'iterations',
      converged: false,
      lastGain: Number.POSITIVE_INFINITY,
    })
  })

  test('when it is cancelled, which gives no result', async () => {
    const controller = new AbortController()
    const onIteration = () => controller.abort()
    expect(await fitted({ signal: controller.signal, onIteration })()).toEqual(
      E.left({ _tag: 'Cancelled', iteration: 0 }),
    )
  })
})

/** How each of several restarts ends, whatever kind of model it is of. */
describe('restarts say how each of them ended', () => {
  const ended = (options: object) => rightOf(fit(gaussians(3), rows, { restarts: 4, seed: 2, ...options }))
  const last = ({ restarts }: { readonly restarts: ReadonlyArray<E.Either<FitError, RestartEnd>> }) =>
    restarts.map(right)

  test('as fits of their own would, and the best one as the fit', async () => {
    const fitted = await ended({ tolerance: 1e-6, start: { _tag: 'random-rows' } })
    const ends = last(fitted)
    expect(new Set(ends.map(end => end.iterations)).size).toBeGreaterThan(1)
    for (const end of ends) {
      expect(end).toMatchObject({ stoppedBy: 'tolerance', converged: true })
      expect(end.lastGain).toBeLessThanOrEqual(1e-6 * Math.abs(end.objective))
      expect(end.rounding).toBeGreaterThan(0)
    }
    const { stoppedBy, converged, rounding, lastGain, objectives } = fitted
    const [objective, iterations] = [objectives.at(-1)!, objectives.length - 1]
    expect(ends).toContainEqual({ objective, iterations, stoppedBy, converged, rounding, lastGain })
  })

  test('each by what ended it', async () => {
    const some = last(await ended({ tolerance: 1e-3, iterations: 4, start: { _tag: 'random-rows' } }))
    expect(new Set(some.map(end => end.stoppedBy))).toEqual(new Set(['tolerance', 'iterations']))
    for (const end of some) expect(end.converged).toBe(end.stoppedBy === 'tolerance')
    const late = await ended({ timeLimit: 0 })
    expect(late.restarts.map(E.map(end => end.stoppedBy))).toEqual([E.right('time limit')])
  })

  test('in several goes, with a checkpoint, as in one', async () => {
    let kept = O.none as O.Option<string>
    const storage: Storage = {
      name: 'memory',
      read: async () => E.right(kept),
      write: text => async () => {
        kept = O.some(text)
        return E.right(undefined)
      },
    }
    const options = { iterations: 30, tolerance: 1e-6 }
    const whole = await ended(options)
    const checkpoint = { storage }
    await ended({ ...options, restarts: 2, checkpoint })
    const late = await ended({ ...options, checkpoint, timeLimit: 0 })
    expect(late.restarts.slice(0, 2)).toEqual(whole.restarts.slice(0, 2))
    expect((await ended({ ...options, checkpoint })).restarts).toEqual(whole.restarts)
    expect((await ended({ ...options, checkpoint })).restarts).toEqual(whole.restarts)
  })
})

test('a restart that fails ends those beside it', async () => {
  const seen: number[] = []
  const onIteration = ({ restart }: { readonly restart: number }) => {
    seen.push(restart)
    if (seen.length === 6) throw new Error('enough')
  }
  const options = { restarts: 8, parallel: 4, iterations: 1e6, tolerance: 0, onIteration }
  expect(await fit(gaussians(2), rows, options)()).toMatchObject({ left: { _tag: 'CallbackFailed', reason: 'enough' } })
  // What was under way when it failed may still come to a next point.
  expect(seen.length).toBeLessThan(50)
})

describe('a fit to a stream says how it ended, and never that it has converged', () => {
  const batches = Array.from({ length: 6 }, (_, b) => counts(40, b))
  function* endless() {
    for (let b = 0; ; b++) yield counts(40, b)
  }
  const gainOf = (means: ReadonlyArray<number>) => means.at(-1)! - means.at(-2)!

  test('with the stream', async () => {
    const found = await rightOf(onlineFit(poissons(2), batches))
    expect(found).toMatchObject({ batches: 6, stoppedBy: 'path ended', converged: false })
    expect(found.lastGain).toBe(gainOf(found.meanLogLikelihoods))
    expect(found.rounding).toBeGreaterThan(0)
    expect(found.rounding).toBeLessThan(1e-10)
    expect((await rightOf(onlineFit(poissons(2), batches.slice(0, 1)))).lastGain).toBe(Number.POSITIVE_INFINITY)
  })

  test.each<[string, number, object]>([
    ['rule', 4, { stop: (means: ReadonlyArray<number>) => means.length === 4 }],
    ['rule', 1, { stop: () => true }],
    ['time limit', 1, { timeLimit: 0 }],
  ])('by a %s, after %d batches of a stream without an end', async (stoppedBy, count, ends) => {
    const found = await rightOf(onlineFit(poissons(2), endless(), ends))
    expect(found).toMatchObject({ batches: count, observations: 40 * count, stoppedBy, converged: false })
  })

  test('where its rule fails, by an error', async () => {
    const stop = () => {
      throw new Error('out of paper')
    }
    expect(await onlineFit(poissons(2), endless(), { stop })()).toMatchObject({
      left: { _tag: 'CallbackFailed', callback: 'stop', reason: 'out of paper' },
    })
  })
})

describe('a mixture says how it ended', () => {
  const ended = (options: object) => rightOf(fit(gaussians(2), rows, { iterations: 500, ...options }))

  test('by time or by a rule, which may be that a person wants what there is', async () => {
    expect(await ended({ timeLimit: 0 })).toMatchObject({ stoppedBy: 'time limit', converged: false })
    expect(await ended({ stop: absoluteGain(1e-6) })).toMatchObject({ stoppedBy: 'rule', converged: true })
    let isEnough = false
    const onIteration = () => {
      isEnough = true
    }
    const stop: StoppingRule = () => isEnough
    expect(await ended({ stop, onIteration })).toMatchObject({ stoppedBy: 'rule', converged: false })
  })

  test.each<[string, object]>([
    ['tolerance', { tolerance: 1e-8 }],
    ['rule', { stop: absoluteGain(1e-6) }],
    ['iterations', { iterations: 7 }],
    ['time limit', { timeLimit: 0 }],
  ])('in a checkpoint, from which nothing is left to do: %s', async (stoppedBy, ends) => {
    let kept = O.none as O.Option<string>
    const storage: Storage = {
      name: 'memory',
      read: async () => E.right(kept),
      write: text => async () => {
        kept = O.some(text)
        return E.right(undefined)
      },
    }
    const options = { ...ends, restarts: 2, checkpoint: { storage } }
    const first = await ended(options)
    expect(first.stoppedBy).toBe(stoppedBy)
    const { converged, lastGain } = first
    expect(await ended(options)).toMatchObject({ stoppedBy, converged, lastGain, objectives: first.objectives })
  })
})

describe('a fit says what it really ran on', () => {
  const six = { rows: 6, columns: 2, data: Float64Array.from(rows.data).slice(0, 12) }
  const within = {
    _tag: 'responsibilities',
    responsibilities: { rows: 6, columns: 2, data: new Float64Array(12).fill(0.5) },
  }
  const ended = (data: typeof six, options: object) =>
    rightOf(fit(gaussians(2), data, { backend: 'wasm', iterations: 2, ...options }))
  const labels = [0, 1, -1, -1, -1, -1]
  const sequences = { backend: 'wasm', threads: 2, iterations: 1 } as const

  test.each<[string, RegExp, () => Promise<{ readonly backend: string }>]>([
    ['six rows, for which two threads were asked', /, 1 thread\)$/, () => ended(six, { threads: 2 })],
    ['six rows', /, 1 thread\)$/, () => ended(six, {})],
    ['equal rows', /, 1 thread\)$/, () => ended({ ...six, data: new Float64Array(12).fill(1) }, { start: within })],
    ['rows with labels', /, 1 thread\)$/, () => ended(six, { labels, threads: 2 })],
    ['plain JavaScript', /^plain JavaScript \(float64\)$/, () => ended(six, { backend: 'javascript', threads: 2 })],
    ['sequences', /, 1 thread\)$/, () => rightOf(fit(chain, [toRows(six)], sequences))],
  ])('%s', async (_, words, fitted) => expect((await fitted()).backend).toMatch(words))
})
