import { grouped, javascript } from '@conjugate/executors'
import { describe, expect, test, vi } from 'vitest'
import { naive } from './support/naive.js'
import { randomDensities, randomRows, uniforms } from './support/random.js'
import { expectSame, failure, load, runAll } from './support/run.js'

const executor = grouped(javascript)

/** N x D rows of few values: each column is one of `levels` numbers. */
const coarse = (rows: number, columns: number, levels: number, seed = 1): Float64Array => {
  const uniform = uniforms(seed)
  return Float64Array.from({ length: rows * columns }, () => Math.floor(uniform() * levels) / levels)
}

const distinctRows = async (data: Float64Array, columns: number) => {
  const rows = await load(executor, columns, data)
  rows.dispose()
  return rows.distinctRows
}

describe('rows of few values', () => {
  test.each([
    [2, 1],
    [1000, 1],
    [5000, 3],
    [20_000, 2],
  ])('%d rows of %d columns agree with the definition', async (count, columns) => {
    const data = coarse(count, columns, 4)
    const densities = randomDensities(3, columns, 1)
    expectSame(await runAll(executor, data, densities), naive(data, densities), count)
    const rowWeights = Float64Array.from({ length: count }, uniforms(2))
    const weighted = await runAll(executor, data, densities, { rowWeights })
    expectSame(weighted, naive(data, densities, rowWeights), count)
  })

  test('are computed once each', async () => {
    expect(await distinctRows(coarse(5000, 3, 4), 3)).toBe(64)
    const data = coarse(3000, 2, 9, 5)
    const pairs = new Set(Array.from({ length: 3000 }, (_, n) => `${data[2 * n]},${data[2 * n + 1]}`))
    expect(await distinctRows(data, 2)).toBe(pairs.size)
  })

  test('are told apart after the origin has been subtracted, too', async () => {
    const data = coarse(4000, 2, 3)
    const densities = randomDensities(2, 2, 3)
    const shifted = data.map(v => v + 1e6)
    const origin = [1e6, 1e6]
    expectSame(
      await runAll(executor, shifted, densities, { origin }),
      naive(
        shifted.map(v => v - 1e6),
        densities,
      ),
      4000,
    )
  })
})

test('more distinct rows than there is room for at first, by their first bits and their last', async () => {
  const uniform = uniforms(3)
  // 150,000 rows of 90,000 values, which differ in a lowest bit or in a sign.
  const data = Float64Array.from({ length: 150_000 }, () => {
    const i = Math.floor(uniform() * 90_000)
    return (i % 2 === 0 ? 1 : -1) * (1 + (i >> 1) * Number.EPSILON)
  })
  const expected = new Set(data).size
  expect(expected).toBeGreaterThan(65_536)
  expect(await distinctRows(data, 1)).toBe(expected)
  const densities = randomDensities(2, 1, 1)
  expectSame(await runAll(executor, data, densities), await runAll(javascript, data, densities), 150_000)
})

describe('nothing is grouped', () => {
  test('where all rows differ, or there are none', async () => {
    expect(await distinctRows(randomRows(5000, 2, 1), 2)).toBeUndefined()
    expect(await distinctRows(new Float64Array(0), 2)).toBeUndefined()
    expect(await distinctRows(new Float64Array(3), 3)).toBeUndefined()
  })

  test('where one value is common and the others differ', async () => {
    const data = randomRows(5000, 2, 1).map((v, i) => (i % 20 < 2 ? 0 : v))
    expect(await distinctRows(data, 2)).toBeUndefined()
    const densities = randomDensities(2, 2, 1)
    expectSame(await runAll(executor, data, densities), naive(data, densities), 5000)
  })
})

test('an error names the row of the data, not of the groups', async () => {
  const data = coarse(1000, 2, 2)
  data[1999] = Number.NaN
  data[1997] = Number.NaN
  expect(await failure(executor.load({ rows: 1000, columns: 2, data }))).toMatchObject({
    _tag: 'NonFiniteData',
    row: 998,
    column: 1,
  })
  const rowWeights = new Float64Array(1000).fill(1).with(7, -1)
  expect(
    await failure(executor.load({ rows: 1000, columns: 2, data: coarse(1000, 2, 2) }, { rowWeights })),
  ).toMatchObject({
    _tag: 'InvalidRowWeight',
    row: 7,
  })
})

test('a memory that holds few rows, or few values, never grows, after which every array would be slower', async () => {
  const grow = vi.spyOn(WebAssembly.Memory.prototype, 'grow')
  await distinctRows(coarse(70_000, 2, 4), 2)
  await distinctRows(randomRows(2048, 5, 1), 5)
  expect(grow).not.toHaveBeenCalled()
  grow.mockRestore()
})
