import {
  beta,
  betaBernoulliPriorOf,
  diagonalNormalPrior,
  dirichlet,
  dirichletCountsPrior,
  dirichletMultinomial,
  dirichletMultinomialPrior,
  dirichletPredictive,
  gamma,
  gammaPoissonPriorOf,
  isotropicNormalInverseGamma,
  isotropicNormalPrior,
  meanDirectionPrior,
  multivariateStudentT,
  normalInverseGamma,
  normalInverseWishart,
  normalInverseWishartPredictive,
  normalInverseWishartPrior,
  vonMisesFisher,
  wishart,
  wishartPrior,
} from '@conjugate/distributions'
import { toRows, type Vector } from '@conjugate/linalg'
import { right } from '@conjugate/testing'
import { full2 } from './family-case.js'
import { itself, type Pair, pair } from './pair.js'

const niw = (p: { mu0: number[]; kappa0: number; nu0: number; Sigma0: number[][] }) =>
  right(normalInverseWishart.make({ mean: p.mu0, meanPrecision: p.kappa0, degreesOfFreedom: p.nu0, scale: p.Sigma0 }))

const ofVectors = {
  observations: [
    [0.5, 1],
    [2, -3],
    [1.5, 0.2],
    [-1, -1],
    [4, 2.5],
  ],
  observationFromFixture: itself<Vector>,
}

const rowsOfCounts: ReadonlyArray<Vector> = [
  [1, 2, 3],
  [0, 0, 0],
  [2, 0, 0],
  [1, 1500, 0],
  [0, 3, 3],
]

export const pairsOfVectors: ReadonlyArray<Pair> = [
  pair({
    ...ofVectors,
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
    fixture: 'normal_inverse_wishart',
    fromFixture: niw,
    modeAsNumbers: p => [...Array.from(p.mean), ...toRows(p.covariance).flat()],
    predictive: q => {
      const t = right(normalInverseWishartPredictive(q))
      return {
        logProb: multivariateStudentT.logProb(t),
        parameters: [t.degreesOfFreedom, ...Array.from(t.location), ...toRows(t.scale).flat()],
      }
    },
  }),
  pair({
    ...ofVectors,
    name: 'Wishart and the precision of a multivariate normal',
    prior: wishartPrior([1, -1]),
    hyperparameters: right(wishart.make({ degreesOfFreedom: 4.5, scale: full2 })),
    fixture: 'wishart',
    priorOf: ({ mu }) => wishartPrior(mu!),
    fromFixture: ({ df, scale_matrix }: { df: number; scale_matrix: number[][] }) =>
      right(wishart.make({ degreesOfFreedom: df, scale: scale_matrix })),
    modeAsNumbers: p => [...Array.from(p.mean), ...toRows(p.covariance).flat()],
  }),
  pair({
    name: 'von Mises-Fisher and the mean direction of von Mises-Fishers',
    prior: meanDirectionPrior(3),
    hyperparameters: right(vonMisesFisher.make({ meanDirection: [0, 0.6, 0.8], concentration: 1.5 })),
    observations: [
      [1, 0, 0],
      [0, 0.6, 0.8],
      [0, 1, 0],
      [0.48, 0.6, 0.64],
      [0, 0.28, 0.96],
    ],
    observationFromFixture: itself<Vector>,
    fromFixture: (q: never) => q,
    modeAsNumbers: p => Array.from(p.meanDirection),
  }),
  pair({
    name: 'Dirichlet and multinomial',
    prior: dirichletMultinomialPrior(6, 3),
    hyperparameters: right(dirichlet.make({ concentration: [0.8, 2, 5] })),
    observations: [
      [1, 2, 3],
      [0, 0, 6],
      [2, 2, 2],
      [1, 5, 0],
      [0, 3, 3],
    ],
    observationFromFixture: itself<Vector>,
    fromFixture: (q: never) => q,
    modeAsNumbers: p => Array.from(p.probabilities),
    predictive: q => {
      const p = right(dirichletPredictive(6)(q))
      return { logProb: dirichletMultinomial(6).logProb(p), parameters: Array.from(p.concentration) }
    },
  }),
  pair({
    name: 'Dirichlet and counts of any total',
    prior: dirichletCountsPrior(3),
    hyperparameters: right(dirichlet.make({ concentration: [0.8, 2, 5] })),
    observations: rowsOfCounts,
    observationFromFixture: itself<Vector>,
    fromFixture: (q: never) => q,
    modeAsNumbers: p => Array.from(p.probabilities),
  }),
  pair({
    name: 'gammas and independent Poissons',
    prior: gammaPoissonPriorOf(3),
    hyperparameters: [
      { shape: 1.5, rate: 2 },
      { shape: 3, rate: 0.5 },
      { shape: 1.2, rate: 1 },
    ].map(q => right(gamma.make(q))),
    observations: rowsOfCounts,
    observationFromFixture: itself<Vector>,
    fromFixture: (q: never) => q,
    modeAsNumbers: p => Array.from(p.rates),
  }),
  pair({
    name: 'betas and independent Bernoullis',
    prior: betaBernoulliPriorOf(3),
    hyperparameters: [
      { a: 1.5, b: 2 },
      { a: 3, b: 1.1 },
      { a: 1.2, b: 1.4 },
    ].map(q => right(beta.make(q))),
    observations: [
      [1, 0, 1],
      [0, 0, 0],
      [1, 0, 0],
      [1, 1, 1],
      [0, 1, 0],
    ],
    observationFromFixture: itself<Vector>,
    fromFixture: (q: never) => q,
    modeAsNumbers: p => Array.from(p.probabilities),
  }),
  pair({
    ...ofVectors,
    name: 'normal-inverse-gammas and diagonal normal',
    prior: diagonalNormalPrior,
    hyperparameters: [
      { mean: 1, meanPrecision: 0.7, shape: 2.2, scale: 1.5 },
      { mean: -1, meanPrecision: 2, shape: 3, scale: 0.5 },
    ].map(q => right(normalInverseGamma.make(q))),
    fromFixture: (q: never) => q,
    modeAsNumbers: p => [...Array.from(p.mean), ...Array.from(p.variances)],
  }),
  pair({
    ...ofVectors,
    name: 'normal-inverse-gamma and isotropic normal',
    prior: isotropicNormalPrior,
    hyperparameters: right(
      isotropicNormalInverseGamma.make({ mean: [1, -1], meanPrecision: 0.7, shape: 2.2, scale: 1.5 }),
    ),
    fromFixture: (q: never) => q,
    modeAsNumbers: p => [...Array.from(p.mean), p.variance],
  }),
]
