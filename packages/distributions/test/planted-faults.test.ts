import {
  type ConjugatePrior,
  type ExponentialFamily,
  type Gamma,
  gamma,
  gammaPoissonPrior,
  type Poisson,
  poisson,
  toNatural,
  toStatistic,
  type WeightedSum,
} from '@conjugate/distributions'
import {
  type FamilyCase,
  familyLaws,
  type Law,
  ofNumbers,
  type PairCase,
  pairLaws,
} from '@conjugate/distributions/laws'
import { scale } from '@conjugate/linalg'
import { right } from '@conjugate/testing'
import * as E from 'fp-ts/lib/Either.js'
import * as O from 'fp-ts/lib/Option.js'
import { describe, expect, test } from 'vitest'

/** The names of the laws that do not hold. */
const broken = (laws: ReadonlyArray<Law>): ReadonlyArray<string> =>
  laws.flatMap(({ name, check }) => {
    try {
      check()
      return []
    } catch {
      return [name]
    }
  })

const ofGamma = (family: ExponentialFamily<Gamma, number>): FamilyCase<Gamma, number> => ({
  ...ofNumbers,
  family,
  members: [
    { shape: 3, rate: 2 },
    { shape: 2.2, rate: 0.7 },
  ].map(p => right(gamma.make(p))),
  outside: [-1],
  unnatural: [[1, 1]],
  support: { _tag: 'Continuous', between: (a, b, t) => a + t * (b - a) },
})

const ofPoisson = (family: ExponentialFamily<Poisson, number>): FamilyCase<Poisson, number> => ({
  ...ofNumbers,
  family,
  members: [{ rate: 3.5 }, { rate: 1.2 }],
  outside: [-1, 0.5],
  unnatural: [],
  support: {
    _tag: 'Discrete',
    values: () => Array.from({ length: 60 }, (_, x) => x),
    neighbours: x => [x - 1, x + 1],
  },
})

const ofPair = (
  prior: ConjugatePrior<Gamma, Poisson, number, WeightedSum>,
): PairCase<Gamma, Poisson, number, WeightedSum> => ({
  name: 'gamma and Poisson',
  prior,
  hyperparameters: { shape: 2, rate: 1.5 },
  observations: [0, 3, 2, 7, 1],
})

test('nothing is wrong with what has no fault', () => {
  expect(broken(familyLaws(ofGamma(gamma)))).toEqual([])
  expect(broken(familyLaws(ofPoisson(poisson)))).toEqual([])
  expect(broken(pairLaws(ofPair(gammaPoissonPrior)))).toEqual([])
})

describe('a fault in a density is caught:', () => {
  test.each([
    ['a log density that is off', { logProb: p => x => gamma.logProb(p)(x) + 1e-9 }],
    ['a sampler with another mean', { sample: p => stream => 1.05 * gamma.sample(p)(stream) }],
    [
      'a sampler with another spread',
      { sample: p => stream => p.shape / p.rate + 0.5 * (gamma.sample(p)(stream) - p.shape / p.rate) },
    ],
    ['a mean that is off', { mean: p => O.some((p.shape + 0.1) / p.rate) }],
    ['a variance that is off', { variance: p => O.some(p.shape / p.rate) }],
    ['a mode that is off', { mode: p => O.some(p.shape / p.rate) }],
    ['an entropy that is off', { entropy: p => gamma.entropy(p) + 0.1 }],
    ['a log-normaliser that is off', { logNormaliser: p => gamma.logNormaliser(p) + 1e-6 }],
    ['natural parameters of the wrong sign', { natural: p => toNatural(p.shape - 1, p.rate) }],
    [
      'an expected statistic that is off',
      { expectedStatistic: p => toStatistic(Math.log(p.shape / p.rate), p.shape / p.rate) },
    ],
    [
      'expected statistics that lead elsewhere',
      {
        fromExpectedStatistic: t =>
          E.map((p: Gamma) => ({ ...p, shape: 1.01 * p.shape }))(gamma.fromExpectedStatistic(t)),
      },
    ],
    ['an expression of log h that is off', { logBaseExpression: () => ({ constant: 1e-6 }) }],
    [
      'an interval that is too narrow',
      { support: { _tag: 'Number', expected: 'a small number', values: { least: 0, greatest: 1e-3 } } },
    ],
    ['a Fisher information that is off', { fisherInformation: p => scale(1.01)(gamma.fisherInformation(p)) }],
    ['a divergence the other way round', { klDivergence: p => q => gamma.klDivergence(q)(p) }],
    ['a support that is too wide', { logProb: p => x => gamma.logProb(p)(Math.abs(x)) }],
  ] satisfies ReadonlyArray<readonly [string, Partial<ExponentialFamily<Gamma, number>>]>)('%s', (_, fault) =>
    expect(broken(familyLaws(ofGamma({ ...gamma, ...fault }))).length).toBeGreaterThan(0),
  )
})

describe('a fault in a mass is caught:', () => {
  test.each([
    ['masses that do not sum to 1', { logProb: p => x => poisson.logProb(p)(x) + 1e-9 }],
    ['a base measure of impossible counts', { logBaseMeasure: () => 0 }],
    ['a mode that is off', { mode: p => O.some(Math.floor(p.rate) + 1) }],
    ['an entropy that is off', { entropy: p => poisson.entropy(p) * (1 + 1e-9) }],
  ] satisfies ReadonlyArray<readonly [string, Partial<ExponentialFamily<Poisson, number>>]>)('%s', (_, fault) =>
    expect(broken(familyLaws(ofPoisson({ ...poisson, ...fault }))).length).toBeGreaterThan(0),
  )
})

describe('a fault in a pair is caught:', () => {
  const pair = gammaPoissonPrior
  test.each([
    ['an update that is off by one', { update: s => q => pair.update({ ...s, weight: s.weight + 1 })(q) }],
    ['evidence of the wrong sign', { evidence: s => toNatural(s.sum, s.weight) }],
    ['a weight that is lost', { observe: () => x => ({ weight: 1, sum: x }) }],
    ['statistics that do not scale', { scale: () => s => s }],
    ['sums that are taken for others', { fromStatistic: (weight, sum) => ({ weight: sum[0]!, sum: weight }) }],
    ['a mode that is a mean', { jointMode: q => poisson.make({ rate: q.shape / q.rate }) }],
    ['a monoid that forgets', { monoid: () => ({ empty: { weight: 0, sum: 0 }, concat: (_a, b) => b }) }],
    [
      'a likelihood that is another',
      { likelihood: { ...pair.likelihood, logProb: p => x => poisson.logProb({ rate: 2 * p.rate })(x) } },
    ],
    [
      'expected natural parameters at the mean',
      { expectedNatural: q => ({ natural: toNatural(Math.log(q.shape / q.rate)), logNormaliser: q.shape / q.rate }) },
    ],
  ] satisfies ReadonlyArray<readonly [string, Partial<ConjugatePrior<Gamma, Poisson, number, WeightedSum>>]>)(
    '%s',
    (_, fault) => expect(broken(pairLaws(ofPair({ ...pair, ...fault }))).length).toBeGreaterThan(0),
  )
})
