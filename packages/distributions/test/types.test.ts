import {
  type Bernoulli,
  betaBernoulliPrior,
  type ConjugatePrior,
  dirichletPrior,
  type Exponential,
  exponential,
  type Gamma,
  gammaExponentialPrior,
  gammaPoissonPrior,
  type Natural,
  normalInverseWishartPrior,
  poisson,
  type Statistic,
  type WeightedSum,
} from '@conjugate/distributions'
import type { Vector } from '@conjugate/linalg'
import { right } from '@conjugate/testing'
import { expect, expectTypeOf, test } from 'vitest'

test('a prior of another likelihood does not type-check', () => {
  expectTypeOf(normalInverseWishartPrior.update).parameter(0).not.toEqualTypeOf<Vector>()
  // @ts-expect-error counts are no statistics of vectors
  const wrong = () => normalInverseWishartPrior.update([1, 2, 3])
  // @ts-expect-error a Dirichlet is no prior of a multivariate normal
  const mismatched: ConjugatePrior<never, { mean: Vector; covariance: never; cholesky: never }, Vector, never> =
    dirichletPrior(3)
  // @ts-expect-error the prior of a Poisson's rate is none of an exponential distribution's, though both are gammas
  const other: ConjugatePrior<Gamma, Exponential, number, WeightedSum> = gammaPoissonPrior
  // @ts-expect-error a gamma is no prior of a Bernoulli
  const another: ConjugatePrior<Gamma, Bernoulli, number, never> = gammaExponentialPrior
  // @ts-expect-error trials are no weighted sum
  const trials = () => gammaPoissonPrior.update(betaBernoulliPrior.observe({ a: 1, b: 1 })(1, 1))
  expect([wrong, mismatched, other, another, trials]).toHaveLength(5)
})

test('members of families with the same parameters do not stand for each other', () => {
  const p = right(poisson.make({ rate: 2 }))
  expectTypeOf(p).not.toExtend<Exponential>()
  // @ts-expect-error a Poisson is no exponential distribution
  expect(exponential.logProb(p)(0)).toBe(Math.log(2))
})

test('natural parameters and statistics do not stand for each other', () => {
  const p = right(exponential.make({ rate: 2 }))
  expectTypeOf<Natural<Exponential>>().not.toExtend<Statistic<Exponential>>()
  expectTypeOf<Statistic<Exponential>>().not.toExtend<Natural<Exponential>>()
  // @ts-expect-error natural parameters are no expected statistic
  expect(exponential.fromExpectedStatistic(exponential.natural(p))).toMatchObject({ _tag: 'Left' })
  // @ts-expect-error an expected statistic is no natural parameters
  expect(exponential.fromNatural(exponential.expectedStatistic(p))).toMatchObject({ _tag: 'Left' })
  // @ts-expect-error nor is a plain vector
  expect(exponential.fromNatural([-2])).toEqual({ _tag: 'Right', right: { rate: 2 } })
  // @ts-expect-error the statistic of another family with the same parameters
  expect(exponential.fromExpectedStatistic(poisson.expectedStatistic({ rate: 2 }))).toMatchObject({ _tag: 'Right' })
})
