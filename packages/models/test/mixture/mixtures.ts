import {
  betaBernoulliPriorOf,
  exponential,
  gamma,
  gammaCensoredExponentialPrior,
  gammaPoissonExposurePrior,
  gammaPoissonPriorOf,
  meanDirectionPrior,
  poisson,
  random,
  vonMisesFisher,
} from '@conjugate/distributions'
import { identity, toRows } from '@conjugate/linalg'
import {
  type AMixture,
  type ComponentTypes,
  conjugateMixture,
  diagonalGaussianMixture,
  exponentialMixture,
  gammaMixture,
  latentClassMixture,
  type Mixture,
  maximumLikelihoodGaussianMixture,
  poissonMixture,
  sphericalGaussianMixture,
  type TypesOf,
  tiedGaussianMixture,
  variational,
} from '@conjugate/models'
import { right } from '@conjugate/testing'
import { clouds, gaussians, table, tableOfBlocks, tables, tablesOfBlocks } from './support.js'

/** What the suite has to be told: a mixture of two, observations of two groups in turn, and how far a refit may be off. */
interface Row<M extends AMixture> {
  readonly name: string
  readonly mixture: M
  readonly observations: TypesOf<M>['data'] & ReadonlyArray<unknown>
  /** The most that assignments of a fit may differ from the groups in. */
  readonly errors: number
  /** Whether observations come with what is given, such as exposures, which draws have not. */
  readonly withGiven?: true
}

interface AnyRow {
  readonly name: string
  readonly mixture: Mixture<AnyTypes>
  readonly observations: ReadonlyArray<never>
  readonly errors: number
  readonly withGiven?: true
}

interface AnyTypes extends ComponentTypes {
  readonly data: ReadonlyArray<unknown>
}

const row = <M extends AMixture>(r: Row<M>): AnyRow => r as never

/** Two clouds, in turn. */
export const rows: ReadonlyArray<ReadonlyArray<number>> = toRows(clouds(160)).map(r => Array.from(r))
const stream = random(12)
const inTurn = <A>(count: number, make: (group: number) => A): A[] =>
  Array.from({ length: count }, (_, n) => make(n % 2))
/** What the options of all have in common. */
export const shared = { components: 2, concentration: 2 }
/** A prior of two independent columns. */
export const ofColumns = { mean: [0, 0], meanPrecision: 0.1, shape: 2, scale: [1, 1] }
const answers = inTurn(200, group => ({
  a: Number(stream.uniform() < (group ? 0.9 : 0.1)),
  b: Number(stream.uniform() < (group ? 0.2 : 0.85)),
  c: stream.uniform() < 0.8 ? group : 2,
  d: stream.uniform() < 0.1 ? null : Number(stream.uniform() < (group ? 0.1 : 0.9)),
}))

