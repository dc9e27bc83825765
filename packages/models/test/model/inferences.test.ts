import { random } from '@conjugate/distributions'
import type { ComponentTypes, ConjugateMixture } from '@conjugate/models'
import {
  type ComponentModel,
  componentsOf,
  describeFitError,
  fit,
  fitFromText,
  fitToText,
  gaussianMixture,
  gibbs,
  groupedLabels,
  hiddenMarkovModel,
  hiddenMarkovModelOf,
  independentLabels,
  markovChain,
  modelOf,
  onlineFit,
  poissonMixture,
  predict,
  variational,
} from '@conjugate/models'
import { right, rightOf } from '@conjugate/testing'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { describe, expect, test } from 'vitest'
import { clouds, counts, gaussians, poissons, table, tables } from '../mixture/support.js'
import { weightsPriorOf } from '../support/weights.js'
import { models } from './models.js'

const near = (a: ArrayLike<number>, b: ArrayLike<number>, within: number): void => {
  expect(a.length).toBe(b.length)
  for (let i = 0; i < a.length; i++) expect(Math.abs(a[i]! - b[i]!)).toBeLessThan(within * (1 + Math.abs(b[i]!)))
}

/** Every number in parameters, in an order that does not depend on where they come from. */
const numbersOf = (value: unknown): number[] => {
  if (typeof value === 'number') return [value]
  if (ArrayBuffer.isView(value)) return Array.from(value as Float64Array)
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([, part]) => numbersOf(part))
}

describe('a mixture is its components and labels that are independent', () => {
  const options = { iterations: 12 }
  const rows: ReadonlyArray<readonly [string, ConjugateMixture<ComponentTypes>, unknown]> = [
    ['Gaussians', gaussians(2), clouds(80)],
    ['counts', poissons(2), counts(80)],
    ['tables', tables(2), table(80)],
  ] as never
  test.each(rows)('%s', async (_, mixture, data) => {
    const labels = right(independentLabels(weightsPriorOf(mixture).concentration))
    const model = right(modelOf(componentsOf(mixture), labels))
    const [one, other] = [
      await rightOf(fit(mixture, data as never, options)),
      await rightOf(fit(model, data as never, options)),
    ]
    near(other.objectives, one.objectives, 1e-13)
    near(numbersOf(other.components), numbersOf(one.components), 1e-11)
    near(other.weights, one.weights, 1e-12)
    expect(other.assignments).toEqual(one.assignments)
    const prediction = await rightOf(predict(mixture, one, data as never))
    near((await rightOf(predict(model, other, data as never))).logProb, prediction.logProb, 1e-10)
  })

  test.each([
    ['counts', poissons(2), counts(60)],
    ['counts and noise', poissons(2, { noise: -5 }), counts(60)],
    ['tables', tables(2), table(60)],
  ] as never as typeof rows)('what is known of labels is the same to both: %s', async (_, mixture, data) => {
    const { concentration } = weightsPriorOf(mixture)
    const model = right(modelOf(componentsOf(mixture), right(independentLabels(concentration))))
    const k = concentration.length
    const known = {
      labels: Array.from({ length: 60 }, (_x, n) => (n % 4 === 0 ? n % 2 : -1)),
      rowLogPriors: { rows: 60, columns: k, data: Float64Array.from({ length: 60 * k }, (_x, i) => Math.sin(i)) },
      rowWeights: Array.from({ length: 60 }, (_x, n) => n % 3),
    }
    const one = await rightOf(fit(mixture, data as never, { ...options, ...known }))
    const other = await rightOf(fit(model, data as never, { ...options, ...known }))
    near(other.objectives, one.objectives, 1e-13)
    near(numbersOf(other.components), numbersOf(one.components), 1e-10)
    expect(other.assignments).toEqual(one.assignments)
    for (const [n, label] of known.labels.entries()) if (label >= 0) expect(one.assignments[n]).toBe(label)
  })
})

