import {
  bernoulli,
  beta,
  binomial,
  categorical,
  describeInvalidParameter,
  dirichlet,
  exponential,
  gamma,
  geometric,
  inverseGamma,
  inverseWishart,
  multinomial,
  multivariateNormal,
  multivariateStudentT,
  negativeBinomial,
  normal,
  normalInverseGamma,
  normalInverseWishart,
  poisson,
  studentT,
  type Validated,
  wishart,
} from '@conjugate/distributions'
import { right } from '@conjugate/testing'
import * as E from 'fp-ts/lib/Either.js'
import { expect, test } from 'vitest'

const unit = [
  [1, 0],
  [0, 1],
]
const niw = { mean: [0, 0], meanPrecision: 1, degreesOfFreedom: 4, scale: unit }

const invalid: ReadonlyArray<readonly [Validated<unknown>, string]> = [
  [multivariateNormal.make({ mean: [], covariance: [] }), 'mean is empty'],
  [multivariateNormal.make({ mean: [0, Number.NaN], covariance: unit }), 'mean[1] is NaN'],
  [multivariateNormal.make({ mean: [0], covariance: unit }), 'covariance is 2 x 2, expected a 1 x 1 matrix'],
  [multivariateNormal.make({ mean: [0, 0], covariance: [[1, 0], [0]] }), 'covariance[1] is 1 numbers, expected 2'],
  [
    multivariateNormal.make({
      mean: [0, 0],
      covariance: [
        [1, 0.5],
        [0.4, 1],
      ],
    }),
    'covariance[1][0] is off its mirror',
  ],
  [
    multivariateNormal.make({
      mean: [0, 0],
      covariance: [
        [1, 2],
        [2, 1],
      ],
    }),
    'expected a positive definite matrix',
  ],
  [
    multivariateNormal.make({
      mean: [0, 0],
      covariance: [
        [1, 0],
        [0, Number.POSITIVE_INFINITY],
      ],
    }),
    'covariance[1][1]',
  ],
  [inverseWishart.make({ degreesOfFreedom: 1, scale: unit }), 'expected a finite number greater than 1'],
  [inverseWishart.make({ degreesOfFreedom: 4, scale: [] }), 'scale is empty'],
  [dirichlet.make({ concentration: [1, 0] }), 'concentration[1] is 0, expected a positive finite number'],
  [dirichlet.make({ concentration: [] }), 'concentration is empty'],
  [normalInverseWishart.make({ ...niw, meanPrecision: 0 }), 'meanPrecision is 0'],
  [normalInverseWishart.make({ ...niw, degreesOfFreedom: 0.5 }), 'NormalInverseWishart: degreesOfFreedom is 0.5'],
  [normalInverseWishart.make({ ...niw, mean: [0] }), 'scale is 2 rows, expected a 1 x 1 matrix'],
  [normal.make({ mean: Number.POSITIVE_INFINITY, variance: 1 }), 'Normal: mean is Infinity, expected a finite number'],
  [normal.make({ mean: 0, variance: 0 }), 'Normal: variance is 0, expected a positive finite number'],
  [exponential.make({ rate: -1 }), 'Exponential: rate is -1'],
  [gamma.make({ shape: 0, rate: 1 }), 'Gamma: shape is 0'],
  [gamma.make({ shape: 1, rate: Number.NaN }), 'Gamma: rate is NaN'],
  [inverseGamma.make({ shape: 1, scale: 0 }), 'InverseGamma: scale is 0'],
  [beta.make({ a: 1, b: -2 }), 'Beta: b is -2'],
  [normalInverseGamma.make({ mean: 0, meanPrecision: 1, shape: -1, scale: 1 }), 'NormalInverseGamma: shape is -1'],
  [normalInverseGamma.make({ mean: 0, meanPrecision: 0, shape: 1, scale: 1 }), 'meanPrecision is 0'],
  [wishart.make({ degreesOfFreedom: 1, scale: unit }), 'Wishart: degreesOfFreedom is 1'],
  [bernoulli.make({ probability: 1.1 }), 'Bernoulli: probability is 1.1, expected a number from 0 to 1'],
  [categorical(2).make({ probabilities: [1] }), 'Categorical: probabilities is 1 numbers, expected 2 numbers'],
  [categorical(2).make({ probabilities: [0.5, 0.6] }), 'is a sum of 1.1, expected probabilities that sum to 1'],
  [categorical(2).make({ probabilities: [-0.5, 1.5] }), 'probabilities[0] is -0.5'],
  [multinomial(2.5).make({ probabilities: [0.5, 0.5] }), 'Multinomial: count is 2.5, expected a whole positive number'],
  [multinomial(2).make({ probabilities: [] }), 'probabilities is empty'],
  [binomial(0).make({ probability: 0.5 }), 'Binomial: count is 0'],
  [poisson.make({ rate: -1 }), 'Poisson: rate is -1'],
  [geometric.make({ probability: 0 }), 'Geometric: probability is 0, expected a positive number up to 1'],
  [negativeBinomial(-1).make({ probability: 0.5 }), 'NegativeBinomial: count is -1'],
  [studentT.make({ degreesOfFreedom: 0, location: 0, scale: 1 }), 'StudentT: degreesOfFreedom is 0'],
  [studentT.make({ degreesOfFreedom: 1, location: Number.NaN, scale: 1 }), 'StudentT: location is NaN'],
  [multivariateStudentT.make({ degreesOfFreedom: 1, location: [0], scale: unit }), 'scale is 2 x 2, expected a 1 x 1'],
]

test.each(invalid.map(([either, message]) => [message, either] as const))('%s', (message, either) => {
  expect(E.isLeft(either)).toBe(true)
  if (E.isLeft(either)) expect(describeInvalidParameter(either.left)).toContain(message)
})

test('a constructor copies what it is given', () => {
  const mean = [1, 2]
  const p = right(multivariateNormal.make({ mean, covariance: unit }))
  mean[0] = 99
  expect(Array.from(p.mean)).toEqual([1, 2])
})
