import {
  beta,
  betaBernoulliPrior,
  betaBinomial,
  betaBinomialPrior,
  betaPredictive,
  dirichlet,
  dirichletPrior,
  gamma,
  gammaCensoredExponentialPrior,
  gammaExponentialPrior,
  gammaNormalPrior,
  gammaPoissonExposurePrior,
  gammaPoissonPrior,
  gammaRatePrior,
  inverseGamma,
  inverseGammaNormalPrior,
  normal,
  normalInverseGamma,
  normalInverseGammaPredictive,
  normalInverseGammaPrior,
  normalInverseWishart,
  normalInverseWishartPriorOf,
  normalMeanPrior,
  productPrior,
  studentT,
} from '@conjugate/distributions'
import { right } from '@conjugate/testing'
import { itself, type Pair, pair } from './pair.js'
import { pairsOfVectors } from './pairs-of-vectors.js'

const nig = (p: { mu0: number; kappa0: number; a: number; b: number }) =>
  right(normalInverseGamma.make({ mean: p.mu0, meanPrecision: p.kappa0, shape: p.a, scale: p.b }))

const matrixOf = (data: ReadonlyArray<number>) => ({ rows: 2, columns: 2, data })

const ofGamma = {
  fixture: 'gamma',
  fromFixture: (p: { concentration: number; rate: number }) =>
    right(gamma.make({ shape: p.concentration, rate: p.rate })),
  observationFromFixture: itself<number>,
}

const ofBeta = {
  fromFixture: (p: { a: number; b: number }) => right(beta.make(p)),
  observationFromFixture: itself<number>,
  modeAsNumbers: (p: { probability: number }) => [p.probability],
}

const NORMAL_MEAN = 0.75

