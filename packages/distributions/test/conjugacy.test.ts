import {
  betaBernoulliPrior,
  dirichlet,
  dirichletPrior,
  gammaPoissonPrior,
  logMarginalLikelihood,
  logPredictive,
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

test('the joint mode of a rate does not exist where it would be 0', () =>
  expect(gammaPoissonPrior.jointMode({ shape: 1, rate: 2 })).toMatchObject({ left: { parameter: 'shape' } }))

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
})
