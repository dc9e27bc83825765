import {
  describeExecutorError,
  type Executor,
  type FactorDensities,
  grouped,
  javascript,
  type OffsetDensities,
  type ProductDensities,
  wasm,
  wasmThreads,
} from '@conjugate/executors'
import { describe, expect, test } from 'vitest'
import { available } from './support/executors.js'
import { naive, naiveSums } from './support/naive.js'
import {
  randomDensities,
  randomDiagonal,
  randomIndexed,
  randomLinear,
  randomOffset,
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
  loadFor,
  runAll,
  success,
  sumsOf,
} from './support/run.js'

const product = (...factors: FactorDensities[]): ProductDensities => ({
  _tag: 'Product',
  components: factors[0]!.components,
  columns: factors.reduce((sum, { columns }) => sum + columns, 0),
  factors,
  logConstant: new Float64Array(factors[0]!.components),
})

/** Offsets and indices first, last, between others, twice and alone. */
const products: ReadonlyArray<readonly [name: string, densities: (components: number) => ProductDensities]> = [
  ['offsets', k => product(randomOffset(k, 1))],
  ['offsets and diagonal', k => product(randomOffset(k, 1), randomDiagonal(k, 3, 2))],
  ['quadratic and offsets', k => product(randomDensities(k, 3, 1), randomOffset(k, 2))],
  [
    'linear, offsets, quadratic and offsets',
    k => product(randomLinear(k, 5, 1), randomOffset(k, 2), randomDensities(k, 5, 3), randomOffset(k, 4)),
  ],
  ['an index', k => product(randomIndexed(k, 5, 1))],
  ['an index and diagonal', k => product(randomIndexed(k, 3, 1), randomDiagonal(k, 3, 2))],
  [
    'quadratic, an index, offsets and another index',
    k => product(randomDensities(k, 2, 1), randomIndexed(k, 40, 2), randomOffset(k, 3), randomIndexed(k, 1, 4)),
  ],
]