/** The table of all conjugate pairs. */
export const pairs: ReadonlyArray<Pair> = [
  ...pairsOfVectors,
  pair({
    name: 'normal-inverse-gamma and normal',
    prior: normalInverseGammaPrior,
    hyperparameters: nig({ mu0: 1, kappa0: 0.7, a: 2.2, b: 1.5 }),
    observations: [0.5, 2, 1.5, -1, 4],
    fixture: 'normal_inverse_gamma',
    fromFixture: nig,
    observationFromFixture: itself<number>,
    modeAsNumbers: p => [p.mean, p.variance],
    predictive: q => {
      const t = right(normalInverseGammaPredictive(q))
      return { logProb: studentT.logProb(t), parameters: [t.degreesOfFreedom, t.location, t.scale] }
    },
  }),
  pair({
    name: 'normal and the mean of a normal',
    prior: normalMeanPrior(2),
    hyperparameters: right(normal.make({ mean: 1, variance: 3 })),
    observations: [0.5, 2, 1.5, -1, 4],
    fixture: 'normal',
    priorOf: ({ scale }) => normalMeanPrior(scale! ** 2),
    fromFixture: ({ loc, scale }: { loc: number; scale: number }) =>
      right(normal.make({ mean: loc, variance: scale ** 2 })),
    observationFromFixture: itself<number>,
    modeAsNumbers: p => [p.mean, p.variance],
  }),
  pair({
    name: 'Dirichlet and categories',
    prior: dirichletPrior(3),
    hyperparameters: right(dirichlet.make({ concentration: [0.8, 2, 5] })),
    observations: [0, 1, 1, 2, 0, 2, 2],
    fixture: 'dirichlet',
    priorOf: (_, { alpha }: { alpha: number[] }) => dirichletPrior(alpha.length),
    fromFixture: ({ alpha }: { alpha: number[] }) => right(dirichlet.make({ concentration: alpha })),
    observationFromFixture: itself<number>,
    modeAsNumbers: p => Array.from(p.probabilities),
  }),
  pair({
    ...ofGamma,
    name: 'gamma and Poisson',
    prior: gammaPoissonPrior,
    hyperparameters: right(gamma.make({ shape: 1.5, rate: 2 })),
    observations: [0, 3, 2, 7],
    likelihood: 'x_n ~ Poisson(rate), rate ~ Gamma',
    modeAsNumbers: p => [p.rate],
  }),
  pair({
    ...ofGamma,
    name: 'gamma and exponential',
    prior: gammaExponentialPrior,
    hyperparameters: right(gamma.make({ shape: 1.5, rate: 2 })),
    observations: [0.3, 1.2, 0.1, 4],
    likelihood: 'x_n ~ Exponential(rate), rate ~ Gamma',
    modeAsNumbers: p => [p.rate],
  }),
  pair({
    ...ofGamma,
    name: 'gamma and the precision of a normal',
    prior: gammaNormalPrior(NORMAL_MEAN),
    hyperparameters: right(gamma.make({ shape: 1.5, rate: 2 })),
    observations: [0.5, 2, 1.5, -1, 4],
    likelihood: 'x_n ~ N(mu, 1/precision) with known mu, precision ~ Gamma',
    priorOf: ({ mu }) => gammaNormalPrior(mu!),
    modeAsNumbers: p => [p.mean, p.variance],
  }),
  pair({
    ...ofGamma,
    fixture: 'none',
    name: 'gamma and the rate of a gamma',
    prior: gammaRatePrior(2.5),
    hyperparameters: right(gamma.make({ shape: 1.5, rate: 2 })),
    observations: [0.5, 2, 1.5, 0.1, 4],
    modeAsNumbers: p => [p.rate],
  }),
  pair({
    ...ofGamma,
    fixture: 'none',
    name: 'gamma and Poissons of exposures',
    prior: gammaPoissonExposurePrior,
    hyperparameters: right(gamma.make({ shape: 1.5, rate: 2 })),
    observations: [
      { count: 0, exposure: 0.5 },
      { count: 3, exposure: 2 },
      { count: 2, exposure: 0.25 },
      { count: 7, exposure: 12 },
    ],
    observationFromFixture: (x: never) => x,
    modeAsNumbers: p => [p.rate],
  }),
  pair({
    ...ofGamma,
    fixture: 'none',
    name: 'gamma and censored exponentials',
    prior: gammaCensoredExponentialPrior,
    hyperparameters: right(gamma.make({ shape: 1.5, rate: 2 })),
    observations: [
      { time: 0.3, event: 1 },
      { time: 4, event: 0 },
      { time: 1.2, event: 1 },
      { time: 0, event: 0 },
    ],
    observationFromFixture: (x: never) => x,
    modeAsNumbers: p => [p.rate],
  }),
  pair({
    name: 'columns of a table, with missing cells',
    prior: productPrior({ height: normalInverseGammaPrior, visits: gammaPoissonPrior, colour: dirichletPrior(3) }),
    hyperparameters: {
      height: nig({ mu0: 1, kappa0: 0.7, a: 2.2, b: 1.5 }),
      visits: right(gamma.make({ shape: 1.5, rate: 2 })),
      colour: right(dirichlet.make({ concentration: [1.8, 2, 5] })),
    },
    observations: [
      { height: 0.5, visits: 3, colour: 2 },
      { height: 2, visits: null, colour: 0 },
      { height: null, visits: 1, colour: 1 },
      { height: -1, visits: 0, colour: null },
      { height: 1, visits: 7, colour: 1 },
    ],
    fromFixture: (q: never) => q,
    observationFromFixture: (x: never) => x,
    modeAsNumbers: p => [p.height.mean, p.height.variance, p.visits.rate, ...Array.from(p.colour.probabilities)],
  }),
  pair({
    name: 'a table of a block of numbers beside counts, with missing cells',
    prior: productPrior({ at: normalInverseWishartPriorOf(2), visits: gammaPoissonPrior }),
    hyperparameters: {
      at: right(
        normalInverseWishart.make({
          mean: [0.5, -1],
          meanPrecision: 0.7,
          degreesOfFreedom: 4.5,
          scale: matrixOf([1.5, 0.4, 0.4, 1]),
        }),
      ),
      visits: right(gamma.make({ shape: 1.5, rate: 2 })),
    },
    observations: [
      { at: [0.5, 1], visits: 3 },
      { at: [2, -1], visits: null },
      { at: null, visits: 1 },
      { at: [-1, 0.25], visits: 0 },
    ],
    fromFixture: (q: never) => q,
    observationFromFixture: (x: never) => x,
    modeAsNumbers: p => [...Array.from(p.at.mean), ...Array.from(p.at.covariance.data), p.visits.rate],
  }),
  pair({
    name: 'inverse gamma and the variance of a normal',
    prior: inverseGammaNormalPrior(NORMAL_MEAN),
    hyperparameters: right(inverseGamma.make({ shape: 1.5, scale: 2 })),
    observations: [0.5, 2, 1.5, -1, 4],
    fixture: 'inverse_gamma',
    priorOf: ({ mu }) => inverseGammaNormalPrior(mu!),
    fromFixture: (p: { concentration: number; scale: number }) =>
      right(inverseGamma.make({ shape: p.concentration, scale: p.scale })),
    observationFromFixture: itself<number>,
    modeAsNumbers: p => [p.mean, p.variance],
  }),
  pair({
    ...ofBeta,
    name: 'beta and Bernoulli',
    prior: betaBernoulliPrior,
    hyperparameters: right(beta.make({ a: 1.5, b: 0.7 })),
    observations: [1, 0, 1, 1, 0],
    fixture: 'beta',
  }),
  pair({
    ...ofBeta,
    name: 'beta and binomial',
    prior: betaBinomialPrior(7),
    hyperparameters: right(beta.make({ a: 1.5, b: 0.7 })),
    observations: [1, 0, 6, 2, 7],
    predictive: q => {
      const p = right(betaPredictive(7)(q))
      return { logProb: betaBinomial(7).logProb(p), parameters: [p.count, p.a, p.b] }
    },
  }),
]
