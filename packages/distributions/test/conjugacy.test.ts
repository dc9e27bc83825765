import {
  betaBernoulliPrior,
  dirichlet,
  dirichletPrior,
  expectedNatural,
  gammaPoissonPrior,
  innerProduct,
  logMarginalLikelihood,
  logPredictive,
  logProbOfExponentialForm,
  random,
  toStatistic,
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

describe.each(pairs.map(p => [p.name, p] as const))('%s', (_, { prior, hyperparameters: q, ...row }) => {
  const { family } = prior
  const { concat, empty } = prior.monoid(q)
  const observe = prior.observe(q)
  const gather = (xs: ReadonlyArray<never>) => xs.map(x => observe(x, 1)).reduce(concat, empty)
  const posterior = (s: never) => right(prior.update(s)(q))
  const all = gather(row.observations)

  test('the posterior has the natural parameters of the prior plus the evidence', () => {
    const evidence = prior.evidence(all)
    const sum = Float64Array.from(family.natural(q), (v, i) => v + evidence[i]!)
    expectVector(family.natural(posterior(all)), sum)
  })

  test('statistics join in any grouping and order, and no observation changes nothing', () => {
    const reversed = gather([...row.observations].reverse())
    const grouped = concat(gather(row.observations.slice(0, 2)), gather(row.observations.slice(2)))
    for (const s of [reversed, grouped, concat(all, empty), concat(empty, all)])
      expectVector(prior.evidence(s), prior.evidence(all))
    expectVector(family.natural(posterior(empty)), family.natural(q))
  })

  test('updating in two steps equals updating at once', () => {
    const first = right(prior.update(gather(row.observations.slice(0, 3)))(q))
    const second = right(prior.update(gather(row.observations.slice(3)))(first))
    expectVector(family.natural(second), family.natural(posterior(all)))
  })

  test('scaled statistics count as copies', () => {
    expectVector(prior.evidence(prior.scale(3)(all)), prior.evidence(concat(all, concat(all, all))))
  })

  test('statistics follow from the sums of the statistic of the likelihood', () => {
    const { likelihood, fromStatistic } = prior
    const ts = row.observations.map(x => likelihood.statistic(x))
    const sums = Float64Array.from(ts[0]!, (_, i) => ts.reduce((sum, t) => sum + t[i]!, 0))
    expectVector(prior.evidence(fromStatistic(ts.length, toStatistic(sums))), prior.evidence(all))
  })

  test('the likelihood is an exponential family, there and back', () => {
    const { likelihood } = prior
    const member = family.sample(posterior(all))(random(6))
    const logProb = likelihood.logProb(member)
    const form = logProbOfExponentialForm(likelihood)(member)
    for (const x of row.observations) expectVector([form(x)], [logProb(x)], 1e-11)
    const back = right(likelihood.fromNatural(likelihood.natural(member)))
    for (const x of row.observations) expectVector([likelihood.logProb(back)(x)], [logProb(x)], 1e-10)
    expect(likelihood.sample(member)(random(7))).toBeDefined()
  })

  test('expected natural parameters give the expected log density', () => {
    const after = posterior(all)
    const { natural, logNormaliser } = expectedNatural(prior)(after)
    const stream = random(8)
    const draws = Array.from({ length: 4000 }, () => family.sample(after)(stream))
    for (const x of row.observations.slice(0, 2)) {
      const values = draws.map(p => prior.likelihood.logProb(p)(x))
      const mean = values.reduce((a, b) => a + b, 0) / values.length
      const variance = values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / values.length
      const t = prior.likelihood.statistic(x)
      const expected = innerProduct(natural, t) - logNormaliser + prior.likelihood.logBaseMeasure(x)
      expect(Math.abs(mean - expected)).toBeLessThan(5 * Math.sqrt(variance / values.length) + 1e-12)
    }
  })

  test('moving prior and observations moves the posterior', () => {
    const { translation } = prior
    if (translation === undefined) return
    const by = translation.centre(row.observations)
    const [there, back] = [translation.by(by), translation.by(translation.opposite(by))]
    const moved = row.observations.map(there.observation)
    const after = right(prior.update(moved.map(x => observe(x, 1)).reduce(concat, empty))(there.prior(q)))
    expectVector(family.natural(back.prior(after)), family.natural(posterior(all)), 1e-11)
    expectVector(prior.evidence(back.statistics(there.statistics(all))), prior.evidence(all))
    const member = family.sample(q)(random(9))
    for (const [i, x] of row.observations.entries())
      expectVector(
        [prior.likelihood.logProb(there.member(member))(moved[i]!)],
        [prior.likelihood.logProb(member)(x)],
        1e-11,
      )
  })

  test('a weight of 3 counts as three copies', () => {
    const x = row.observations[1]!
    expectVector(prior.evidence(observe(x, 3)), prior.evidence(gather([x, x, x])))
  })

  test('Bayes: prior times likelihood is proportional to the posterior', () => {
    const after = posterior(all)
    const stream = random(3)
    const constants = Array.from({ length: 20 }, () => {
      const p = family.sample(after)(stream)
      const logLikelihood = row.observations.reduce((sum, x) => sum + prior.likelihood.logProb(p)(x), 0)
      return family.logProb(q)(p) + logLikelihood - family.logProb(after)(p)
    })
    for (const c of constants) expect(Math.abs(c - constants[0]!)).toBeLessThan(1e-10)
  })

  test('the joint mode has the greatest posterior density', () => {
    const after = posterior(all)
    const logProb = family.logProb(after)
    const top = logProb(right(prior.jointMode(after)))
    const stream = random(4)
    for (let i = 0; i < 200; i++) expect(logProb(family.sample(after)(stream))).toBeLessThan(top)
  })

  test('the predictive densities of one observation after the other make up the marginal likelihood', () => {
    const { sum } = row.observations.reduce(
      (state: { q: never; sum: number }, x) => ({
        q: right(prior.update(observe(x, 1))(state.q)),
        sum: state.sum + right(logPredictive(prior)(state.q)(x)),
      }),
      { q, sum: 0 },
    )
    expectVector([right(logMarginalLikelihood(prior)(q)(row.observations))], [sum])
  })

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