describe.each(
  available.flatMap(([name, executor]) =>
    products.map(([kind, densities]) => [name, kind, executor, densities] as const),
  ),
)('%s on products of %s', (_name, _kind, executor, densitiesOf) => {
  test.each([0, 0.3, 1])('with %d of the offsets forbidding a component agree with the definition', async share => {
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

  test('and given responsibilities, which no offset changes', async () => {
    const densities = densitiesOf(3)
    const data = withGaps(randomRows(600, densities.columns, 1), densities, 0.5, 1)
    const given = Float64Array.from({ length: 1800 }, uniforms(2))
    const rows = await loadFor(executor, densities, data)
    const sums = sumsOf(await success(rows.weightedStatistics(densities, { rows: 600, columns: 3, data: given })))
    for (const [name, values] of Object.entries(naiveSums(data, densities, given)))
      expectNear(sums[name]!, values, name)
    rows.dispose()
  })

  test('without a component of weight zero', async () => {
    const densities = withConstant(densitiesOf(3), 1, Number.NEGATIVE_INFINITY)
    const data = withGaps(randomRows(500, densities.columns, 2), densities, 0.3, 2)
    const actual = await runAll(executor, data, densities)
    expectSame(actual, naive(data, densities), 500)
    expect(actual.weight[1]).toBe(0)
  })
})

/** Results by name. */
const named = (
  executor: Executor,
  data: number[],
  densities: ProductDensities,
): Promise<Record<string, Float64Array>> =>
  runAll(executor, data, densities) as unknown as Promise<Record<string, Float64Array>>

describe.each(available)('%s', (_name, executor) => {
  test('offsets are what a linear factor with parameters 1 and 0 makes of them', async () => {
    const [components, rows] = [3, 700]
    const diagonal = randomDiagonal(components, 2, 1)
    const identity = new Float64Array(9).fill(0)
    for (let k = 0; k < 3; k++) identity[4 * k] = 1
    const linear = { ...randomLinear(components, 3, 2), natural: identity, logConstant: new Float64Array(3) }
    const offset = { ...randomOffset(components, 2), logConstant: new Float64Array(3) }
    const data = randomRows(rows, 5, 1)
    const [actual, expected] = [
      await runAll(executor, data, product(diagonal, offset)),
      await runAll(executor, data, product(diagonal, linear)),
    ]
    for (const name of ['weight', 'responsibilities', 'logProb', 'logDensities'] as const)
      expectNear(actual[name], expected[name], name)
    expect(actual.assignments).toEqual(expected.assignments)
  })

  test('a row to which all is forbidden has no density, no responsibilities, and harms none when its weight is 0', async () => {
    const densities = product(randomDiagonal(2, 1, 1), randomOffset(2, 1))
    const none = Number.NEGATIVE_INFINITY
    const data = [0.5, -1, 0, 0.25, none, none, 1, none, 2]
    const actual = await runAll(executor, data, densities)
    expect(actual.logProb[1]).toBe(none)
    expect(Array.from(actual.responsibilities.slice(2))).toEqual([0, 0, 0, 1])
    expect(actual.assignments[1]).toBe(0)
    expect(actual.logLikelihood).toBe(none)
    const rowWeights = [1, 0, 3]
    const weighted = await runAll(executor, data, densities, { rowWeights })
    expect(weighted.logLikelihood).toBeGreaterThan(none)
    expectSame(weighted, naive(data, densities, rowWeights), 3)
  })

  test.each([
    ['NaN', Number.NaN],
    ['an offset of Infinity', Number.POSITIVE_INFINITY],
  ])('refuses to load %s, and names the place', async (_what, value) => {
    const densities = product(randomDiagonal(2, 1, 1), randomOffset(2, 1))
    const load = (origin?: number[]) =>
      executor.load(
        { rows: 2, columns: 3, data: [1, Number.NEGATIVE_INFINITY, 0, 1, 0, value] },
        { kind: 'Product', factors: densities.factors, ...(origin && { origin }) },
      )
    expect(await failure(load())).toMatchObject({ _tag: 'NonFiniteData', row: 1, column: 2, value })
    expect(await failure(load([0, Number.NaN, 0]))).toMatchObject({ _tag: 'NonFiniteData', row: 0, column: 1 })
  })

  test('an index is what a linear factor makes of columns of 1 and 0', async () => {
    const [components, levels, rows] = [3, 6, 700]
    const diagonal = randomDiagonal(components, 1, 1)
    const linear = randomLinear(components, levels, 2)
    const index: FactorDensities = { ...linear, _tag: 'Indexed', columns: 1, levels }
    const numbers = Array.from({ length: rows }, uniforms(1)).map(u => Math.floor(u * levels))
    const values = randomRows(rows, 1, 3)
    const indexed = numbers.flatMap((level, n) => [values[n]!, level])
    const hot = numbers.flatMap((level, n) => [
      values[n]!,
      ...Array.from({ length: levels }, (_, i) => Number(i === level)),
    ])
    const { 'sum of factor 1': actualSum, ...actual } = await named(executor, indexed, product(diagonal, index))
    const { 'sum of factor 1': expectedSum, ...expected } = await named(executor, hot, product(diagonal, linear))
    expectNear(actualSum!, expectedSum!, 'sums')
    for (const name of ['weight', 'responsibilities', 'logProb', 'logDensities'])
      expectNear(actual[name]!, expected[name]!, name)
  })

  test.each([
    ['a level too many', 3],
    ['a negative one', -1],
    ['half of one', 0.5],
    ['an infinite one', Number.POSITIVE_INFINITY],
  ])('refuses to load %s', async (_what, value) => {
    const densities = product(randomDiagonal(2, 1, 1), randomIndexed(2, 3, 1))
    const rows = { rows: 3, columns: 2, data: [1, Number.NaN, 1, 2, 1, value] }
    const error = await failure(executor.load(rows, { factors: densities.factors }))
    expect(describeExecutorError(error)).toMatch(
      /^rows, row 2, column 1: .*, expected a whole number from 0 to 2, or NaN$/,
    )
  })

  test.each([
    ['two columns', { _tag: 'Indexed', columns: 2, levels: 3 }],
    ['no levels', { _tag: 'Indexed', columns: 1 }],
  ] as const)('refuses to load an index of %s', async (_what, factor) => {
    const rows = { rows: 1, columns: factor.columns, data: new Float64Array(factor.columns) }
    expect(await failure(executor.load(rows, { factors: [factor] }))).toMatchObject({ _tag: 'ShapeMismatch' })
  })

  test('refuses an index of other levels, and infinite logarithms', async () => {
    const densities = product(randomDiagonal(2, 1, 1), randomIndexed(2, 3, 1))
    const rows = await loadFor(executor, densities, [1, 2])
    expect(await failure(rows.logProb(product(randomDiagonal(2, 1, 1), randomIndexed(2, 4, 1))))).toMatchObject({
      _tag: 'FactorMismatch',
      received: 'a product of Diagonal (1 columns) and Indexed (4 levels)',
    })
    const infinite = { ...randomIndexed(2, 3, 1), natural: new Float64Array(6).fill(Number.POSITIVE_INFINITY) }
    expect(await failure(rows.logProb(product(randomDiagonal(2, 1, 1), infinite)))).toMatchObject({
      _tag: 'NonFiniteParameter',
      parameter: 'natural of factor 1',
    })
    rows.dispose()
  })

  test('refuses offsets of another number of components, and offsets alone', async () => {
    const densities = product(randomDiagonal(3, 1, 1), randomOffset(3, 1))
    const rows = await loadFor(executor, densities, randomRows(4, 4, 1))
    const fewer = product(randomDiagonal(2, 1, 1), { ...randomOffset(2, 1), columns: 3 })
    expect(describeExecutorError(await failure(rows.expectation(fewer)))).toBe(
      'columns of factor 1: expected 2, received 3',
    )
    rows.dispose()
    const alone: OffsetDensities = randomOffset(2, 1)
    const plain = await success(executor.load({ rows: 1, columns: 2, data: [1, 2] }))
    expect(await failure(plain.expectation(alone as never))).toMatchObject({
      _tag: 'FactorMismatch',
      received: 'Offset alone',
    })
    plain.dispose()
  })
})

test.each([2, 3, 7])('%d threads give the bits of one where components are forbidden', async threads => {
  const [one, several] = [await success(wasm), await success(wasmThreads(threads))]
  for (const size of [1, 4096, 60_001]) {
    const densities = product(
      randomOffset(3, 1),
      randomIndexed(3, 9, 4),
      randomDensities(3, 3, 2),
      randomLinear(3, 2, 3),
    )
    const data = withGaps(randomRows(size, densities.columns, size), densities, 0.3, size)
    expectIdentical(await runAll(several, data, densities), await runAll(one, data, densities))
  }
})

test('equal rows are computed once, those to which the same components are forbidden among them', async () => {
  const densities = product(randomDiagonal(3, 1, 1), randomOffset(3, 1), randomIndexed(3, 3, 1))
  const data = withGaps(
    randomRows(5000, 5, 1).map(v => Math.round(v / 3)),
    densities,
    0.3,
    1,
  )
  const rows = await loadFor(grouped(javascript), densities, data)
  expect(rows.distinctRows).toBeLessThan(5000)
  expectSame(await allResults(rows, densities), naive(data, densities), 5000)
  rows.dispose()
})
