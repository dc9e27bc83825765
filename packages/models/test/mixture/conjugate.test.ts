import { gammaPoissonPrior, logMarginalLikelihood, random } from '@conjugate/distributions'
import { backendNames, type Executor, javascript, selectExecutor } from '@conjugate/executors'
import { conjugateMixture, describeFitError, fit, initialParameters, logPrior, onRows } from '@conjugate/models'
import { right, rightOf } from '@conjugate/testing'
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, test } from 'vitest'
import { counts, gaussians, poissons, table, tables } from './support.js'

const logSumExp = (v: ReadonlyArray<number>): number => {
  const highest = Math.max(...v)
  return highest + Math.log(v.reduce((sum, x) => sum + Math.exp(x - highest), 0))
}

/** Those that sum in float64 and are there. */
const executors = async (): Promise<ReadonlyArray<Executor>> => {
  const found = await Promise.all(
    backendNames.filter(name => !name.startsWith('webg')).map(name => selectExecutor(name)()),
  )
  return found.flatMap(e => (E.isRight(e) ? [e.right] : []))
}

describe('a mixture of Poissons', () => {
  const xs = counts(600)
  const mixture = poissons(2)

  test('finds the rates', async () => {
    const { components, weights } = await rightOf(fit(mixture, xs, { order: 'expected-count' }))
    expect(components[0]!.rate).toBeCloseTo(15, 0)
    expect(components[1]!.rate).toBeCloseTo(2, 0)
    expect(weights[0]).toBeCloseTo(2 / 3, 1)
  })

  test('has the log joint of its definition on every executor', async () => {
    const parameters = { weights: [0.3, 0.7], components: [{ rate: 3 }, { rate: 11 }] }
    const logs = xs.map(x =>
      logSumExp(
        parameters.components.map(
          (c, k) => Math.log(parameters.weights[k]!) + mixture.components.pair.likelihood.logProb(c)(x),
        ),
      ),
    )
    const expected = logs.reduce((a, b) => a + b, right(logPrior(mixture, parameters)))
    for (const executor of await executors()) {
      const bound = await rightOf(onRows(mixture, xs, executor))
      expect(Math.abs((await rightOf(bound.logJoint(parameters))) / expected - 1)).toBeLessThan(1e-13)
      for (const [n, v] of (await rightOf(bound.logProb(parameters))).entries()) expect(v).toBeCloseTo(logs[n]!, 11)
      bound.dispose()
    }
  })

  test('of one component ends at the posterior mode', async () => {
    const { components } = await rightOf(fit(poissons(1), xs, { iterations: 2 }))
    const sum = xs.reduce((a, b) => a + b, 0)
    expect(components[0]!.rate).toBeCloseTo((sum + 2 - 1) / (xs.length + 0.2), 10)
  })

  test.each([-1, 0.5, Number.NaN])('refuses %d, which no Poisson gives, with its row', async x => {
    const result = await fit(mixture, [1, 2, x, 3])()
    expect(result).toMatchObject(E.left({ _tag: Number.isNaN(x) ? 'UnreadableData' : 'ImpossibleObservation', row: 2 }))
    expect(E.isLeft(result) && describeFitError(result.left)).toBe(`row 2: ${x}, expected a whole number of at least 0`)
  })

  test('may have a prior for each component', async () => {
    const prior = [
      { shape: 200, rate: 100 },
      { shape: 1500, rate: 100 },
    ]
    const informed = right(conjugateMixture(gammaPoissonPrior)({ components: 2, concentration: 2, prior }))
    const { components } = await rightOf(fit(informed, [2, 15]))
    expect(components.map(c => Math.round(c.rate))).toEqual([2, 15])
  })

  test.each([
    [{ components: 0, concentration: 1, prior: { shape: 1, rate: 1 } }, 'components'],
    [{ components: 2, concentration: [1, 2, 3], prior: { shape: 1, rate: 1 } }, 'concentration'],
    [{ components: 2, concentration: 1, prior: [{ shape: 1, rate: 1 }] }, 'prior'],
    [{ components: 2, concentration: 1, prior: { shape: 1, rate: 1 }, noise: Number.NaN }, 'noise'],
  ])('options that are none: %#', (options, parameter) =>
    expect(conjugateMixture(gammaPoissonPrior)(options)).toMatchObject(E.left({ parameter })),
  )
})

describe('a mixture of a table with missing cells', () => {
  const rows = table(400)

  test('finds the groups, far from zero too, and by SQUAREM', async () => {
    for (const acceleration of ['none', 'squarem'] as const) {
      const { components, assignments } = await rightOf(
        fit(tables(2), rows, {
          start: { _tag: 'k-means' },
          order: (a, b) => a.visits.rate - b.visits.rate,
          acceleration,
        }),
      )
      expect(components[0]!.height.mean).toBeCloseTo(1e4, 0)
      expect(components[1]!.height.mean).toBeCloseTo(1e4 + 10, 0)
      expect(components[1]!.height.variance).toBeCloseTo(1, 0)
      expect(components[0]!.colour.probabilities[0]).toBeGreaterThan(0.7)
      expect(Array.from(assignments).filter((k, n) => k !== n % 2).length).toBeLessThan(8)
    }
  })

  test('a missing cell is integrated out', async () => {
    const parameters = await rightOf(fit(tables(2), rows, { start: { _tag: 'k-means' } }))
    const one = [{ height: null, visits: 4, colour: null }]
    const bound = await rightOf(onRows(tables(2), one, javascript))
    const { visits } = tables(2).components.pair.family.sample(tables(2).components.priors[0]!)(random(0))
    expect(visits.rate).toBeGreaterThan(0)
    const expected = logSumExp(
      parameters.components.map(
        (c, k) => Math.log(parameters.weights[k]!) - c.visits.rate + 4 * Math.log(c.visits.rate) - Math.log(24),
      ),
    )
    expect((await rightOf(bound.logProb(parameters)))[0]).toBeCloseTo(expected, 11)
  })

  test('the marginal likelihood of a table is that of its columns', () => {
    const { pair, priors } = tables(1).components
    const prior = priors[0]!
    const present = <C extends 'height' | 'visits' | 'colour'>(c: C) => rows.flatMap(row => row[c] ?? [])
    const whole = right(logMarginalLikelihood(pair)(prior)(rows))
    const visits = right(logMarginalLikelihood(gammaPoissonPrior)(prior.visits)(present('visits')))
    const without = right(logMarginalLikelihood(pair)(prior)(rows.map(row => ({ ...row, visits: null }))))
    expect(whole).toBeCloseTo(without + visits, 6)
  })
})

test('variational and mode mixtures of the same seed start from the same rows', async () => {
  const start = { _tag: 'distinct-rows' } as const
  const { components } = await rightOf(
    initialParameters(
      gaussians(2),
      [
        [0, 0],
        [1, 1],
      ],
      start,
      random(0),
    ),
  )
  expect(components.map(c => c.mean[0]).sort()).toEqual([0, 1])
})