describe('rows that count for more', () => {
  const xs = counts(40)
  const rowWeights = xs.map((_, n) => [1, 2, 0][n % 3]!)
  const repeated = xs.flatMap((x, n) => new Array<number>(rowWeights[n]!).fill(x))
  const groups = xs.map((_, n) => n % 2)
  const start = {
    components: [{ rate: 3 }, { rate: 30 }],
    weights: Float64Array.of(0.5, 0.5, 0.5, 0.5),
  }

  test('are rows more than once, under labels of groups', async () => {
    const model = right(modelOf(componentsOf(poissons(2)), right(groupedLabels(2, [2, 2]))))
    const often = xs.flatMap((_, n) => new Array<number>(rowWeights[n]!).fill(groups[n]!))
    const options = { iterations: 8, start }
    const weighted = await rightOf(fit(model, xs, { ...options, groups, rowWeights }))
    const all = await rightOf(fit(model, repeated, { ...options, groups: often }))
    near(weighted.objectives, all.objectives, 1e-13)
    near(weighted.weights, all.weights, 1e-12)
    near(weighted.expectedCounts, all.expectedCounts, 1e-12)
  })

  test('are refused where rows are not independent', async () => {
    const chain = right(modelOf(componentsOf(poissons(2)), right(markovChain({ states: 2 }))))
    const result = await fit(chain, xs, { rowWeights } as never)()
    expect(result).toMatchObject(E.left({ _tag: 'InvalidOption', option: 'rowWeights' }))
  })
})

describe('one pass over the rows', () => {
  const groups = Array.from({ length: 60 }, (_, n) => n % 3)
  const known = {
    labels: Array.from({ length: 60 }, (_x, n) => (n % 4 === 0 ? n % 2 : -1)),
    rowLogPriors: { rows: 60, columns: 2, data: Float64Array.from({ length: 120 }, (_x, i) => Math.sin(i)) },
  }
  const components: ReadonlyArray<readonly [string, ComponentModel<ComponentTypes>, unknown]> = [
    ['counts', componentsOf(poissons(2)), counts(60)],
    ['Gaussians', componentsOf(gaussians(2)), clouds(60)],
    ['tables', componentsOf(tables(2)), table(60)],
  ] as never
  test.each(components)(
    'says of groups, and of what is known of rows, what three parts say: %s',
    async (_, half, data) => {
      const labels = right(groupedLabels(3, [2, 1.5]))
      let passes = 0
      const watched = (isOne: boolean): ComponentModel<ComponentTypes> => ({
        ...half,
        load: (executor, rows, loading) =>
          pipe(
            half.load(executor, rows, isOne ? loading : undefined),
            TE.map(({ onePass, ...loaded }) => {
              const expectation: NonNullable<typeof onePass>['expectation'] = (...asked) => {
                passes++
                return onePass!.expectation(...asked)
              }
              return isOne ? { ...loaded, onePass: { ...onePass!, expectation } } : loaded
            }),
          ),
      })
      for (const more of [{}, known]) {
        const options = { iterations: 12, groups, ...more }
        passes = 0
        const one = await rightOf(fit(right(modelOf(watched(true), labels)), data, options))
        expect(passes).toBe(13)
        const three = await rightOf(fit(right(modelOf(watched(false), labels)), data, options))
        expect(passes).toBe(13)
        near(one.objectives, three.objectives, 1e-12)
        near(one.weights, three.weights, 1e-11)
        near(one.counts.weights, three.counts.weights, 1e-11)
        expect(one.assignments).toEqual(three.assignments)
      }
    },
  )
})

