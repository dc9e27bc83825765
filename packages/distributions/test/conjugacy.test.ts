import {
  betaBernoulliPrior,
  betaBinomialPrior,
  dirichlet,
  dirichletMultinomialPrior,
  dirichletPrior,
  gammaExponentialPrior,
  gammaPoissonPrior,
  gammaRatePrior,
  logMarginalLikelihood,
  logPredictive,
  posteriorMode,
  productPrior,
} from '@conjugate/distributions'
import type { Vector } from '@conjugate/linalg'
import { fixtureNames, readFixture, right } from '@conjugate/testing'
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, test } from 'vitest'
import type { Known } from './support/pair.js'
import { pairs } from './support/pairs.js'

interface Reference {
  readonly prior: never
  readonly likelihood: string
  readonly known?: Known
  readonly data: ReadonlyArray<never>
  readonly weights?: ReadonlyArray<number>
  readonly posterior: never
  readonly log_marginal_likelihood?: number
  readonly posterior_predictive?: {
    readonly df: number
    readonly loc: number | number[]
    readonly scale?: number
    readonly scale_matrix?: number[][]
  }
  readonly map_mode?: { readonly mu: number[]; readonly Sigma: number[][] }
}

const expectVector = (actual: Vector, expected: Vector, tolerance = 1e-12) => {
  const scale = Math.max(1, ...Array.from(expected, Math.abs))
  expect(actual.length).toBe(expected.length)
  for (const [i, v] of Array.from(expected).entries())
    expect(Math.abs(actual[i]! - v)).toBeLessThanOrEqual(tolerance * scale)
}

/** Those that have something to compare with besides their laws. */
const compared = pairs.filter(
  p => p.predictive !== undefined || fixtureNames('distributions').includes(p.fixture ?? ''),
)

describe.each(compared.map(p => [p.name, p] as const))('%s', (_, { prior, hyperparameters: q, ...row }) => {
  const { family } = prior

  if (row.predictive !== undefined)
    test('the predictive distribution has the predictive density', () => {
      const { logProb } = row.predictive!(q)
      for (const x of row.observations) expectVector([logProb(x)], [right(logPredictive(prior)(q)(x))])
    })

  const fixtures =
    row.fixture !== undefined && fixtureNames('distributions').includes(row.fixture)
      ? readFixture<{ conjugate: ReadonlyArray<Reference> }>(`distributions/${row.fixture}`).conjugate
      : []
  const cases = fixtures.filter(c => row.likelihood === undefined || c.likelihood === row.likelihood)
  test.each(cases.map((c, i) => [i, c] as const))('reference posterior %i', (_i, c) => {
    const pair = row.priorOf?.(c.known ?? {}, c.prior) ?? prior
    const before = row.fromFixture(c.prior)
    const { concat: join, empty: none } = pair.monoid(before)
    const data = c.data.map(row.observationFromFixture)
    const statistics = data.map((x, n) => pair.observe(before)(x, c.weights?.[n] ?? 1)).reduce(join, none)
    const after = right(pair.update(statistics)(before))
    expectVector(family.natural(after), family.natural(row.fromFixture(c.posterior)))
    if (c.map_mode !== undefined)
      expectVector(row.modeAsNumbers(right(pair.jointMode(after))), [...c.map_mode.mu, ...c.map_mode.Sigma.flat()])
    if (c.posterior_predictive !== undefined) {
      const { df, loc, scale, scale_matrix } = c.posterior_predictive
      expectVector(row.predictive!(after).parameters, [df, ...[loc].flat(), ...[scale ?? scale_matrix ?? []].flat(2)])
    }
    if (c.log_marginal_likelihood !== undefined && c.weights === undefined)
      expectVector([right(logMarginalLikelihood(pair)(before)(data))], [c.log_marginal_likelihood])
  })
})

test('a Dirichlet of another length does not belong to a pair', () => {
  const { prior, concentration } = { prior: dirichletPrior(3), concentration: [1, 2] }
  const updated = prior.update([1, 2, 3])(right(dirichlet.make({ concentration })))
  expect(updated).toMatchObject({ left: { parameter: 'concentration', received: '2 numbers' } })
})

describe('the joint mode of a beta', () => {
  const mode = (a: number, b: number) => betaBernoulliPrior.jointMode({ a, b })

  test('is certain where one count is 1', () => {
    expect(mode(1, 3)).toEqual(E.right({ probability: 0 }))
    expect(mode(2, 1)).toEqual(E.right({ probability: 1 }))
  })
  test('does not exist below 1 or where the density is flat', () => {
    expect(mode(0.9, 3)).toMatchObject({ left: { parameter: 'a' } })
    expect(mode(3, 0.9)).toMatchObject({ left: { parameter: 'b' } })
    expect(mode(1, 1)).toMatchObject({ left: { parameter: 'a' } })
  })
})