/** Every ready-made mixture: a new one is a new row. */
export const mixtures: ReadonlyArray<AnyRow> = [
  row({ name: 'Gaussians', mixture: gaussians(2), observations: rows, errors: 3 }),
  row({
    name: 'diagonal Gaussians',
    mixture: right(diagonalGaussianMixture({ ...shared, prior: ofColumns })),
    observations: rows,
    errors: 3,
  }),
  row({
    name: 'spherical Gaussians',
    mixture: right(sphericalGaussianMixture({ ...shared, prior: { ...ofColumns, scale: 1 } })),
    observations: rows,
    errors: 3,
  }),
  row({
    name: 'Gaussians with a shared covariance',
    mixture: right(
      tiedGaussianMixture({
        ...shared,
        prior: { mean: [0, 0], meanPrecision: 0.1, degreesOfFreedom: 4, scale: identity(2) },
      }),
    ),
    observations: rows,
    errors: 3,
  }),
  row({
    name: 'Gaussians of maximum likelihood',
    mixture: right(maximumLikelihoodGaussianMixture({ components: 2, columns: 2 })),
    observations: rows,
    errors: 3,
  }),
  row({ name: 'variational Gaussians', mixture: variational(gaussians(2)), observations: rows, errors: 3 }),
  row({
    name: 'variational diagonal Gaussians',
    mixture: variational(right(diagonalGaussianMixture({ ...shared, prior: ofColumns }))),
    observations: rows,
    errors: 3,
  }),
  row({
    name: 'variational spherical Gaussians',
    mixture: variational(right(sphericalGaussianMixture({ ...shared, prior: { ...ofColumns, scale: 1 } }))),
    observations: rows,
    errors: 3,
  }),
  row({
    name: 'Poissons',
    mixture: right(poissonMixture({ ...shared, prior: { shape: 2, rate: 0.2 } })),
    observations: inTurn(200, group => poisson.sample({ rate: group ? 15 : 2 })(stream)),
    errors: 10,
  }),
  row({
    name: 'exponentials',
    mixture: right(exponentialMixture({ ...shared, prior: { shape: 2, rate: 1 } })),
    observations: inTurn(300, group => exponential.sample({ rate: group ? 0.02 : 2 })(stream)),
    errors: 40,
  }),
  row({
    name: 'gammas of shape 4',
    mixture: right(gammaMixture({ ...shared, shape: 4, prior: { shape: 2, rate: 1 } })),
    observations: inTurn(200, group => gamma.sample({ shape: 4, rate: group ? 0.2 : 3 })(stream)),
    errors: 20,
  }),
  row({
    name: 'latent classes',
    mixture: right(latentClassMixture({ ...shared, columns: { a: 2, b: 2, c: 3, d: 2 } })),
    observations: answers,
    errors: 25,
  }),
  row({
    name: 'Poissons of exposures',
    mixture: right(
      conjugateMixture(gammaPoissonExposurePrior)({ ...shared, prior: right(gamma.make({ shape: 2, rate: 0.2 })) }),
    ),
    observations: inTurn(200, group => {
      const exposure = 0.5 + 3 * stream.uniform()
      return { count: poisson.sample({ rate: exposure * (group ? 15 : 2) })(stream), exposure }
    }),
    errors: 20,
    withGiven: true,
  }),
  row({
    name: 'censored exponentials',
    mixture: right(
      conjugateMixture(gammaCensoredExponentialPrior)({ ...shared, prior: right(gamma.make({ shape: 2, rate: 1 })) }),
    ),
    observations: inTurn(300, group => {
      const [time, end] = [exponential.sample({ rate: group ? 0.02 : 2 })(stream), 100 * stream.uniform()]
      return { time: Math.min(time, end), event: Number(time <= end) }
    }),
    errors: 60,
    withGiven: true,
  }),
  row({
    name: 'directions',
    mixture: right(
      conjugateMixture(meanDirectionPrior(10))({
        ...shared,
        prior: right(vonMisesFisher.make({ meanDirection: [1, 0, 0], concentration: 0.1 })),
      }),
    ),
    observations: inTurn(200, group =>
      vonMisesFisher.sample({ meanDirection: group ? [0, 1, 0] : [0, 0, 1], concentration: 10 })(stream),
    ),
    errors: 10,
  }),
  row({
    name: 'independent Poissons',
    mixture: right(
      conjugateMixture(gammaPoissonPriorOf(3))({ ...shared, prior: new Array(3).fill({ shape: 2, rate: 1 }) }),
    ),
    observations: inTurn(200, group => [9, 2, 4].map(rate => poisson.sample({ rate: group ? rate : 3 })(stream))),
    errors: 20,
  }),
  row({
    name: 'independent Bernoullis',
    mixture: right(conjugateMixture(betaBernoulliPriorOf(6))({ ...shared, prior: new Array(6).fill({ a: 2, b: 2 }) })),
    observations: inTurn(200, group =>
      Array.from({ length: 6 }, (_, i) => Number(stream.uniform() < ((i + group) % 2 ? 0.85 : 0.15))),
    ),
    errors: 20,
  }),
  row({ name: 'a table of all kinds', mixture: tables(2), observations: table(200), errors: 8 }),
  row({ name: 'a variational table', mixture: variational(tables(2)), observations: table(200), errors: 8 }),
  row({
    name: 'a table with a full Gaussian',
    mixture: tablesOfBlocks(2),
    observations: tableOfBlocks(200),
    errors: 8,
  }),
  row({
    name: 'a variational table with a full Gaussian',
    mixture: variational(tablesOfBlocks(2)),
    observations: tableOfBlocks(200),
    errors: 8,
  }),
]