describe('what is fixed stays as it starts', () => {
  const labels = right(markovChain({ states: 2, transitionConcentration: 2 }))
  const chain = right(modelOf(componentsOf(poissons(2)), labels))
  const start = {
    initial: Float64Array.of(0.5, 0.5),
    transitions: Float64Array.of(0.8, 0.2, 0.3, 0.7),
    components: [{ rate: 2 }, { rate: 25 }],
  }
  test.each(['none', 'squarem'] as const)('%s', async acceleration => {
    const options = { iterations: 6, start, acceleration }
    const found = await rightOf(fit(chain, counts(50), { ...options, fixed: { transitions: true, components: [1] } }))
    expect(found.transitions).toEqual(start.transitions)
    expect(found.components[1]).toEqual(start.components[1])
    expect(found.components[0]).not.toEqual(start.components[0])
    expect(found.initial).not.toEqual(start.initial)
  })
  test('parameters of a prediction are told as such', async () => {
    const wrong = { ...start, transitions: Float64Array.of(1, 1, 1, 1) }
    expect(await predict(chain, wrong, counts(9))()).toMatchObject(E.left({ option: 'parameters.transitions' }))
    const none = { ...start, components: [] }
    expect(await predict(chain, none, counts(9))()).toMatchObject(E.left({ option: 'parameters.components' }))
  })
  test('what is not learnt cannot be fixed', async () => {
    for (const [fixed, option] of [
      [{ transitons: true }, 'fixed.transitons'],
      [{ components: [2] }, 'fixed.components[0]'],
      [{ transitions: 1 }, 'fixed.transitions'],
    ] as const)
      expect(await fit(chain, counts(50), { fixed } as never)()).toMatchObject(
        E.left({ _tag: 'InvalidOption', option }),
      )
  })
  test('parameters are a start, with or without a tag', async () => {
    const one = await rightOf(fit(chain, counts(50), { iterations: 2, start }))
    const other = await rightOf(
      fit(chain, counts(50), { iterations: 2, start: { _tag: 'parameters', parameters: start } }),
    )
    expect(other).toStrictEqual(one)
    const mixture = poissons(2)
    const fitted = await rightOf(fit(mixture, counts(50), { iterations: 2 }))
    const on = await rightOf(fit(mixture, counts(50), { iterations: 0, start: fitted }))
    expect(on.objectives[0]).toBe(fitted.objectives.at(-1))
  })
})

describe.each(models)('$name', ({ model, data, options }) => {
  const own = model.labels.estimate === undefined || model.components.statistics === undefined
  test('a fit comes back from its text with every bit, or says why not', async () => {
    const fitted = await rightOf(fit(model, data, { ...options, iterations: 3 }))
    const text = right(fitToText(model, fitted))
    const back = fitFromText(model, text)
    if (own && model.labels.estimate === undefined) {
      expect(E.isLeft(back) && describeFitError(back.left)).toMatch(/^the text is no fit/)
      return
    }
    expect(right(back)).toStrictEqual(fitted)
    for (const part of [
      'components',
      'objectives',
      'statistics',
      'assignments',
      ...Object.keys(model.labels.estimate ? right(model.labels.estimate.check(fitted)) : {}),
    ]) {
      const tampered = JSON.parse(text) as { fit: Record<string, unknown> }
      tampered.fit[part] = null
      expect(fitFromText(model, JSON.stringify(tampered))).toMatchObject(E.left({ _tag: 'UnreadableFit' }))
    }
  })

  if (model.components.algebra)
    test('a stream of one batch is an iteration', async () => {
      const { labels: known, rowLogPriors, ...structure } = options as Record<string, unknown>
      if (known !== undefined || rowLogPriors !== undefined || (model.labels.kind as string) === 'bound') return
      const start = await rightOf(fit(model, data, { ...structure, iterations: 0 } as never))
      const one = await rightOf(fit(model, data, { ...structure, iterations: 1, start } as never))
      const stream = [{ data, ...structure }]
      const streamed = await rightOf(onlineFit(model, stream as never, { start, total: data.length } as never))
      near(numbersOf((streamed as unknown as typeof one).components), numbersOf(one.components), 1e-9)
    })
})

