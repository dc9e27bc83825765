import { grouped } from '@conjugate/executors'
import { describe, expect, test } from 'vitest'
import { available } from './support/executors.js'
import { naiveSums } from './support/naive.js'
import { kinds, randomRows, uniforms, withConstant } from './support/random.js'
import { expectNear, failure, loadFor, success, sumsOf } from './support/run.js'

const ways = available.flatMap(([name, executor]) => [
  [name, executor] as const,
  [`${name}, equal rows grouped`, grouped(executor)] as const,
])

describe.each(
  ways.flatMap(([name, executor]) => kinds.map(([kind, random]) => [name, kind, executor, random] as const)),
)('sums of %s with given responsibilities for %s densities', (_name, _kind, executor, random) => {
  test.each([
    [1, 1, 1],
    [7, 2, 3],
    [257, 3, 2],
    [1000, 5, 4],
  ])('%d rows of %d columns, %d components', async (rows, columns, components) => {
    // Of few values, so that there are equal rows.
    const data = randomRows(rows, columns, 3).map(v => Math.round(v))
    const densities = random(components, columns, 3)
    const uniform = uniforms(5)
    const given = Float64Array.from({ length: rows * components }, () => Math.max(0, 3 * uniform() - 1))
    const rowWeights = Float64Array.from({ length: rows }, uniforms(6))
    const expected = naiveSums(data, densities, given)
    // Row weights are in what is given, and a component without a weight is none of its business.
    for (const [loaded, asked] of [
      [await loadFor(executor, densities, data), densities],
      [await loadFor(executor, densities, data, { rowWeights }), densities],
      [await loadFor(executor, densities, data), withConstant(densities, 0, -3)],
    ] as const) {
      const sums = sumsOf(await success(loaded.weightedStatistics(asked, { rows, columns: components, data: given })))
      for (const [name, values] of Object.entries(expected)) expectNear(sums[name]!, values, name)
      loaded.dispose()
    }
  })
})

test.each(ways)('%s refuses responsibilities that are none', async (_, executor) => {
  const [, random] = kinds[0]!
  const densities = random(2, 1, 1)
  const loaded = await loadFor(executor, densities, Float64Array.of(1, 2))
  const given = (rows: number, columns: number, data: number[]) =>
    failure(loaded.weightedStatistics(densities, { rows, columns, data }))
  expect(await given(3, 2, [1, 0, 1, 0, 1, 0])).toMatchObject({ _tag: 'ShapeMismatch', expected: 2, received: 3 })
  expect(await given(2, 1, [1, 0])).toMatchObject({ _tag: 'ShapeMismatch', expected: 2, received: 1 })
  expect(await given(2, 2, [1, 0, 1])).toMatchObject({ _tag: 'ShapeMismatch', expected: 4, received: 3 })
  expect(await given(2, 2, [1, 0, Number.NaN, 1])).toMatchObject({ parameter: 'responsibilities', component: 0 })
  expect(await given(2, 2, [1, 0, 1, -1])).toMatchObject({ parameter: 'responsibilities', component: 1, value: -1 })
  loaded.dispose()
})
