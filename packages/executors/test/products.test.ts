import {
  type Densities,
  type DiagonalStatistics,
  type FactorDensities,
  grouped,
  javascript,
  type LoadOptions,
  type ProductDensities,
  wasm,
  wasmThreads,
} from '@conjugate/executors'
import { describe, expect, test } from 'vitest'
import { available } from './support/executors.js'
import { naive } from './support/naive.js'
import {
  pick,
  randomDensities,
  randomDiagonal,
  randomLinear,
  randomProduct,
  randomRows,
  uniforms,
  withConstant,
  withGaps,
} from './support/random.js'
import {
  allResults,
  expectIdentical,
  expectNear,
  expectSame,
  failure,
  load,
  loadFor,
  runAll,
  success,
} from './support/run.js'

const product = (...factors: FactorDensities[]): ProductDensities => ({
  _tag: 'Product',
  components: factors[0]!.components,
  columns: factors.reduce((sum, { columns }) => sum + columns, 0),
  factors,
  logConstant: new Float64Array(factors[0]!.components),
})

/** Kinds of factors side by side, several of one kind among them, below and above four columns. */
const products: ReadonlyArray<readonly [name: string, densities: (components: number) => ProductDensities]> = [
  ['diagonal', k => product(randomDiagonal(k, 3, 1))],
  ['quadratic', k => product(randomDensities(k, 5, 1))],
  ['diagonal and linear', k => product(randomDiagonal(k, 2, 1), randomLinear(k, 7, 2))],
  ['linear and two quadratic', k => product(randomLinear(k, 1, 1), randomDensities(k, 2, 2), randomDensities(k, 7, 3))],
  [
    'five',
    k =>
      product(
        randomDiagonal(k, 6, 1),
        randomLinear(k, 2, 2),
        randomDensities(k, 3, 3),
        randomDiagonal(k, 1, 4),
        randomLinear(k, 3, 5),
      ),
  ],
]

describe.each(
  available.flatMap(([name, executor]) =>
    products.map(([kind, densities]) => [name, kind, executor, densities] as const),
  ),
)('%s on products: %s', (_name, _kind, executor, densitiesOf) => {
  test.each([0, 0.3, 0.9, 1])('with %d of the cells missing agree with the definition', async share => {
    for (const components of [1, 2, 3, 5])
      for (const rows of [0, 1, 7, 256, 1001]) {
        const densities = densitiesOf(components)
        const data = withGaps(randomRows(rows, densities.columns, rows), densities, share, rows)
        const rowWeights = Float64Array.from({ length: rows }, uniforms(rows))
        expectSame(await runAll(executor, data, densities), naive(data, densities), rows)
        const weighted = await runAll(executor, data, densities, { rowWeights })
        expectSame(weighted, naive(data, densities, rowWeights), rows)
      }
  })

  test('take turns of any number of components on the same rows', async () => {
    const data = withGaps(randomRows(3000, densitiesOf(1).columns, 1), densitiesOf(1), 0.2, 1)
    const rows = await loadFor(executor, densitiesOf(1), data)
    for (const components of [2, 40, 3])
      expectIdentical(
        await allResults(rows, densitiesOf(components)),
        await runAll(executor, data, densitiesOf(components)),
      )
    rows.dispose()
  })

  test('without a component of weight zero, whichever constant says so', async () => {
    const densities = densitiesOf(3)
    const data = withGaps(randomRows(500, densities.columns, 2), densities, 0.3, 2)
    const dead: ProductDensities = {
      ...densities,
      factors: densities.factors.map((factor, f) =>
        f === 0 ? withConstant(factor, 1, Number.NEGATIVE_INFINITY) : factor,
      ),
    }
    const others = await runAll(executor, data, pick(densities, [0, 2]))
    for (const without of [dead, withConstant(densities, 1, Number.NEGATIVE_INFINITY)]) {
      const actual = await runAll(executor, data, without)
      expect(actual.weight[1]).toBe(0)
      expectNear(actual.logProb, others.logProb, 'logProb')
    }
  })
})

