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
  normalInverseWishartPrior,
  poisson,
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
    dirichletPrior
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
