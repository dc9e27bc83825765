// One valid call of every constructor of a distribution, and of those that read data.
import * as d from '@conjugate/distributions'
import { cholesky, matrix } from '@conjugate/linalg'

const eye = () => [
  [2, 0.5],
  [0.5, 1],
]

/** What `make` takes, by family. */
const parameters = {
  normal: () => ({ mean: 1, variance: 2 }),
  gamma: () => ({ shape: 2, rate: 3 }),
  inverseGamma: () => ({ shape: 2, scale: 3 }),
  exponential: () => ({ rate: 2 }),
  beta: () => ({ a: 2, b: 3 }),
  bernoulli: () => ({ probability: 0.3 }),
  geometric: () => ({ probability: 0.3 }),
  poisson: () => ({ rate: 3 }),
  dirichlet: () => ({ concentration: [1, 2, 3] }),
  diagonalNormal: () => ({ mean: [1, 2], variances: [1, 3] }),
  isotropicNormal: () => ({ mean: [1, 2], variance: 3 }),
  multivariateNormal: () => ({ mean: [1, 2], covariance: eye() }),
  normalInverseGamma: () => ({ mean: 0, meanPrecision: 1, shape: 2, scale: 3 }),
  isotropicNormalInverseGamma: () => ({ mean: [0, 1], meanPrecision: 1, shape: 2, scale: 3 }),
  normalInverseWishart: () => ({ mean: [0, 1], meanPrecision: 1, degreesOfFreedom: 4, scale: eye() }),
  wishart: () => ({ degreesOfFreedom: 4, scale: eye() }),
  inverseWishart: () => ({ degreesOfFreedom: 4, scale: eye() }),
  vonMisesFisher: () => ({ meanDirection: [0, 0.6, 0.8], concentration: 3 }),
  studentT: () => ({ degreesOfFreedom: 4, location: 0, scale: 1 }),
  multivariateStudentT: () => ({ degreesOfFreedom: 4, location: [0, 1], scale: eye() }),
}

/** The families that their makers are told of. */
const sized = {
  binomial: [() => d.binomial(10), () => ({ probability: 0.3 })],
  negativeBinomial: [() => d.negativeBinomial(2.5), () => ({ probability: 0.3 })],
  categorical: [() => d.categorical(3), () => ({ probabilities: [0.2, 0.3, 0.5] })],
  multinomial: [() => d.multinomial(5), () => ({ probabilities: [0.2, 0.3, 0.5] })],
  betaBinomial: [() => d.betaBinomial(10), () => ({ a: 2, b: 3 })],
  dirichletMultinomial: [() => d.dirichletMultinomial(5), () => ({ concentration: [1, 2, 3] })],
}

const byName = new Map(Object.entries(d))

/** Every family by its name, with what its `make` takes. */
export const families = [
  ...Object.entries(parameters).map(([name, make]) => [name, byName.get(name), make]),
  ...Object.entries(sized).map(([name, [family, make]]) => [name, family(), make]),
]

const made = (family, make) => family.make(make()).right

export const constructorCalls = [
  ...families.map(([name, family, make]) => ({ name: `${name}.make`, args: () => [make()], run: family.make })),
  ...families
    .filter(([, family]) => 'fromNatural' in family)
    .flatMap(([name, family, make]) => [
      {
        name: `${name}.fromNatural`,
        args: () => [Array.from(family.natural(made(family, make)))],
        run: family.fromNatural,
      },
      {
        name: `${name}.fromExpectedStatistic`,
        args: () => [Array.from(family.expectedStatistic(made(family, make)))],
        run: family.fromExpectedStatistic,
      },
    ]),
  { name: 'matrix', args: () => [eye()], run: matrix, mayHoldNaN: true },
  {
    name: 'matrix of a matrix',
    args: () => [{ rows: 2, columns: 2, data: [1, 2, 3, 4] }],
    run: matrix,
    mayHoldNaN: true,
  },
  { name: 'cholesky', args: () => [{ rows: 2, columns: 2, data: [2, 0.5, 0.5, 1] }], run: cholesky, isTold: false },
  {
    name: 'maximumLikelihood',
    args: () => [
      [1, 2, 5],
      [1, 1, 2],
    ],
    run: (xs, weights) => d.maximumLikelihood(d.normal)(xs, weights),
  },
]
