import { multivariateNormal, random } from '@conjugate/distributions'
import { identity, toRows } from '@conjugate/linalg'
import {
  fit,
  type GaussianEmissions,
  type HiddenMarkovParameters,
  hiddenMarkovModel,
  predict,
  smooth,
  viterbi,
} from '@conjugate/models'
import { hasPython, python, right, rightOf } from '@conjugate/testing'
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, test } from 'vitest'

const model = (states: number) =>
  right(
    hiddenMarkovModel({
      states,
      transitionConcentration: 1.5,
      prior: { mean: [0, 0], meanPrecision: 0.01, degreesOfFreedom: 4, scale: identity(2) },
    }),
  )

const emission = (mean: number[], covariance: number[][]) => right(multivariateNormal.make({ mean, covariance }))
const truth: HiddenMarkovParameters<GaussianEmissions> = {
  initial: [0.7, 0.3],
  transitions: { rows: 2, columns: 2, data: [0.9, 0.1, 0.2, 0.8] },
  emissions: [
    emission(
      [0, 0],
      [
        [1, 0.3],
        [0.3, 1],
      ],
    ),
    emission(
      [3, 1],
      [
        [0.5, 0],
        [0, 1.5],
      ],
    ),
  ],
}

/** Sequences drawn from the truth, with their states. */
const draw = (lengths: ReadonlyArray<number>, seed: number) => {
  const stream = random(seed)
  return lengths.map(length => {
    const states: number[] = []
    const rows = Array.from({ length }, (_, n) => {
      const p = n === 0 ? truth.initial[0]! : truth.transitions.data[2 * states[n - 1]!]!
      states.push(stream.uniform() < p ? 0 : 1)
      return Array.from(multivariateNormal.sample(truth.emissions[states[n]!]!)(stream))
    })
    return { rows, states }
  })
}

const sequences = draw([200, 1, 57], 3)
const rows = sequences.map(s => s.rows)

/** Sums over every path of the states of a short sequence. */
const enumerate = (x: ReadonlyArray<ReadonlyArray<number>>) => {
  const densities = truth.emissions.map(c => multivariateNormal.logProb(c))
  const paths = Array.from({ length: 2 ** x.length }, (_, code) => x.map((_, n) => (code >> n) & 1)).map(path => ({
    path,
    logProb: path.reduce(
      (sum, k, n) =>
        sum +
        Math.log(n === 0 ? truth.initial[k]! : truth.transitions.data[2 * path[n - 1]! + k]!) +
        densities[k]!(Float64Array.from(x[n]!)),
      0,
    ),
  }))
  const total = paths.reduce((sum, { logProb }) => sum + Math.exp(logProb), 0)
  return { paths, total }
}

test('forward and backward pass agree with the sum over all paths, and Viterbi with the best', async () => {
  for (const { rows: x } of draw([1, 2, 5, 8], 5)) {
    const { paths, total } = enumerate(x)
    const logDensities = Float64Array.from(x.flatMap(v => truth.emissions.map(c => multivariateNormal.logProb(c)(v))))
    const { states, transitions, logLikelihood } = smooth({ ...truth, logDensities })
    expect(logLikelihood).toBeCloseTo(Math.log(total), 11)
    const probability = (holds: (path: ReadonlyArray<number>) => number): number =>
      paths.reduce((sum, { path, logProb }) => sum + (holds(path) * Math.exp(logProb)) / total, 0)
    for (const n of x.keys())
      for (const k of [0, 1])
        expect(states[2 * n + k]).toBeCloseTo(
          probability(path => Number(path[n] === k)),
          11,
        )
    for (const j of [0, 1])
      for (const k of [0, 1])
        expect(transitions[2 * j + k]).toBeCloseTo(
          probability(path => path.filter((s, n) => n > 0 && path[n - 1] === j && s === k).length),
          11,
        )
    const best = paths.reduce((a, b) => (b.logProb > a.logProb ? b : a)).path
    expect(Array.from(viterbi({ ...truth, logDensities }))).toEqual(best)
  }
})

test('a row that only an unreachable state explains underflows nowhere, and an impossible sequence is no NaN', async () => {
  // From left to right: the first state cannot be reached again.
  const leftRight = { initial: [0, 1], transitions: { rows: 2, columns: 2, data: [0.5, 0.5, 0, 1] } }
  const logDensities = Float64Array.of(-1, -2, -1, -2000, -1, -3)
  const found = smooth({ ...leftRight, logDensities })
  expect(found.logLikelihood).toBe(-2005)
  expect(Array.from(found.states)).toEqual([0, 1, 0, 1, 0, 1])
  expect(Array.from(found.transitions)).toEqual([0, 0, 0, 2])
  const impossible = smooth({ ...leftRight, logDensities: Float64Array.of(-1, Number.NEGATIVE_INFINITY, -1, -1) })
  expect(impossible.logLikelihood).toBe(Number.NEGATIVE_INFINITY)
  expect(Array.from(impossible.states)).toEqual([0, 0, 0, 0])
})