describe('a hidden Markov model', () => {
  const stream = random(5)
  const sequences = [0, 1, 2].map(() => {
    let state = 0
    return Array.from({ length: 60 }, () => {
      if (stream.uniform() < 0.15) state = 1 - state
      return Math.round(Math.max(0, (state === 0 ? 3 : 20) + 2 * stream.normal()))
    })
  })
  const model = right(
    hiddenMarkovModelOf(right(poissonMixture({ components: 2, concentration: 2, prior: { shape: 1.5, rate: 0.1 } })), {
      initialConcentration: 2,
      transitionConcentration: 2,
    }),
  )

  test('is saved and read', async () => {
    const fitted = await rightOf(fit(model, sequences, { iterations: 5 }))
    const text = right(fitToText(model, fitted))
    expect(right(fitFromText(model, text))).toStrictEqual(fitted)
    const other = right(hiddenMarkovModel({ states: 2, prior: { mean: [0], meanPrecision: 1, degreesOfFreedom: 3, scale: [[1]] } })) // biome-ignore format: a line
    expect(fitFromText(other, text)).toMatchObject(E.left({ _tag: 'UnreadableFit' }))
    const tampered = JSON.parse(text) as { fit: { transitions: { data: unknown } } }
    tampered.fit.transitions.data = { $float64: [1, 1, 1, 1] }
    expect(fitFromText(model, JSON.stringify(tampered))).toMatchObject(E.left({ _tag: 'UnreadableFit' }))
  })

  test('is drawn from: the rates of many draws are about those of the fit', async () => {
    const fitted = await rightOf(fit(model, sequences))
    const rates = fitted.emissions.map(e => e.rate).sort((a, b) => a - b)
    const sums = [0, 0]
    for await (const step of gibbs(model, sequences, { samples: 200, burnIn: 20, start: fitted, seed: 2 })) {
      const { emissions, paths, transitions, logJoint } = right(step)
      expect(paths.map(p => p.length)).toEqual([60, 60, 60])
      expect(transitions.rows).toBe(2)
      expect(Number.isFinite(logJoint)).toBe(true)
      for (const [k, e] of [...emissions].sort((a, b) => a.rate - b.rate).entries()) sums[k]! += e.rate / 200
    }
    near(sums, rates, 0.05)
  })

  test('is learnt from a stream of sequences', async () => {
    const batches = Array.from({ length: 10 }, () => sequences)
    const streamed = await rightOf(onlineFit(model, batches))
    const fitted = await rightOf(fit(model, sequences))
    const rates = (found: { readonly emissions: ReadonlyArray<{ readonly rate: number }> }) =>
      found.emissions.map(e => e.rate).sort((a, b) => a - b)
    near(rates(streamed), rates(fitted), 0.03)
    expect(streamed).toMatchObject({ batches: 10, observations: 1800, stoppedBy: 'path ended', converged: false })
  })

  test('is variational', async () => {
    const posterior = right(variational(model))
    const fitted = await rightOf(fit(posterior, sequences))
    for (const [i, v] of fitted.objectives.slice(1).entries())
      expect(v).toBeGreaterThanOrEqual(fitted.objectives[i]! - 1e-9)
    const { states } = await rightOf(predict(posterior, fitted, sequences))
    expect(states.map(s => s.rows)).toEqual([60, 60, 60])
  })

  test('takes a prior from the data', async () => {
    const emissions = right(gaussianMixture({ components: 2 }))
    const free = right(hiddenMarkovModelOf(emissions, { transitionConcentration: 2 }))
    const rows = sequences.map(sequence => sequence.map(x => [x + 0.1 * Math.sin(x), x % 3]))
    const fitted = await rightOf(fit(free, rows))
    expect(fitted.prior).toBeDefined()
    const { paths } = await rightOf(predict(free, fitted, rows))
    expect(paths).toEqual(fitted.paths)
    // What is named by its emissions says the same.
    const gaussian = right(hiddenMarkovModel({ states: 2, transitionConcentration: 2 }))
    expect(await rightOf(fit(gaussian, rows))).toEqual(fitted)
    const gappy = rows.map(sequence => sequence.map((row, n) => (n % 9 === 4 ? null : row)))
    const some = await rightOf(fit(free, gappy))
    expect(some.paths.map(path => path.length)).toEqual([60, 60, 60])
    const wrong = gappy.map((sequence, i) =>
      sequence.map((row, n) => (i === 1 && n === 7 ? [Number.POSITIVE_INFINITY, 1] : row)),
    )
    const refused = await fit(free, wrong)()
    expect(E.isLeft(refused) && describeFitError(refused.left)).toMatch(/row 7 .*sequence 1|sequence 1.*row 7/)
  })
})
