import { describeFitError, fit, hiddenMarkovModelOf, predict } from '@conjugate/models'
import { right, rightOf } from '@conjugate/testing'
import * as E from 'fp-ts/lib/Either.js'
import * as O from 'fp-ts/lib/Option.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { describe, expect, test } from 'vitest'
import { mixtures } from '../mixture/mixtures.js'

type Emissions = Parameters<typeof hiddenMarkovModelOf>[0]

const withPairs = mixtures.filter(({ mixture }) => 'pair' in mixture.components)

test('most ready-made mixtures have emissions to give', () => expect(withPairs.length).toBeGreaterThanOrEqual(9))

/** The storage of a checkpoint in memory, which can be told to stop taking any. */
const memory = () => {
  let text: string | undefined
  return {
    name: 'memory',
    read: TE.fromIO(() => O.fromNullable(text)),
    write: (written: string) =>
      TE.fromIO(() => {
        text = written
      }),
  }
}

describe.each(withPairs)('a hidden Markov model of $name', ({ mixture, observations }) => {
  const model = right(
    hiddenMarkovModelOf(mixture as unknown as Emissions, { initialConcentration: 2, transitionConcentration: 1.5 }),
  )
  const readings: ReadonlyArray<unknown> = observations
  const half = Math.floor(readings.length / 2)
  const sequences = [readings.slice(0, half).map((x, n) => (n % 9 === 4 ? null : x)), readings.slice(half)] as never
  const options = { iterations: 15, tolerance: 1e-12 }

  test.each(['none', 'squarem'] as const)('with gaps, acceleration %s: never falls', async acceleration => {
    const fitted = await rightOf(fit(model, sequences, { ...options, acceleration }))
    const { objectives, paths, transitions, logLikelihoods, logLikelihood } = fitted
    for (const [i, v] of objectives.slice(1).entries())
      expect(v).toBeGreaterThanOrEqual(objectives[i]! - 1e-9 * Math.abs(v))
    expect(paths.map(p => p.length)).toEqual([half, readings.length - half])
    expect(logLikelihoods.reduce((a, b) => a + b, 0)).toBeCloseTo(logLikelihood, 9)
    for (const j of [0, 1]) expect(transitions.data[2 * j]! + transitions.data[2 * j + 1]!).toBeCloseTo(1, 12)
    expect(fitted.emissions).toHaveLength(2)
  })

  test('predictions say the same of the sequences it was fitted to, and of one by itself', async () => {
    const fitted = await rightOf(fit(model, sequences, options))
    const all = await rightOf(predict(model, fitted, sequences))
    expect(all.paths).toEqual(fitted.paths)
    for (const [i, v] of all.logProb.entries()) expect(v).toBeCloseTo(fitted.logLikelihoods[i]!, 8)
    const one = await rightOf(predict(model, fitted, [sequences[1]]))
    expect(one.paths[0]).toEqual(all.paths[1])
    expect(one.logProb[0]).toBe(all.logProb[1]!)
    const { data, columns } = all.states[0]!
    for (let n = 0; n < half; n++) expect(data[columns * n]! + data[columns * n + 1]!).toBeCloseTo(1, 12)
  })

  test('a fit that goes on from a checkpoint has the same bits, and restarts keep the best', async () => {
    const whole = await rightOf(fit(model, sequences, { iterations: 8, restarts: 2 }))
    const storage = memory()
    const begun = { restarts: 2, checkpoint: { storage, everyIterations: 1 } }
    await rightOf(fit(model, sequences, { ...begun, iterations: 3 }))
    const resumed = await rightOf(fit(model, sequences, { ...begun, iterations: 8 }))
    expect(resumed.objectives).toEqual(whole.objectives)
    expect(whole.restarts).toHaveLength(2)
    expect(resumed.restarts).toEqual(whole.restarts)
    expect(whole.objectives.at(-1)).toBe(Math.max(...whole.restarts.map(end => right(end).objective)))
  })

  test('states come in an order that is asked for, and nothing else changes', async () => {
    const plain = await rightOf(fit(model, sequences, options))
    const ordered = await rightOf(fit(model, sequences, { ...options, order: 'expected-count' }))
    expect(ordered.expectedCounts[0]).toBeGreaterThanOrEqual(ordered.expectedCounts[1]!)
    const swapped = plain.expectedCounts[0]! < plain.expectedCounts[1]!
    expect(Array.from(ordered.paths[0]!)).toEqual(Array.from(plain.paths[0]!, k => (swapped ? 1 - k : k)))
    expect(ordered.initial[0]).toBe(plain.initial[swapped ? 1 : 0])
    expect(ordered.transitions.data[1]).toBe(plain.transitions.data[swapped ? 2 : 1])
  })
})

test('an order is refused where the priors tell the states apart', async () => {
  const counts = withPairs.find(({ name }) => name === 'Poissons')!
  const model = right(
    hiddenMarkovModelOf(counts.mixture as unknown as Emissions, { transitionConcentration: [2, 1, 1, 40] }),
  )
  const sequences = [counts.observations] as never
  const byRate = [1, -1].map(sign => (a: unknown, b: unknown) => {
    const rate = (c: unknown): number => (c as { readonly rate: number }).rate
    return sign * (rate(a) - rate(b))
  })
  const results = await Promise.all(byRate.map(order => fit(model, sequences, { iterations: 3, order })()))
  // Even the one that they have: it is told before they are fitted.
  const refused = results.filter(E.isLeft)
  expect(refused).toHaveLength(2)
  expect(describeFitError(refused[0]!.left)).toMatch(/order.*priors that are alike/)
})
