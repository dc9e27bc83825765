import { drawAssignments, wasm, wasmThreads } from '@conjugate/executors'
import { describe, expect, test } from 'vitest'
import { kinds, randomOffset, randomRows } from '../support/random.js'
import { expectBits, failure, loadFor, success, sumsOf } from '../support/run.js'

const SEEDS = [0, 12_345, 2 ** 32 + 5, 2 ** 53 - 1]

describe.each([1, 2, 3])('%d threads', threads => {
  const executor = () => success(threads === 1 ? wasm : wasmThreads(threads))

  test.each(kinds)(
    'draw labels of %s densities by the probabilities of rows, seed and place',
    async (_kind, random) => {
      const size = threads === 1 ? 1001 : 20_001
      const densities = random(5, 3, 1)
      const rows = await loadFor(await executor(), densities, randomRows(size, 3, 2))
      const responsibilities = await success(rows.responsibilities(densities))
      const logProb = await success(rows.logProb(densities))
      for (const seed of SEEDS) {
        const { assignments, logLikelihood } = await success(rows.draws!(densities, seed))
        expect(assignments).toEqual(drawAssignments(responsibilities, seed))
        expect(logLikelihood).toBe(logProb.reduce((sum, v) => sum + v, 0))
      }
      rows.dispose()
    },
  )

  test.each(kinds)('sum %s statistics by labels as by the indicators of these', async (_kind, random) => {
    const size = threads === 1 ? 1001 : 20_001
    const densities = random(4, 3, 1)
    const rows = await loadFor(await executor(), densities, randomRows(size, 3, 2))
    const labels = Int32Array.from({ length: size }, (_, n) => ((n * 7) % 5) - 1)
    const data = new Float64Array(size * 4)
    for (const [n, label] of labels.entries()) if (label >= 0) data[n * 4 + label] = 1
    const expected = sumsOf(await success(rows.weightedStatistics(densities, { rows: size, columns: 4, data })))
    const actual = sumsOf(await success(rows.labelStatistics!(densities, labels)))
    for (const [name, values] of Object.entries(expected)) expectBits(actual[name]!, values, name)
    for (const wrong of [labels.subarray(1), labels.map(() => 4)])
      expect(await failure(rows.labelStatistics!(densities, wrong))).toMatchObject({ _tag: 'ShapeMismatch' })
    rows.dispose()
  })
})

test('a row to which all is forbidden has no label', async () => {
  const none = Number.NEGATIVE_INFINITY
  const offset = { ...randomOffset(2, 1), logConstant: new Float64Array(2) }
  const densities = {
    _tag: 'Product',
    components: 2,
    columns: 2,
    factors: [offset],
    logConstant: new Float64Array(2),
  } as const
  const rows = await loadFor(await success(wasm), densities, [0, none, none, none, none, 0])
  const { assignments, logLikelihood } = await success(rows.draws!(densities, 3))
  expect(Array.from(assignments)).toEqual([0, -1, 1])
  expect(logLikelihood).toBe(none)
  rows.dispose()
})
