import { exponential, gamma, meanDirectionPrior, poisson, random, vonMisesFisher } from '@conjugate/distributions'
import type { Densities } from '@conjugate/executors'
import { backendNames, selectExecutor } from '@conjugate/executors'
import { identity, toRows } from '@conjugate/linalg'
import {
  compareAssignments,
  conjugateMixture,
  diagonalGaussianMixture,
  exponentialMixture,
  fit,
  gammaMixture,
  latentClassMixture,
  type Mixture,
  maximumLikelihoodGaussianMixture,
  onRows,
  poissonMixture,
  predict,
  sample,
  sphericalGaussianMixture,
  tiedGaussianMixture,
  variational,
} from '@conjugate/models'
import { right, rightOf } from '@conjugate/testing'
import * as E from 'fp-ts/lib/Either.js'
import * as O from 'fp-ts/lib/Option.js'
import { describe, expect, test } from 'vitest'
import { clouds, gaussians, table, tables } from './support.js'

/** What the suite has to be told: a mixture of two, observations of two groups in turn, and how far a refit may be off. */
interface Row<X, P, S, D extends Densities, W> {
  readonly name: string
  readonly mixture: Mixture<ReadonlyArray<X>, X, P, S, D, W>
  readonly observations: ReadonlyArray<X>
  /** The most that assignments of a fit may differ from the groups in. */
  readonly errors: number
}

type AnyRow = Row<never, never, never, never, never>
const row = <X, P, S, D extends Densities, W>(r: Row<X, P, S, D, W>): AnyRow => r as unknown as AnyRow

const rows = toRows(clouds(160)).map(r => Array.from(r))
const stream = random(12)
const inTurn = <A>(count: number, make: (group: number) => A): A[] =>
  Array.from({ length: count }, (_, n) => make(n % 2))
const shared = { components: 2, concentration: 2 }
const ofColumns = { mean: [0, 0], meanPrecision: 0.1, shape: 2, scale: [1, 1] }
const answers = inTurn(200, group => ({
  a: Number(stream.uniform() < (group ? 0.9 : 0.1)),
  b: Number(stream.uniform() < (group ? 0.2 : 0.85)),
  c: stream.uniform() < 0.8 ? group : 2,
  d: stream.uniform() < 0.1 ? null : Number(stream.uniform() < (group ? 0.1 : 0.9)),
}))

const mixtures = [
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
  row({ name: 'a table of all kinds', mixture: tables(2), observations: table(200), errors: 8 }),
  row({ name: 'a variational table', mixture: variational(tables(2)), observations: table(200), errors: 8 }),
]

const start = { _tag: 'k-means' } as const

