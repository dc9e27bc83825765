import { random } from '@conjugate/distributions'
import { backendNames, type QuadraticDensities, selectExecutor } from '@conjugate/executors'
import { identity } from '@conjugate/linalg'
import {
  compareAssignments,
  diagonalGaussianMixture,
  exponentialMixture,
  fit,
  gammaMixture,
  latentClassMixture,
  onRows,
  poissonMixture,
  predict,
  sample,
  statisticsOf,
  tiedGaussianMixture,
} from '@conjugate/models'
import { right, rightOf } from '@conjugate/testing'
import * as E from 'fp-ts/lib/Either.js'
import * as O from 'fp-ts/lib/Option.js'
import { describe, expect, test } from 'vitest'
import { mixtures, ofColumns, rows, shared } from './mixtures.js'

const start = { _tag: 'k-means' } as const

/** Those of the mixtures, by their names. */
const named = (isOne: (row: (typeof mixtures)[number]) => boolean) =>
  mixtures.filter(isOne).map(row => [row.name, row] as const)

describe.each(named(() => true))('%s', (_, { mixture, observations, errors }) => {
  const groups = observations.map((_x, n) => n % 2)

  test('a fit never falls, by EM and by SQUAREM, and finds the groups', async () => {
    for (const acceleration of ['none', 'squarem'] as const) {
      const { objectives, assignments } = await rightOf(
        fit(mixture, observations, { start, acceleration, iterations: 60 }),
      )
      for (const [i, v] of objectives.slice(1).entries())
        expect(v).toBeGreaterThanOrEqual(objectives[i]! - 1e-10 * Math.abs(v))
      expect((1 - right(compareAssignments(assignments, groups)).matched) * groups.length).toBeLessThanOrEqual(errors)
    }
  })

  test('every executor finds the same', async () => {
    const fits = []
    for (const backend of backendNames.filter(name => !name.startsWith('webg')))
      if (E.isRight(await selectExecutor(backend)()))
        fits.push(await rightOf(fit(mixture, observations, { start, backend, iterations: 10 })))
    expect(fits.length).toBeGreaterThanOrEqual(2)
    for (const { objectives, assignments } of fits) {
      for (const [i, v] of objectives.entries()) expect(Math.abs(v / fits[0]!.objectives[i]! - 1)).toBeLessThan(1e-9)
      expect(Array.from(assignments)).toEqual(Array.from(fits[0]!.assignments))
    }
  })

  test('the same seed gives the same bits', async () => {
    const options = { restarts: 2, seed: 5, iterations: 5 }
    const [a, b] = [await fit(mixture, observations, options)(), await fit(mixture, observations, options)()]
    expect(b).toEqual(a)
  })

  test('the order of observations does not matter', async () => {
    const labels = groups
    const one = await rightOf(fit(mixture, observations, { start: { _tag: 'labels', labels }, iterations: 5 }))
    const reversed = { _tag: 'labels', labels: [...labels].reverse() } as const
    const other = await rightOf(fit(mixture, [...observations].reverse(), { start: reversed, iterations: 5 }))
    for (const [i, v] of one.objectives.entries()) expect(Math.abs(other.objectives[i]! / v - 1)).toBeLessThan(1e-10)
    expect(Array.from(other.assignments).reverse()).toEqual(Array.from(one.assignments))
  })

  test('a weight of 2 counts as two copies', async () => {
    const few = observations.slice(0, 40)
    const weighted = { start: { _tag: 'labels', labels: groups.slice(0, 40) }, iterations: 5 } as const
    const rowWeights = few.map((_x, n) => (n < 10 ? 2 : 1))
    const once = await rightOf(fit(mixture, few, { ...weighted, rowWeights }))
    const copies = [...few, ...few.slice(0, 10)]
    const labels = [...groups.slice(0, 40), ...groups.slice(0, 10)]
    const twice = await rightOf(fit(mixture, copies, { start: { _tag: 'labels', labels }, iterations: 5 }))
    for (const [i, v] of twice.objectives.entries()) expect(Math.abs(once.objectives[i]! / v - 1)).toBeLessThan(1e-10)
  })

  test('no observations are an error of the start, and none for given parameters', async () => {
    const fitted = await rightOf(fit(mixture, observations, { start, iterations: 3 }))
    expect(E.isLeft(await fit(mixture, [], { start })())).toBe(true)
    const bound = await onRows(mixture, observations.slice(0, 1), right(await selectExecutor('javascript')()))()
    expect(E.isRight(bound)).toBe(true)
    expect(fitted.components).toHaveLength(2)
  })
})

