import { clustersOn, javascript, type LinearDensities, selectExecutor } from '@conjugate/executors'
import { type SparseMatrix, sparseClusters, sparseRows } from '@conjugate/executors/sparse'
import { rowsAt } from '@conjugate/linalg'
import { describe, expect, test } from 'vitest'
import { uniforms } from './support/random.js'
import { success } from './support/run.js'

const [N, F] = [700, 50]

/** Rows of which one in ten numbers is not 0, the first of which are empty. */
const dense = ((): Float64Array => {
  const uniform = uniforms(5)
  return Float64Array.from({ length: N * F }, (_, i) => (i >= 3 * F && uniform() < 0.1 ? 4 * uniform() - 2 : 0))
})()

const matrix = ((): SparseMatrix => {
  const [indptr, indices, values]: [number[], number[], number[]] = [[0], [], []]
  for (let n = 0; n < N; n++) {
    for (let c = 0; c < F; c++)
      if (dense[n * F + c] !== 0) {
        indices.push(c)
        values.push(dense[n * F + c]!)
      }
    indptr.push(indices.length)
  }
  return {
    rows: N,
    columns: F,
    indptr: Float64Array.from(indptr),
    indices: Int32Array.from(indices),
    values: Float64Array.from(values),
  }
})()

const rowWeights = Float64Array.from({ length: N }, (_, n) => (n % 5 === 0 ? 0 : 1 / (1 + (n % 3))))

const densitiesOf = (components: number): LinearDensities => {
  const uniform = uniforms(components)
  return {
    _tag: 'Linear',
    components,
    columns: F,
    natural: Float64Array.from({ length: components * F }, () => 2 * uniform() - 1),
    logConstant: Float64Array.from({ length: components }, () => uniform()),
  }
}

/** More components after fewer, and fewer after more: nothing of what was there before may be seen. */
const counts = [3, 13, 1, 2, 10, 5, 24, 4]

describe.each([undefined, rowWeights])('sparse rows (with weights: %#)', weights => {
  test('have the same bits on the kernel and in JavaScript, and the numbers of rows', async () => {
    const loaded = await success(sparseRows(matrix, { rowWeights: weights }))
    const inJavaScript = await success(sparseRows(matrix, { rowWeights: weights, backend: 'javascript' }))
    const executor = await success(selectExecutor('javascript'))
    const rows = await success(
      executor.load({ rows: N, columns: F, data: dense }, { kind: 'Linear', ...(weights && { rowWeights: weights }) }),
    )
    for (const count of counts) {
      const densities = densitiesOf(count)
      const found = await success(loaded.expectation(densities))
      expect(await success(inJavaScript.expectation(densities))).toEqual(found)
      const expected = await success(rows.expectation(densities))
      expect(found.logLikelihood).toBeCloseTo(expected.logLikelihood, 9)
      for (const [i, v] of expected.statistics.sum.entries()) expect(found.statistics.sum[i]).toBeCloseTo(v, 10)
      const prediction = await success(loaded.prediction(densities))
      expect(await success(inJavaScript.prediction(densities))).toEqual(prediction)
      expect(prediction.assignments).toEqual(await success(rows.assignments(densities)))
      expect(prediction.logProb).toEqual(await success(loaded.logProb(densities)))
      const { responsibilities } = prediction
      expect(await success(inJavaScript.weightedStatistics(densities, responsibilities))).toEqual(
        await success(loaded.weightedStatistics(densities, responsibilities)),
      )
    }
    expect([loaded.ranOn?.(), inJavaScript.ranOn?.()]).toEqual([
      'sparse rows in WebAssembly (SIMD, float64)',
      'sparse rows in JavaScript (float64)',
    ])
    expect([loaded.matrix.values, loaded.matrix.indices]).toEqual([matrix.values, matrix.indices])
  })
})

test('clusters are the same on the kernel and in JavaScript, and those of the rows with their zeros', async () => {
  const places = Int32Array.from({ length: N / 2 }, (_, i) => 2 * i)
  for (const some of [undefined, places])
    for (const count of [2, 7])
      for (const isWeighted of [false, true])
        for (const ownUnits of [F, 3, 0]) {
          const options = {
            count,
            ownUnits,
            ...(isWeighted && { rowWeights: Float64Array.from({ length: some?.length ?? N }, (_, i) => 1 + (i % 3)) }),
          }
          const found = (await success(sparseClusters(matrix, options, some))).kMeans(11)
          const inJavaScript = await success(sparseClusters(matrix, { ...options, backend: 'javascript' }, some))
          expect(inJavaScript.kMeans(11)).toEqual(found)
          const all = { rows: N, columns: F, data: dense }
          const ofAll = await success(clustersOn(javascript)(some ? rowsAt(all, some) : all, options))
          // No column has gaps between groups, by which clusters of other rows would be.
          const { seeds, clusters } = found
          expect(ofAll.kMeans(11)).toMatchObject({ seeds, clusters })
          expect(ofAll.nearestTo(seeds)).toEqual(inJavaScript.nearestTo(seeds))
        }
})

test('weights of other rows are refused', async () => {
  expect(await sparseRows(matrix, { rowWeights: Float64Array.of(1) })()).toMatchObject({
    left: { _tag: 'ShapeMismatch', expected: N, received: 1 },
  })
})