describe.each(available)('%s', (_name, executor) => {
  test('a product of one factor is that factor, constant for constant', async () => {
    const data = randomRows(700, 3, 1)
    for (const factor of [randomDensities(3, 3, 1), randomDiagonal(3, 3, 1), randomLinear(3, 3, 1)] as Densities[]) {
      const alone = await runAll(executor, data, factor)
      const { weight, logProb, responsibilities } = await runAll(executor, data, product(factor as FactorDensities))
      expectNear(weight, alone.weight, 'weight')
      expectNear(logProb, alone.logProb, 'logProb')
      expectNear(responsibilities, alone.responsibilities, 'responsibilities')
    }
  })

  test('a cell that is missing is at the mean of each component', async () => {
    const densities = product(randomDiagonal(1, 2, 1))
    const [x, y] = densities.factors[0]!._tag === 'Diagonal' ? densities.factors[0]!.mean : []
    const { logProb } = await runAll(executor, [Number.NaN, 3, x!, 3, 3, Number.NaN, 3, y!], densities)
    expect(logProb[0]).toBe(logProb[1])
    expect(logProb[2]).toBe(logProb[3])
  })

  test('the digits of a diagonal factor are those of deviations, however far means are apart', async () => {
    const diagonal = {
      ...randomDiagonal(2, 1, 1),
      mean: Float64Array.of(0, 2 ** 40),
      scale: Float64Array.of(1, 1),
      logConstant: new Float64Array(2),
    }
    const data = [0.5, 2 ** 40 - 0.25, Number.NaN].flatMap(v => [v, 1])
    const presence = { ...randomLinear(2, 1, 1), natural: Float64Array.of(0.25, 0.5), logConstant: new Float64Array(2) }
    const rows = await loadFor(executor, product(diagonal, presence), data)
    const { statistics } = await success(rows.expectation(product(diagonal, presence)))
    const { squares } = statistics.factors[0] as DiagonalStatistics
    expect(squares[0]).toBeCloseTo(0.25, 15)
    expect(squares[1]).toBeCloseTo(0.0625, 15)
    rows.dispose()
  })

  test.each([
    ['a cell of a linear factor', [1, 2, 3, 4, Number.NaN], 4],
    ['one cell of a quadratic factor', [1, 2, Number.NaN, 4, 5], 2],
    ['an infinite cell of a diagonal factor', [Number.NaN, 2, 3, Number.POSITIVE_INFINITY, 5], 3],
  ])('refuses to load rows without %s', async (_what, row, column) => {
    const factors = [
      { _tag: 'Diagonal', columns: 1 },
      { _tag: 'Quadratic', columns: 2 },
      { _tag: 'Diagonal', columns: 1 },
      { _tag: 'Linear', columns: 1 },
    ] as const
    const data = [Number.NaN, Number.NaN, Number.NaN, Number.NaN, 0, ...row]
    expect(await failure(executor.load({ rows: 2, columns: 5, data }, { kind: 'Product', factors }))).toMatchObject({
      _tag: 'NonFiniteData',
      row: 1,
      column,
      value: row[column],
    })
  })

  test.each([
    ['no factor', []],
    ['factors of other columns', [{ _tag: 'Diagonal', columns: 2 }]],
    [
      'a factor without columns',
      [
        { _tag: 'Diagonal', columns: 3 },
        { _tag: 'Linear', columns: 0 },
      ],
    ],
  ] satisfies ReadonlyArray<readonly [string, LoadOptions['factors']]>)(
    'refuses to load %s',
    async (_what, factors) => {
      expect(await failure(executor.load({ rows: 1, columns: 3, data: [1, 2, 3] }, { factors }))).toMatchObject({
        _tag: 'ShapeMismatch',
      })
    },
  )

  test('refuses densities of other factors, and names a parameter by its factor', async () => {
    const densities = randomProduct(2, 4, 1)
    const data = randomRows(5, 4, 1)
    const rows = await loadFor(executor, densities, data)
    const [first, ...others] = densities.factors
    expect(await failure(rows.expectation(randomDiagonal(2, 4, 1)))).toEqual({
      _tag: 'FactorMismatch',
      expected: 'a product of Quadratic (1 columns) and Diagonal (1 columns) and Linear (2 columns)',
      received: 'of one form',
    })
    expect(await failure(rows.logProb({ ...densities, factors: [...others, first!] }))).toMatchObject({
      _tag: 'FactorMismatch',
    })
    expect(
      await failure(rows.assignments({ ...densities, factors: [first!, ...others.map(f => pick(f, [0]))] })),
    ).toMatchObject({ _tag: 'ShapeMismatch', what: 'components of factor 1' })
    const infinite = { ...densities.factors[2]!, natural: new Float64Array(4).fill(Number.POSITIVE_INFINITY) }
    expect(
      await failure(
        rows.responsibilities({
          ...densities,
          factors: [...densities.factors.slice(0, 2), infinite as FactorDensities],
        }),
      ),
    ).toMatchObject({ _tag: 'NonFiniteParameter', parameter: 'natural of factor 2', component: 0 })
    rows.dispose()
    const plain = await load(executor, 4, data)
    expect(await failure(plain.expectation(densities))).toMatchObject({
      _tag: 'FactorMismatch',
      expected: 'of one form',
    })
    plain.dispose()
  })
})

test.each([2, 3, 7])('%d threads give the bits of one where cells are missing', async threads => {
  const [one, several] = [await success(wasm), await success(wasmThreads(threads))]
  for (const size of [1, 4096, 60_001]) {
    const densities = randomProduct(3, 7, size)
    const data = withGaps(randomRows(size, 7, size), densities, 0.3, size)
    expectIdentical(await runAll(several, data, densities), await runAll(one, data, densities))
  }
})

test('equal rows are computed once, those that lack the same cells among them', async () => {
  const densities = randomProduct(3, 4, 1)
  const coarse = randomRows(5000, 4, 1).map(Math.round)
  const data = withGaps(coarse, densities, 0.3, 1)
  const rows = await loadFor(grouped(javascript), densities, data)
  expect(rows.distinctRows).toBeLessThan(5000)
  expectSame(await allResults(rows, densities), naive(data, densities), 5000)
  rows.dispose()
})