test('an impossible observation has no marginal likelihood', () => {
  for (const x of [-1, 0.5])
    expect(logPredictive(gammaPoissonPrior)({ shape: 1, rate: 2 })(x)).toEqual(E.right(Number.NEGATIVE_INFINITY))
})

test('the joint mode of a rate of counts may be 0, and does not exist where the density is unbounded there', () => {
  expect(gammaPoissonPrior.jointMode({ shape: 1, rate: 2 })).toEqual(E.right({ rate: 0 }))
  expect(gammaPoissonPrior.jointMode({ shape: 0.5, rate: 2 })).toMatchObject(E.left({ parameter: 'shape' }))
  expect(gammaExponentialPrior.jointMode({ shape: 1, rate: 2 })).toMatchObject(E.left({ parameter: 'shape' }))
})

describe('the joint mode of a Dirichlet', () => {
  const mode = (concentration: number[]) =>
    dirichletPrior(concentration.length).jointMode(right(dirichlet.make({ concentration })))

  test('lies on the boundary where a concentration is 1', () =>
    expect(mode([1, 3, 2])).toEqual(E.right({ probabilities: Float64Array.of(0, 2 / 3, 1 / 3) })))
  test('is certain of a single category', () =>
    expect(mode([0.5])).toEqual(E.right({ probabilities: Float64Array.of(1) })))
  test('does not exist below 1 or where the density is flat', () => {
    expect(mode([0.9, 3])).toMatchObject({ left: { parameter: 'concentration[0]' } })
    expect(mode([1, 1])).toMatchObject({ left: { parameter: 'concentration' } })
  })
  test('is any of a flat density without observations, for which a fit takes the middle', () => {
    const flat = right(dirichlet.make({ concentration: [1, 1, 1, 1] }))
    expect(dirichletPrior(4).posteriorMode!(new Float64Array(4))(flat)).toEqual(
      E.right({ probabilities: new Float64Array(4).fill(0.25) }),
    )
    expect(betaBernoulliPrior.posteriorMode!({ successes: 0, failures: 0 })({ a: 1, b: 1 })).toEqual(
      E.right({ probability: 0.5 }),
    )
  })
})

describe('the mode given next to nothing', () => {
  /** Flat priors: of these statistics and of 1e-20 times as much. */
  const flat = { concentration: [1, 1, 1] }
  test.each([1, 1e-20, 1e-300])('counts of %d tell a mode under a flat prior', size => {
    const few = [3 * size, 0, size]
    for (const p of [
      right(posteriorMode(dirichletPrior(3))(few)(flat)),
      right(posteriorMode(dirichletMultinomialPrior(2, 3))(few)(flat)),
      right(posteriorMode(productPrior({ a: dirichletPrior(3) }))({ a: few })({ a: flat })).a,
    ])
      expectVector(p.probabilities, [0.75, 0, 0.25], 1e-15)
    const trials = { successes: 3 * size, failures: size }
    for (const p of [
      right(posteriorMode(betaBernoulliPrior)(trials)({ a: 1, b: 1 })),
      right(posteriorMode(betaBinomialPrior(5))(trials)({ a: 1, b: 1 })),
    ])
      expect(p.probability).toBeCloseTo(0.75, 15)
    const rate = (shape: number, mode: number) => expect(mode / (shape / (0.5 + 2 * size))).toBeCloseTo(1, 14)
    rate(
      3 * size,
      right(posteriorMode(gammaPoissonPrior)({ weight: 2 * size, sum: 3 * size })({ shape: 1, rate: 0.5 })).rate,
    )
    const times = { weight: 3 * size, sum: 2 * size }
    rate(3 * size, right(posteriorMode(gammaExponentialPrior)(times)({ shape: 1, rate: 0.5 })).rate)
    rate(3 * size, right(posteriorMode(gammaRatePrior(1))(times)({ shape: 1, rate: 0.5 })).rate)
  })

  test('a rate of 0 is the mode of counts that are all 0; waiting times have none', () => {
    expect(right(posteriorMode(gammaPoissonPrior)({ weight: 4, sum: 0 })({ shape: 1, rate: 0.5 })).rate).toBe(0)
    expect(posteriorMode(gammaPoissonPrior)({ weight: 4, sum: 0 })({ shape: 0.9, rate: 0.5 })).toMatchObject(
      E.left({ parameter: 'shape', expected: 'a number above 1 for the mode to be positive', received: '0.9' }),
    )
    expect(posteriorMode(gammaExponentialPrior)({ weight: 0, sum: 0 })({ shape: 1, rate: 0.5 })).toMatchObject(
      E.left({ parameter: 'shape', received: '1' }),
    )
  })
})
