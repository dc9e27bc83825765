import { javascript } from '@conjugate/executors'
import { describe, expect, test } from 'vitest'
import { naive, naiveSums } from '../support/naive.js'
import { kinds, randomRows, uniforms, withGaps } from '../support/random.js'
import { expectNear, expectSame, failure, load, loadFor, runAll, success, sumsOf } from '../support/run.js'
import { inTwoPlaces } from './in-two-places.js'

const executor = inTwoPlaces(javascript)

describe.each(kinds)('an executor of somebody else on %s densities', (_, random) => {
  test.each([0, 1, 7, 257])('%i rows agree with the definition', async rows => {
    const densities = random(3, 4, 1)
    const all = randomRows(rows, 4, rows)
    const data = densities._tag === 'Product' ? withGaps(all, densities, 0.3, rows) : all
    const rowWeights = Float64Array.from({ length: rows }, uniforms(2))
    expectSame(await runAll(executor, data, densities), naive(data, densities), rows)
    const weighted = await runAll(executor, data, densities, { rowWeights })
    expectSame(weighted, naive(data, densities, rowWeights), rows)
    const given = Float64Array.from({ length: rows * 3 }, uniforms(3))
    const loaded = await loadFor(executor, densities, data)
    const sums = sumsOf(await success(loaded.weightedStatistics(densities, { rows, columns: 3, data: given })))
    for (const [name, values] of Object.entries(naiveSums(data, densities, given)))
      expectNear(sums[name]!, values, name)
    loaded.dispose()
    expect(await failure(loaded.logProb(densities))).toMatchObject({ _tag: 'ExecutionFailed' })
  })
})

test('errors tell rows by their numbers among all', async () => {
  const bad = executor.load({ rows: 5, columns: 1, data: Float64Array.of(1, 2, 3, 4, Number.NaN) })
  expect(await failure(bad)).toMatchObject({ _tag: 'NonFiniteData', row: 4, column: 0 })
  const rows = await load(executor, 1, Float64Array.of(1, 2, 3))
  const densities = kinds[0]![1](2, 1, 1)
  const given = { rows: 2, columns: 2, data: new Float64Array(4) }
  expect(await failure(rows.weightedStatistics(densities, given))).toMatchObject({ expected: 6, received: 4 })
  rows.dispose()
})