test.each(named(({ withGiven }) => !withGiven))(
  '%s: what it draws is about as likely as the data',
  async (_, { mixture, observations }) => {
    const fitted = await rightOf(fit(mixture, observations, { start }))
    const draws = random(3)
    const drawn = Array.from({ length: 400 }, () => {
      // Weights of a variational fit are a Dirichlet, whose mean stands for them.
      const weights =
        fitted.expectedCounts.length === 0 ? [] : Array.from(fitted.expectedCounts, n => n / observations.length)
      const draw = sample(mixture, { ...fitted, weights })
      const { observation } = right(draw(draws))
      return O.isSome(observation) ? observation.value : undefined
    })
    const mean = (v: ArrayLike<number>) => Array.from(v).reduce((a, b) => a + b, 0) / v.length
    const ofDrawn = await rightOf(predict(mixture, fitted, drawn as never))
    const ofData = await rightOf(predict(mixture, fitted, observations))
    // Cells that are missing in the data are there in what is drawn.
    const slack = observations.some(x => typeof x === 'object' && Object.values(x as object).includes(null)) ? 1 : 0.3
    expect(Math.abs(mean(ofDrawn.logProb) - mean(ofData.logProb))).toBeLessThan(slack)
  },
)

test.each(named(({ observations }) => Array.isArray(observations[0])))(
  '%s: rows of another number of columns are told to be that',
  async (name, { mixture, observations }) => {
    const given: ReadonlyArray<ReadonlyArray<number>> = observations
    const fitted = await rightOf(fit(mixture, given, { start, iterations: 3 }))
    const D = given[0]!.length
    for (const others of [given.map(x => [...x, 1]), given.map(x => x.slice(1))]) {
      const expected = { _tag: 'ColumnMismatch', expected: D, received: others[0]!.length }
      // Of maximum likelihood rows say themselves how many columns there are, as long as there are no parameters.
      if (!name.includes('maximum likelihood')) expect(await fit(mixture, others)()).toEqual(E.left(expected))
      expect(await predict(mixture, fitted, others)()).toEqual(E.left(expected))
    }
  },
)

test('a shared covariance is at the joint mode', async () => {
  const prior = { mean: [0, 0], meanPrecision: 0.3, degreesOfFreedom: 4, scale: identity(2) }
  const mixture = right(tiedGaussianMixture({ ...shared, prior }))
  const found = await rightOf(fit(mixture, rows.slice(0, 30), { start, iterations: 400 }))
  const at = mixture.components.parts.steps.logPrior(found.components)
  const labels = Array.from(found.assignments)
  // Given the labels, any other covariance or means are less likely together with the rows.
  const complete = (components: typeof found.components): number => {
    const densities = mixture.components.parts.steps.densities(components) as QuadraticDensities
    return rows.slice(0, 30).reduce((sum, x, n) => {
      const k = labels[n]!
      const w = densities.whitening.subarray(k * 4, k * 4 + 4)
      const d = x.map((v, i) => v - densities.mean[2 * k + i]!)
      const z = [w[0]! * d[0]!, w[2]! * d[0]! + w[3]! * d[1]!]
      return sum + densities.logConstant[k]! - 0.5 * (z[0]! ** 2 + z[1]! ** 2)
    }, mixture.components.parts.steps.logPrior(components))
  }
  const q = {
    rows: 30,
    columns: 2,
    data: Float64Array.from({ length: 60 }, (_, i) => Number(labels[i >> 1] === i % 2)),
  }
  const { components: statistics } = await rightOf(statisticsOf(mixture, rows.slice(0, 30), q))
  const mode = right(mixture.components.parts.steps.maximize(statistics))
  const top = complete(mode)
  expect(Number.isFinite(at)).toBe(true)
  const draws = random(4)
  const vector = Array.from(mixture.components.parts.steps.coordinates.toVector(mode))
  for (let i = 0; i < 200; i++) {
    const near = Float64Array.from(vector, v => v + 0.02 * draws.normal())
    expect(
      complete(right(mixture.components.parts.steps.coordinates.fromVector(near) as E.Either<never, typeof mode>)),
    ).toBeLessThan(top)
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
  ['a column without categories', () => latentClassMixture({ ...shared, columns: { a: 0 } }), 'columns.a'],
  ['no columns', () => diagonalGaussianMixture({ ...shared, prior: { ...ofColumns, mean: [], scale: [] } }), 'mean'],
  [
    "columns whose memory is another thread's",
    () => {
      const mean = new Float64Array(2)
      structuredClone(mean.buffer, { transfer: [mean.buffer] })
      return diagonalGaussianMixture({ ...shared, prior: { ...ofColumns, mean, scale: mean } })
    },
    'mean',
  ],
  [
    'scales of another length',
    () => diagonalGaussianMixture({ ...shared, prior: { ...ofColumns, scale: [1] } }),
    'prior.scale',
  ],
] as const)('%s', (_, make, parameter) => expect(make()).toMatchObject(E.left({ parameter })))