describe.each(mixtures.map(r => [r.name, r] as const))('%s', (_, { mixture, observations, errors }) => {
  const groups = observations.map((_x, n) => n % 2)

  test('a fit never falls, by EM and by SQUAREM, and finds the groups', async () => {
    for (const acceleration of ['none', 'squarem'] as const) {
      const { logProbs, assignments } = await rightOf(
        fit(mixture)(observations, { start, acceleration, iterations: 60 }),
      )
      for (const [i, v] of logProbs.slice(1).entries())
        expect(v).toBeGreaterThanOrEqual(logProbs[i]! - 1e-10 * Math.abs(v))
      expect((1 - compareAssignments(assignments, groups).matched) * groups.length).toBeLessThanOrEqual(errors)
    }
  })

  test('every executor finds the same', async () => {
    const fits = []
    for (const backend of backendNames.filter(name => !name.startsWith('webg')))
      if (E.isRight(await selectExecutor(backend)()))
        fits.push(await rightOf(fit(mixture)(observations, { start, backend, iterations: 10 })))
    expect(fits.length).toBeGreaterThanOrEqual(2)
    for (const { logProbs, assignments } of fits) {
      for (const [i, v] of logProbs.entries()) expect(Math.abs(v / fits[0]!.logProbs[i]! - 1)).toBeLessThan(1e-9)
      expect(Array.from(assignments)).toEqual(Array.from(fits[0]!.assignments))
    }
  })

  test('the same seed gives the same bits', async () => {
    const options = { restarts: 2, seed: 5, iterations: 5 }
    const [a, b] = [await fit(mixture)(observations, options)(), await fit(mixture)(observations, options)()]
    expect(b).toEqual(a)
  })

  test('the order of observations does not matter', async () => {
    const labels = groups
    const one = await rightOf(fit(mixture)(observations, { start: { _tag: 'labels', labels }, iterations: 5 }))
    const reversed = { _tag: 'labels', labels: [...labels].reverse() } as const
    const other = await rightOf(fit(mixture)([...observations].reverse(), { start: reversed, iterations: 5 }))
    for (const [i, v] of one.logProbs.entries()) expect(Math.abs(other.logProbs[i]! / v - 1)).toBeLessThan(1e-10)
    expect(Array.from(other.assignments).reverse()).toEqual(Array.from(one.assignments))
  })

  test('a weight of 2 counts as two copies', async () => {
    const few = observations.slice(0, 40)
    const weighted = { start: { _tag: 'labels', labels: groups.slice(0, 40) }, iterations: 5 } as const
    const rowWeights = few.map((_x, n) => (n < 10 ? 2 : 1))
    const once = await rightOf(fit(mixture)(few, { ...weighted, rowWeights }))
    const copies = [...few, ...few.slice(0, 10)]
    const labels = [...groups.slice(0, 40), ...groups.slice(0, 10)]
    const twice = await rightOf(fit(mixture)(copies, { start: { _tag: 'labels', labels }, iterations: 5 }))
    for (const [i, v] of twice.logProbs.entries()) expect(Math.abs(once.logProbs[i]! / v - 1)).toBeLessThan(1e-10)
  })

  test('what it draws is about as likely as the data', async () => {
    const fitted = await rightOf(fit(mixture)(observations, { start }))
    const draws = random(3)
    const drawn = Array.from({ length: 400 }, () => {
      // Weights of a variational fit are a Dirichlet, whose mean stands for them.
      const weights =
        fitted.expectedCounts.length === 0 ? [] : Array.from(fitted.expectedCounts, n => n / observations.length)
      const { observation } = sample(mixture as unknown as Mixture<never, never, never, never>)({ ...fitted, weights })(
        draws,
      )
      return O.isSome(observation) ? observation.value : undefined
    })
    const mean = (v: ArrayLike<number>) => Array.from(v).reduce((a, b) => a + b, 0) / v.length
    const ofDrawn = await rightOf(predict(mixture)(fitted, drawn as never))
    const ofData = await rightOf(predict(mixture)(fitted, observations))
    // Cells that are missing in the data are there in what is drawn.
    const slack = observations.some(x => typeof x === 'object' && Object.values(x as object).includes(null)) ? 1 : 0.3
    expect(Math.abs(mean(ofDrawn.logProb) - mean(ofData.logProb))).toBeLessThan(slack)
  })

  test('no observations are an error of the start, and none for given parameters', async () => {
    const fitted = await rightOf(fit(mixture)(observations, { start, iterations: 3 }))
    expect(E.isLeft(await fit(mixture)([], { start })())).toBe(true)
    const bound = await onRows(mixture)(right(await selectExecutor('javascript')()), observations.slice(0, 1))()
    expect(E.isRight(bound)).toBe(true)
    expect(fitted.components).toHaveLength(2)
  })
})

test('a shared covariance is at the joint mode', async () => {
  const prior = { mean: [0, 0], meanPrecision: 0.3, degreesOfFreedom: 4, scale: identity(2) }
  const mixture = right(tiedGaussianMixture({ ...shared, prior }))
  const found = await rightOf(fit(mixture)(rows.slice(0, 30), { start, iterations: 400 }))
  const at = mixture.steps.logPrior(found.components)
  const labels = Array.from(found.assignments)
  // Given the labels, any other covariance or means are less likely together with the rows.
  const complete = (components: typeof found.components): number => {
    const densities = mixture.steps.densities(components)
    return rows.slice(0, 30).reduce((sum, x, n) => {
      const k = labels[n]!
      const w = densities.whitening.subarray(k * 4, k * 4 + 4)
      const d = x.map((v, i) => v - densities.mean[2 * k + i]!)
      const z = [w[0]! * d[0]!, w[2]! * d[0]! + w[3]! * d[1]!]
      return sum + densities.logConstant[k]! - 0.5 * (z[0]! ** 2 + z[1]! ** 2)
    }, mixture.steps.logPrior(components))
  }
  const mode = right(
    mixture.steps.maximize(right(mixture.encode(rows.slice(0, 30))).gather(2, (n, k) => Number(labels[n] === k))),
  )
  const top = complete(mode)
  expect(Number.isFinite(at)).toBe(true)
  const draws = random(4)
  const vector = Array.from(mixture.steps.coordinates.toVector(mode))
  for (let i = 0; i < 200; i++) {
    const near = Float64Array.from(vector, v => v + 0.02 * draws.normal())
    expect(complete(right(mixture.steps.coordinates.fromVector(near) as E.Either<never, typeof mode>))).toBeLessThan(
      top,
    )
  }
})

test.each([
  [
    'no components',
    () => poissonMixture({ components: 0, concentration: 1, prior: { shape: 1, rate: 1 } }),
    'components',
  ],
  ['a prior that is none', () => exponentialMixture({ ...shared, prior: { shape: -1, rate: 1 } }), 'shape'],
  ['a shape that is none', () => gammaMixture({ ...shared, shape: 0, prior: { shape: 1, rate: 1 } }), 'shape'],
  ['a column without categories', () => latentClassMixture({ ...shared, columns: { a: 0 } }), 'a.concentration'],
  [
    'scales of another length',
    () => diagonalGaussianMixture({ ...shared, prior: { ...ofColumns, scale: [1] } }),
    'prior.scale',
  ],
] as const)('%s', (_, make, parameter) => expect(make()).toMatchObject(E.left({ parameter })))
