import { absoluteGain, type Ending, type StoppingRule, type Storage } from '@conjugate/em'
import { identity, toRows } from '@conjugate/linalg'
import { type FitError, fit, fitFactorAnalysis, hiddenMarkovModel, variational } from '@conjugate/models'
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

type Fitted = Ending & { readonly logProbs: ReadonlyArray<number> }

const rows = clouds(150, 0.5)
/** One factor does not explain four columns exactly, as it does two, from where it starts. */
const four = toRows(rows).map(([x, y]) => [x!, y!, x! + Math.sin(7 * y!), y! - Math.cos(5 * x!)])
const prior = { mean: [0, 0], meanPrecision: 0.1, degreesOfFreedom: 4, scale: identity(2) }
const chain = right(hiddenMarkovModel({ states: 2, transitionConcentration: 2, prior }))

/** Everything that iterates, and what it says of its end. */
const fits: ReadonlyArray<readonly [string, (options: Options) => TaskEither<FitError, Fitted>]> = [
  ['a Gaussian mixture', options => fit(gaussians(2), rows, options)],
  ['one by SQUAREM', options => fit(gaussians(2), rows, { ...options, acceleration: 'squarem' })],
  ['one of several starts', options => fit(gaussians(2), rows, { ...options, restarts: 3, parallel: 2 })],
  ['one that is variational', options => fit(variational(gaussians(2)), rows, options)],
  ['a mixture of counts', options => fit(poissons(2), counts(90), options)],
  ['a mixture of tables', options => fit(tables(2), table(60), options)],
  ['a hidden Markov model', options => fit(chain, [toRows(rows)], options)],
  ['factor analysis', options => fitFactorAnalysis({ factors: 1, noise: 'diagonal' }, four, options)],
]

describe.each(fits)('%s says how it ended', (_, fitted) => {
  const gainOf = ({ logProbs }: Fitted) => logProbs.at(-1)! - logProbs.at(-2)!

  test('when it has converged', async () => {
    const found = await rightOf(fitted({ iterations: 5000, tolerance: 1e-8 }))
    expect(found).toMatchObject({ stoppedBy: 'tolerance', converged: true, lastGain: gainOf(found) })
    expect(found.lastGain).toBeLessThanOrEqual(1e-8 * Math.abs(found.logProbs.at(-1)!))
    expect(found.logProbs.length).toBeLessThan(5001)
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
    expect(await ended(options)).toMatchObject({ stoppedBy, converged, lastGain, logProbs: first.logProbs })
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
