import {
  type ConjugatePrior,
  dirichlet,
  dirichletPrior,
  multivariateNormal,
  normalInverseWishart,
  normalInverseWishartPrior,
  random,
} from '@conjugate/distributions'
import { toRows, type Vector } from '@conjugate/linalg'
import { fixtureNames, readFixture, right } from '@conjugate/testing'
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, expectTypeOf, test } from 'vitest'

/** What the laws have to be told about a pair. A new pair is a new row of {@link pairs}. */
interface Pair<Q = never, P = never, X = never, S = never> {
  readonly name: string
  readonly prior: ConjugatePrior<Q, P, X, S>
  readonly hyperparameters: Q
  readonly observations: ReadonlyArray<X>
  readonly logLikelihood: (p: P) => (x: X) => number
  readonly fixture: string
  readonly fromFixture: (q: never) => Q
  readonly observationFromFixture: (x: never) => X
  readonly modeAsNumbers: (p: P) => ReadonlyArray<number>
  /** Sum of log h over n observations, for the log marginal likelihood. */
  readonly logBaseMeasure: (q: Q, n: number) => number
}

interface Reference {
  readonly prior: never
  readonly data: ReadonlyArray<never>
  readonly weights?: ReadonlyArray<number>
  readonly posterior: never
  readonly log_marginal_likelihood?: number
  readonly map_mode?: { readonly mu: number[]; readonly Sigma: number[][] }
}

const numbers = ({ mu, Sigma }: { mu: number[]; Sigma: number[][] }): number[] => [...mu, ...Sigma.flat()]

const pair = <Q, P, X, S>(p: Pair<Q, P, X, S>): Pair => p as unknown as Pair

const niw = (p: { mu0: number[]; kappa0: number; nu0: number; Sigma0: number[][] }) =>
  right(normalInverseWishart.make({ mean: p.mu0, meanPrecision: p.kappa0, degreesOfFreedom: p.nu0, scale: p.Sigma0 }))

const pairs: ReadonlyArray<Pair> = [
  pair({
    name: 'normal-inverse-Wishart and multivariate normal',
    prior: normalInverseWishartPrior,
    hyperparameters: niw({
      mu0: [1, -1],
      kappa0: 0.7,
      nu0: 4.5,
      Sigma0: [
        [2, 0.3],
        [0.3, 1],
      ],
    }),
    observations: [
      [0.5, 1],
      [2, -3],
      [1.5, 0.2],
      [-1, -1],
      [4, 2.5],
    ],
    logLikelihood: multivariateNormal.logProb,
    fixture: 'normal_inverse_wishart',
    fromFixture: niw,
    observationFromFixture: (x: number[]): Vector => x,
    modeAsNumbers: p => numbers({ mu: Array.from(p.mean), Sigma: toRows(p.covariance) }),
    logBaseMeasure: (q, n) => -0.5 * n * q.mean.length * Math.log(2 * Math.PI),
  }),
  pair({
    name: 'Dirichlet and categories',
    prior: dirichletPrior,
    hyperparameters: right(dirichlet.make({ concentration: [0.8, 2, 5] })),
    observations: [0, 1, 1, 2, 0, 2, 2],
    logLikelihood: p => k => Math.log(p[k]!),
    fixture: 'dirichlet',
    fromFixture: ({ alpha }: { alpha: number[] }) => right(dirichlet.make({ concentration: alpha })),
    observationFromFixture: (k: number) => k,
    modeAsNumbers: p => Array.from(p),
    logBaseMeasure: () => 0,
  }),
]

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

  test('a weight of 3 counts as three copies', () => {
    const x = row.observations[1]!
    expectVector(prior.evidence(observe(x, 3)), prior.evidence(gather([x, x, x])))
  })

  test('Bayes: prior times likelihood is proportional to the posterior', () => {
    const after = posterior(all)
    const stream = random(3)
    const constants = Array.from({ length: 20 }, () => {
      const p = family.sample(after)(stream)
      const logLikelihood = row.observations.reduce((sum, x) => sum + row.logLikelihood(p)(x), 0)
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

  const fixtures = fixtureNames('distributions').includes(row.fixture)
    ? readFixture<{ conjugate: ReadonlyArray<Reference> }>(`distributions/${row.fixture}`).conjugate
    : []
  test.each(fixtures.map((c, i) => [i, c] as const))('reference posterior %i', (_i, c) => {
    const before = row.fromFixture(c.prior)
    const { concat: join, empty: none } = prior.monoid(before)
    const statistics = c.data
      .map((x, n) => prior.observe(before)(row.observationFromFixture(x), c.weights?.[n] ?? 1))
      .reduce(join, none)
    const after = right(prior.update(statistics)(before))
    expectVector(family.natural(after), family.natural(row.fromFixture(c.posterior)))
    if (c.map_mode !== undefined) expectVector(row.modeAsNumbers(right(prior.jointMode(after))), numbers(c.map_mode))
    if (c.log_marginal_likelihood === undefined) return
    const logEvidence = family.logNormaliser(after) - family.logNormaliser(before)
    expectVector([logEvidence + row.logBaseMeasure(before, c.data.length)], [c.log_marginal_likelihood])
  })
})

describe('the joint mode of a Dirichlet', () => {
  const mode = (concentration: number[]) => dirichletPrior.jointMode(right(dirichlet.make({ concentration })))

  test('lies on the boundary where a concentration is 1', () =>
    expect(mode([1, 3, 2])).toEqual(E.right(Float64Array.of(0, 2 / 3, 1 / 3))))
  test('is certain of a single category', () => expect(mode([0.5])).toEqual(E.right(Float64Array.of(1))))
  test('does not exist below 1 or where the density is flat', () => {
    expect(mode([0.9, 3])).toMatchObject({ left: { parameter: 'concentration[0]' } })
    expect(mode([1, 1])).toMatchObject({ left: { parameter: 'concentration' } })
  })
})

test('a prior of another likelihood does not type-check', () => {
  expectTypeOf(normalInverseWishartPrior.update).parameter(0).not.toEqualTypeOf<Vector>()
  // @ts-expect-error counts are no statistics of vectors
  const wrong = () => normalInverseWishartPrior.update([1, 2, 3])
  // @ts-expect-error a Dirichlet is no prior of a multivariate normal
  const mismatched: ConjugatePrior<never, { mean: Vector; covariance: never; cholesky: never }, Vector, never> =
    dirichletPrior
  expect([wrong, mismatched]).toHaveLength(2)
})
