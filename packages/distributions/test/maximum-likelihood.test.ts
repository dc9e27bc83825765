import {
  beta,
  binomial,
  categorical,
  dirichlet,
  exponential,
  gamma,
  maximumLikelihood,
  multivariateNormal,
  negativeBinomial,
  normal,
  normalInverseGamma,
  poisson,
  toStatistic,
  wishart,
} from '@conjugate/distributions'
import { right } from '@conjugate/testing'
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, test } from 'vitest'
import { expectNear } from './support/estimates.js'
import { families } from './support/families/index.js'

describe('the estimate of maximum likelihood', () => {
  test('is the mean and the mean squared deviation of a normal', () => {
    const { mean, variance } = right(maximumLikelihood(normal)([1, 2, 6]))
    expectNear(mean, 3, 1e-15)
    expectNear(variance, 14 / 3, 1e-15)
  })

  test('takes weights as copies', () => {
    const weighted = right(maximumLikelihood(gamma)([1, 2, 5, 7], [3, 0, 1, 0.5]))
    const copied = right(maximumLikelihood(gamma)([1, 1, 1, 1, 1, 1, 5, 5, 7]))
    expectNear(weighted.shape, copied.shape, 1e-13)
    expectNear(weighted.rate, copied.rate, 1e-13)
  })

  test('holds the certain members of a family that has them', () => {
    expect(maximumLikelihood(binomial(4))([4, 4])).toEqual(E.right({ count: 4, probability: 1 }))
    expect(maximumLikelihood(negativeBinomial(4))([0, 0])).toEqual(E.right({ count: 4, probability: 1 }))
    expect(maximumLikelihood(poisson)([0, 0])).toEqual(E.right({ rate: 0 }))
    expect(maximumLikelihood(categorical(3))([2, 2])).toEqual(E.right({ probabilities: Float64Array.of(0, 0, 1) }))
  })

  test.each([
    ['no data', () => maximumLikelihood(normal)([]), 'observations'],
    ['no weight', () => maximumLikelihood(normal)([1, 2], [0, 0]), 'observations'],
    ['a negative weight', () => maximumLikelihood(normal)([1, 2], [1, -1]), 'weights[1]'],
    ['an infinite weight', () => maximumLikelihood(normal)([1, 2], [Number.POSITIVE_INFINITY, 1]), 'weights[0]'],
    ['a missing weight', () => maximumLikelihood(normal)([1, 2], [1]), 'weights[1]'],
    ['too many weights', () => maximumLikelihood(normal)([1, 2], [1, 1, 1]), 'weights'],
    ['equal data of a normal', () => maximumLikelihood(normal)([0.1, 0.1, 0.1]), 'expectedStatistic[1]'],
    ['equal data of a gamma', () => maximumLikelihood(gamma)([0.1, 0.1, 0.1]), 'expectedStatistic[0]'],
    ['waiting times of 0', () => maximumLikelihood(exponential)([0, 0]), 'expectedStatistic[0]'],
    ['a value outside the support', () => maximumLikelihood(exponential)([1, 2, -1]), 'observations[2]'],
    ['a value without a finite statistic', () => maximumLikelihood(beta)([0.5, 0]), 'observations[1]'],
    ['probabilities that do not sum to 1', () => maximumLikelihood(dirichlet)([[0.5, 0.6]]), 'observations[0]'],
    ['vectors of two lengths', () => maximumLikelihood(multivariateNormal)([[1, 2], [1]]), 'observations[1]'],
    [
      'fewer vectors than dimensions',
      () =>
        maximumLikelihood(multivariateNormal)([
          [1, 2],
          [3, 5],
        ]),
      'covariance',
    ],
  ])('does not exist of %s', (_, estimate, parameter) =>
    expect(estimate()).toMatchObject({ left: { _tag: 'InvalidParameter', parameter } }),
  )

  test.each(families.map(row => [row.family.name, row] as const))('does not exist of what is no %s', (_, row) => {
    for (const x of row.outside)
      expect(maximumLikelihood(row.family)([x])).toMatchObject({ left: { distribution: row.family.name } })
  })
})

describe('what is no expected statistic', () => {
  test.each([
    ['of a normal', () => normal.fromExpectedStatistic(toStatistic(2, 4)), 'expectedStatistic[1]'],
    ['of another length', () => normal.fromExpectedStatistic(toStatistic(2)), 'expectedStatistic'],
    ['without a number', () => normal.fromExpectedStatistic(toStatistic(2, Number.NaN)), 'expectedStatistic[1]'],
    ['of a gamma', () => gamma.fromExpectedStatistic(toStatistic(1, Math.E)), 'expectedStatistic[0]'],
    ['of a beta', () => beta.fromExpectedStatistic(toStatistic(Math.log(0.5), Math.log(0.5))), 'expectedStatistic'],
    ['of a Dirichlet of one', () => dirichlet.fromExpectedStatistic(toStatistic(0)), 'expectedStatistic'],
    ['of a Wishart', () => wishart.fromExpectedStatistic(toStatistic(0, -1)), 'E[X]'],
    [
      'of a normal-inverse-gamma',
      () => normalInverseGamma.fromExpectedStatistic(toStatistic(2, 1, 4, 1)),
      'expectedStatistic[2]',
    ],
  ])('%s, is named', (_, member, parameter) =>
    expect(member()).toMatchObject({ left: { _tag: 'InvalidParameter', parameter } }),
  )
})
