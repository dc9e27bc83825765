import { type Executor, incomplete, javascript, masked, type QuadraticDensities, wasm } from '@conjugate/executors'
import { right, rightOf } from '@conjugate/testing'
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, test } from 'vitest'

/** Two components on three columns: whitening factors of covariances that are not diagonal. */
const densities: QuadraticDensities = {
  _tag: 'Quadratic',
  components: 2,
  columns: 3,
  mean: Float64Array.of(0, 1, -1, 2, 0, 3),
  whitening: Float64Array.of(1, 0, 0, -0.4, 1.2, 0, 0.3, -0.5, 0.8, 0.7, 0, 0, 0.2, 0.9, 0, -0.6, 0.1, 1.5),
  logConstant: Float64Array.of(-3, -3.5),
}
const NONE = Number.NaN
const data = Float64Array.of(0.3, 1, 2, NONE, 0.5, 1, 1, NONE, NONE, 2, 1, NONE, 0.1, 0.2, 0.3, NONE, -1, 0)
const rows = { rows: 6, columns: 3, data }

const logDensity = (k: number, x: ReadonlyArray<number>): number => {
  let square = 0
  for (let i = 0; i < 3; i++) {
    let sum = 0
    for (let j = 0; j <= i; j++) sum += densities.whitening[k * 9 + i * 3 + j]! * (x[j]! - densities.mean[k * 3 + j]!)
    square += sum * sum
  }
  return densities.logConstant[k]! - 0.5 * square
}

/** Sums over a grid of values of what is missing: its spacing gives all digits, since densities end within it. */
const STEP = 0.3
const grid = Array.from({ length: 120 }, (_, i) => -18 + i * STEP)
const completions = (n: number): ReadonlyArray<ReadonlyArray<number>> =>
  [0, 1, 2].reduce<ReadonlyArray<ReadonlyArray<number>>>(
    (all, i) => {
      const x = data[3 * n + i]!
      return Number.isNaN(x) ? all.flatMap(row => grid.map(v => [...row, v])) : all.map(row => [...row, x])
    },
    [[]],
  )

/** For each row and component the mass of all completions, and sums of deviations and their products weighted by it. */
const expected = Array.from({ length: 6 }, (_, n) =>
  [0, 1].map(k => {
    const all = completions(n)
    const width = STEP ** [0, 1, 2].filter(i => Number.isNaN(data[3 * n + i])).length
    const masses = all.map(x => width * Math.exp(logDensity(k, x)))
    const mass = masses.reduce((a, b) => a + b, 0)
    const mean = (f: (x: ReadonlyArray<number>) => number) =>
      all.reduce((sum, x, i) => sum + masses[i]! * f(x), 0) / mass
    const deviation = (x: ReadonlyArray<number>, i: number) => x[i]! - densities.mean[k * 3 + i]!
    return {
      mass,
      sum: [0, 1, 2].map(i => mean(x => deviation(x, i))),
      outer: [0, 1, 2].flatMap(i => [0, 1, 2].map(j => mean(x => deviation(x, i) * deviation(x, j)))),
    }
  }),
)

const near = (actual: ArrayLike<number>, wanted: ReadonlyArray<number>) => {
  expect(actual.length).toBe(wanted.length)
  for (let i = 0; i < wanted.length; i++)
    expect(Math.abs(actual[i]! - wanted[i]!)).toBeLessThan(1e-10 * Math.max(1, Math.abs(wanted[i]!)))
}

const executors: ReadonlyArray<readonly [string, () => Promise<Executor>]> = [
  ['javascript', async () => javascript],
  ['wasm', async () => right(await wasm())],
]

describe.each(executors)('rows that lack cells, on %s', (_, executorOf) => {
  const rowWeights = [1, 2, 1, 0.5, 1, 3]

  test('have the sums of all that may be in these cells', async () => {
    const loaded = await rightOf(
      incomplete(await executorOf()).load(rows, { rowWeights, origin: Float64Array.of(0, 0, 0) }),
    )
    const { statistics, logLikelihood } = await rightOf(loaded.expectation(densities))
    const totals = expected.map(row => row[0]!.mass + row[1]!.mass)
    near([logLikelihood], [totals.reduce((sum, total, n) => sum + rowWeights[n]! * Math.log(total), 0)])
    const q = (n: number, k: number) => (rowWeights[n]! * expected[n]![k]!.mass) / totals[n]!
    const summed = (of: (n: number, k: number) => ReadonlyArray<number>) =>
      [0, 1].flatMap(k => of(0, k).map((_v, i) => expected.reduce((sum, _row, n) => sum + q(n, k) * of(n, k)[i]!, 0)))
    near(
      statistics.weight,
      summed(() => [1]),
    )
    near(
      statistics.sum,
      summed((n, k) => expected[n]![k]!.sum),
    )
    near(
      statistics.outer,
      summed((n, k) => expected[n]![k]!.outer),
    )
    const { responsibilities, logProb } = await rightOf(loaded.prediction(densities))
    near(logProb, totals.map(Math.log))
    near(
      responsibilities.data,
      expected.flatMap((row, n) => row.map(({ mass }) => mass / totals[n]!)),
    )
    const given = await rightOf(
      loaded.weightedStatistics(densities, {
        rows: 6,
        columns: 2,
        data: Float64Array.from({ length: 12 }, (_v, i) => q(Math.floor(i / 2), i % 2)),
      }),
    )
    near(given.outer, [...statistics.outer])
    loaded.dispose()
  })

  test('of weight 0 are said the same of, and count for nothing', async () => {
    const executor = masked(incomplete(await executorOf()))
    const some = await rightOf(executor.load(rows, { rowWeights: [1, 1, 1, 1, 1, 0] }))
    const first = await rightOf(executor.load({ rows: 5, columns: 3, data: data.slice(0, 15) }))
    const [a, b] = [await rightOf(some.expectation(densities)), await rightOf(first.expectation(densities))]
    expect(a).toEqual(b)
    near([(await rightOf(some.logProb(densities)))[5]!], [Math.log(expected[5]![0]!.mass + expected[5]![1]!.mass)])
  })

  test('that lack all, or hold what is no number, are told by their place', async () => {
    const executor = incomplete(await executorOf())
    const load = async (values: ReadonlyArray<number>) =>
      executor.load({ rows: 2, columns: 3, data: Float64Array.from(values) })()
    const errors = await Promise.all([
      load([1, 2, 3, NONE, NONE, NONE]),
      load([1, NONE, 3, NONE, 2, Number.POSITIVE_INFINITY]),
    ])
    expect(errors.map(found => E.isLeft(found) && found.left)).toMatchObject([
      { _tag: 'NonFiniteData', row: 1, column: 0 },
      { _tag: 'NonFiniteData', row: 1, column: 2 },
    ])
  })
})

test('densities whose covariance is not positive definite in another order are an error, not a number', async () => {
  const loaded = await rightOf(incomplete(javascript).load({ rows: 1, columns: 2, data: Float64Array.of(NONE, 1) }))
  const found = await loaded.expectation({
    _tag: 'Quadratic',
    components: 1,
    columns: 2,
    mean: new Float64Array(2),
    whitening: Float64Array.of(1e-200, 0, 1, 1),
    logConstant: new Float64Array(1),
  })()
  expect(E.isLeft(found) && found.left).toMatchObject({ _tag: 'NonFiniteParameter', component: 0 })
})