test('a fit never falls and finds the states', async () => {
  const { objectives, paths, transitions, emissions } = await rightOf(fit(model(2), rows, { iterations: 60 }))
  for (const [i, v] of objectives.slice(1).entries()) expect(v).toBeGreaterThanOrEqual(objectives[i]! - 1e-9)
  const second = emissions[0]!.mean[0]! > 1.5 ? 0 : 1
  expect(emissions[second]!.mean[0]).toBeCloseTo(3, 0)
  expect(transitions.data[3 * second]).toBeGreaterThan(0.6)
  const wrong = paths.flatMap((path, i) =>
    Array.from(path).filter((k, n) => (k === second ? 1 : 0) !== sequences[i]!.states[n]),
  )
  expect(wrong.length).toBeLessThan(20)
})

test('other numbers for the states change nothing else', async () => {
  const swapped: HiddenMarkovParameters<GaussianEmissions> = {
    initial: [0.3, 0.7],
    transitions: { rows: 2, columns: 2, data: [0.8, 0.2, 0.1, 0.9] },
    emissions: [...truth.emissions].reverse(),
  }
  const [a, b] = await Promise.all(
    [truth, swapped].map(start => rightOf(fit(model(2), rows, { start, iterations: 10 }))),
  )
  for (const [i, v] of a!.objectives.entries()) expect(b!.objectives[i]).toBeCloseTo(v, 8)
})

test('an empty sequence is nothing, and no rows at all are an error', async () => {
  const [with0, without] = await Promise.all(
    [[...rows, []], rows].map(s => rightOf(fit(model(2), s, { start: truth, iterations: 3 }))),
  )
  expect(with0!.objectives).toEqual(without!.objectives)
  expect(with0!.paths[3]).toHaveLength(0)
  expect(await fit(model(2), [[]])()).toMatchObject(E.left({ _tag: 'NoRows' }))
  expect(await fit(model(2), [[[1, 2, 3]]])()).toMatchObject(E.left({ _tag: 'ColumnMismatch' }))
  expect(await fit(model(2), [[[1, 2]]])()).toMatchObject(E.left({ _tag: 'TooFewDistinctRows' }))
  expect(
    hiddenMarkovModel({ states: 0, prior: { mean: [0], meanPrecision: 1, degreesOfFreedom: 2, scale: [[1]] } }),
  ).toMatchObject(E.left({ parameter: 'states' }))
})

describe.skipIf(!hasPython)('hmmlearn', () => {
  test('agrees on what is learnt, with the same priors, after 1, 10 and 30 iterations', async () => {
    const iterations = [1, 10, 30]
    const prior = {
      mean: [1, 0.5],
      meanPrecision: 0.3,
      degreesOfFreedom: 4.5,
      scale: [
        [1, 0.2],
        [0.2, 0.7],
      ],
    }
    const concentration = 1.5
    const reference = python<
      ReadonlyArray<{ initial: number[]; transitions: number[][]; means: number[][]; covariances: number[][][] }>
    >(new URL('hidden_markov_fit.py', import.meta.url), {
      sequences: rows,
      iterations,
      prior,
      concentration,
      initial: truth.initial,
      transitions: toRows(truth.transitions).map(r => Array.from(r)),
      means: truth.emissions.map(c => Array.from(c.mean)),
      covariances: truth.emissions.map(c => toRows(c.covariance).map(r => Array.from(r))),
    })
    const own = right(
      hiddenMarkovModel({
        states: 2,
        initialConcentration: concentration,
        transitionConcentration: concentration,
        prior,
      }),
    )
    for (const [i, n] of iterations.entries()) {
      const found = await rightOf(fit(own, rows, { start: truth, iterations: n }))
      const expected = reference[i]!
      const near = (a: ArrayLike<number>, b: ReadonlyArray<number>): void => {
        for (const [j, v] of b.entries()) expect(Math.abs(a[j]! - v)).toBeLessThan(1e-10)
      }
      near(found.initial, expected.initial)
      near(found.transitions.data, expected.transitions.flat())
      for (const [k, c] of found.emissions.entries()) {
        near(c.mean, expected.means[k]!)
        near(c.covariance.data, expected.covariances[k]!.flat())
      }
    }
  })

  test.each([true, false])('agrees on likelihood, state probabilities and path (scaling: %s)', async scaling => {
    const reference = python<{ logLikelihood: number; states: number[][]; path: number[] }>(
      new URL('hidden_markov.py', import.meta.url),
      {
        sequences: rows,
        scaling,
        initial: truth.initial,
        transitions: [
          [0.9, 0.1],
          [0.2, 0.8],
        ],
        means: truth.emissions.map(c => Array.from(c.mean)),
        covariances: truth.emissions.map(c => toRows(c.covariance).map(r => Array.from(r))),
      },
    )
    const found = await rightOf(predict(model(2), truth, rows, { backend: 'javascript' }))
    const logLikelihood = found.logProb.reduce((a, b) => a + b, 0)
    expect(Math.abs(logLikelihood / reference.logLikelihood - 1)).toBeLessThan(1e-12)
    const states = found.states.flatMap(m => toRows(m).map(r => Array.from(r)))
    for (const [n, row] of reference.states.entries())
      for (const [k, p] of row.entries()) expect(Math.abs(states[n]![k]! - p)).toBeLessThan(1e-8)
    expect(found.paths.flatMap(p => Array.from(p))).toEqual(reference.path)
  })
})
