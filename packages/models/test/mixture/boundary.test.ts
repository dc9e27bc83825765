import {
  bernoulli,
  betaBernoulliPrior,
  binomial,
  categorical,
  dirichletPrior,
  exponential,
  gammaPoissonPrior,
  geometric,
  negativeBinomial,
  normal,
  poisson,
  productPrior,
} from '@conjugate/distributions'
import {
  conjugateMixture,
  describeFitError,
  fit,
  type MaximumLikelihoodMixture,
  maximumLikelihoodMixture,
  type PairTypes,
  poissonMixture,
  predict,
  variational,
} from '@conjugate/models'
import { right, rightOf } from '@conjugate/testing'
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, test } from 'vitest'

/** The first half of the rows is 0, the other not. */
const labels = [0, 0, 0, 1, 1, 1]
const options = { components: 2, freeParameters: 1 }

describe('a component of zeros by maximum likelihood', () => {
  test.each([
    ['Poisson', maximumLikelihoodMixture(poisson)(options)],
    ['geometric', maximumLikelihoodMixture(geometric)(options)],
    ['negative binomial', maximumLikelihoodMixture(negativeBinomial(2))(options)],
    ['categorical', maximumLikelihoodMixture(categorical(6))(options)],
  ])('%s: is a point at 0, and other values are impossible there', async (_, made) => {
    const mixture = right(made as E.Either<never, never>) as MaximumLikelihoodMixture<
      PairTypes<never, unknown, number, unknown>
    >
    const rows = [0, 0, 0, 3, 4, 5]
    const { components, weights, objectives } = await rightOf(
      fit(mixture, rows, { start: { _tag: 'labels', labels }, iterations: 500 }),
    )
    for (const [i, v] of objectives.slice(1).entries()) expect(v).toBeGreaterThanOrEqual(objectives[i]! - 1e-11)
    const { logProb } = await rightOf(predict(mixture, { weights: [1, 0], components }, [0, 3]))
    expect(Array.from(logProb)).toEqual([0, Number.NEGATIVE_INFINITY])
    const both = await rightOf(predict(mixture, { weights, components }, rows))
    expect(Array.from(both.assignments)).toEqual(labels)
  })

  test('zero-inflated counts end at the share and the rate of plain EM', async () => {
    const ones = [3, 4, 5, 2, 6, 4, 3, 5, 1, 7]
    const xs = [...new Array<number>(60).fill(0), ...Array.from({ length: 40 }, (_, i) => ones[i % 10]!)]
    const likely = right(maximumLikelihoodMixture(poisson)(options))
    let [share, rate] = [0.5, 3]
    for (let i = 0; i < 2000; i++) {
      const zeros = (60 * share) / (share + (1 - share) * Math.exp(-rate))
      share = zeros / 100
      rate = xs.reduce((a, b) => a + b) / (100 - zeros)
    }
    const start = { _tag: 'labels', labels: xs.map(x => Number(x > 0)) } as const
    for (const acceleration of ['none', 'squarem'] as const) {
      const options = { start, acceleration, iterations: 3000, tolerance: 1e-15 }
      for (const { weights, components } of [
        await rightOf(fit(likely, xs, options)),
        await rightOf(
          fit(
            right(poissonMixture({ components: 2, concentration: 1, prior: { shape: 1, rate: 1e-12 } })),
            xs,
            options,
          ),
        ),
      ]) {
        expect(weights[0]!).toBeCloseTo(share, 8)
        expect(components[0]!.rate).toBe(0)
        expect(components[1]!.rate).toBeCloseTo(rate, 7)
      }
    }
  })
})

test('a table under flat priors has components of zeros, too', async () => {
  const pair = productPrior({ visits: gammaPoissonPrior, colour: dirichletPrior(2) })
  const prior = { visits: { shape: 1, rate: 0.1 }, colour: { concentration: [1, 1] } }
  const mixture = right(conjugateMixture(pair)({ components: 2, concentration: 1, prior }))
  const rows = [0, 0, 0, 3, 4, 5].map((visits, n) => ({ visits, colour: n < 3 ? 0 : 1 }))
  const { components, assignments, objectives } = await rightOf(
    fit(mixture, rows, { start: { _tag: 'labels', labels } }),
  )
  expect(components[0]!.visits.rate).toBe(0)
  expect(Array.from(components[0]!.colour.probabilities)).toEqual([1, 0])
  expect(Array.from(assignments)).toEqual(labels)
  for (const v of objectives) expect(Number.isFinite(v)).toBe(true)
})

describe('what has no member at the boundary is an error that names the component', () => {
  test.each([
    [
      'a variance of 0',
      maximumLikelihoodMixture(normal)(options),
      [2, 2, 2, 5, 6, 7],
      /components\[0\].*variance is 0/,
    ],
    ['a waiting time of 0', maximumLikelihoodMixture(exponential)(options), [0, 0, 0, 5, 6, 7], /components\[0\]/],
    [
      'certain success',
      maximumLikelihoodMixture(bernoulli)(options),
      [0, 0, 0, 1, 1, 1],
      /components\[1\].*success is certain/,
    ],
    [
      'certain successes',
      maximumLikelihoodMixture(binomial(5))(options),
      [0, 0, 0, 5, 5, 5],
      /components\[1\].*success is certain/,
    ],
    [
      'certain success under a flat prior',
      conjugateMixture(betaBernoulliPrior)({ components: 2, concentration: 1, prior: { a: 1, b: 1 } }),
      [0, 0, 0, 1, 1, 1],
      /components\[1\].*success is certain/,
    ],
  ])('%s', async (_, made, rows, message) => {
    const mixture = right(made as E.Either<never, never>) as Parameters<typeof fit>[0]
    const result = await fit(mixture, rows as never, { start: { _tag: 'labels', labels } } as never)()
    expect(E.isLeft(result) && describeFitError(result.left)).toMatch(message)
  })
})

describe('posteriors without a mode are errors that say the ways out, which lead out', () => {
  const shared = { components: 2, concentration: 2 }
  const exact = { ...shared, prior: { concentration: [0.5, 0.5] } }
  const unlikely = { ...shared, prior: { shape: 0.5, rate: 1 } }
  const rows = [0, 0, 0, 0, 0, 0]
  const start = {
    _tag: 'responsibilities',
    responsibilities: { rows: 6, columns: 2, data: new Array(12).fill(0.5) },
  } as const
  test.each([
    ['categories', conjugateMixture(dirichletPrior(2))(exact)],
    ['successes', conjugateMixture(betaBernoulliPrior)({ ...shared, prior: { a: 0.5, b: 0.5 } })],
    ['counts', conjugateMixture(gammaPoissonPrior)(unlikely)],
  ])('%s', async (_, made) => {
    const mixture = right(made as ReturnType<typeof poissonMixture>)
    const failed = await fit(mixture, rows, { start })()
    expect(E.isLeft(failed) && describeFitError(failed.left)).toMatch(
      / mode.*; give a stronger prior, or fit the variational mixture, which needs no mode$/,
    )
    expect((await rightOf(fit(variational(mixture), rows, { start }))).stoppedBy).toBe('tolerance')
  })
})
