import {
  type ClusterableRows,
  type ClusterOptions,
  clustersOn,
  javascript,
  type WrittenRows,
} from '@conjugate/executors'
import { describe, expect, test } from 'vitest'
import { available } from './support/executors.js'
import { normals, uniforms } from './support/random.js'
import { success } from './support/run.js'

/** Rows about K places that are as far from each other as told, in units of their spread. */
const clustered = (rows: number, columns: number, count: number, far: number, seed: number): Float64Array => {
  const normal = normals(seed)
  const places = Float64Array.from({ length: count * columns }, () => far * normal())
  return Float64Array.from(
    { length: rows * columns },
    (_, i) => places[(Math.floor(i / columns) % count) * columns + (i % columns)]! + normal(),
  )
}

const distanceIn = (data: Float64Array, columns: number, weights?: ArrayLike<number>) => {
  const rows = data.length / columns
  const scales = Array.from({ length: columns }, (_, c) => {
    let [sum, mean, squares] = [0, 0, 0]
    for (let n = 0; n < rows; n++) if (!Number.isNaN(data[n * columns + c])) sum += weights?.[n] ?? 1
    for (let n = 0; n < rows; n++) {
      const x = data[n * columns + c]!
      if (!Number.isNaN(x)) mean += ((weights?.[n] ?? 1) / sum) * x
    }
    for (let n = 0; n < rows; n++) {
      const x = data[n * columns + c]!
      if (!Number.isNaN(x)) squares += ((weights?.[n] ?? 1) / sum) * (x - mean) ** 2
    }
    return { mean, precision: squares > 0 ? 1 / squares : 0 }
  })
  const at = (n: number, c: number): number => {
    const x = data[n * columns + c]!
    return Number.isNaN(x) ? scales[c]!.mean : x
  }
  return (n: number, m: number): number =>
    scales.reduce((sum, { precision }, c) => sum + precision * (at(n, c) - at(m, c)) ** 2, 0)
}

/** The means of clusters and one over the variances of columns, whose units they are told apart in. */
const meansOf = (
  data: Float64Array,
  columns: number,
  weights: Float64Array,
  clusters: Int32Array,
  count: number,
): { readonly means: Float64Array; readonly precisions: Float64Array } => {
  const sums = (group: (n: number) => number, groups: number): Float64Array => {
    const [total, all] = [new Float64Array(groups), new Float64Array(groups * columns)]
    for (let n = 0; n < clusters.length; n++) {
      total[group(n)]! += weights[n]!
      for (let c = 0; c < columns; c++) all[group(n) * columns + c]! += weights[n]! * data[n * columns + c]!
    }
    return all.map((sum, i) => sum / total[Math.floor(i / columns)]!)
  }
  const mean = sums(() => 0, 1)
  const variances = new Float64Array(columns)
  for (let i = 0; i < data.length; i++)
    variances[i % columns]! += weights[Math.floor(i / columns)]! * (data[i]! - mean[i % columns]!) ** 2
  const total = weights.reduce((a, b) => a + b)
  return { means: sums(n => clusters[n]!, count), precisions: variances.map(v => total / v) }
}

type Partition = readonly [
  data: Float64Array,
  columns: number,
  weights: Float64Array,
  clusters: Int32Array,
  count: number,
]

const squaredDistances = (...partition: Partition): ((n: number, k: number) => number) => {
  const [data, columns] = partition
  const { means, precisions } = meansOf(...partition)
  return (n, k) => {
    let sum = 0
    for (let c = 0; c < columns; c++) sum += precisions[c]! * (data[n * columns + c]! - means[k * columns + c]!) ** 2
    return sum
  }
}

const spreadOf = (...partition: Partition): number => {
  const distance = squaredDistances(...partition)
  const [, , weights, clusters] = partition
  return clusters.reduce((sum, k, n) => sum + weights[n]! * distance(n, k), 0)
}

/** One round of Lloyd's algorithm. */
const nearestOf = (...partition: Partition): Int32Array => {
  const distance = squaredDistances(...partition)
  const [, , , clusters, count] = partition
  return clusters.map((_, n) => {
    let best = 0
    for (let k = 1; k < count; k++) if (distance(n, k) < distance(n, best)) best = k
    return best
  })
}

describe.each(available)('clusters of %s', (_name, executor) => {
  const open = (data: Float64Array, columns: number, options: ClusterOptions): Promise<ClusterableRows> =>
    success(clustersOn(executor)({ rows: data.length / columns, columns, data }, options))
  const plainly = (data: Float64Array, columns: number, options: ClusterOptions): Promise<ClusterableRows> =>
    success(clustersOn(javascript)({ rows: data.length / columns, columns, data }, options))

  test.each([
    [300, 4, 3, 1],
    [2100, 5, 4, 1],
    // Squares of these are beyond float64.
    [300, 3, 3, 1e200],
  ])('%d rows of %d columns that are written have the clusters of a matrix', async (rows, columns, count, size) => {
    const data = clustered(rows, columns, count, 3, 9).map(x => size * x)
    const written: WrittenRows = {
      rows,
      columns,
      data,
      write: (start, end, target, width) => {
        for (let n = start; n < end; n++) {
          const to = (n - start) * width
          target.fill(0, to, to + width).set(data.subarray(n * columns, (n + 1) * columns), to)
        }
      },
    }
    const found = await success(clustersOn(executor)(written, { count }))
    const expected = await open(data, columns, { count })
    expect(found.kMeans(4)).toEqual(expected.kMeans(4))
    expect(found.nearestTo([0, 1, 2])).toEqual(expected.nearestTo([0, 1, 2]))
  })

  test.each([
    [1, 1, 1],
    [5, 1, 2],
    [40, 2, 3],
    [300, 3, 4],
    [301, 5, 5],
    [1000, 16, 8],
    [700, 7, 9],
  ])('%d rows of %d columns: the nearest of %d rows is that by hand', async (rows, columns, count) => {
    const data = clustered(rows, columns, count, 1, rows)
    const rowWeights = Float64Array.from({ length: rows }, uniforms(4)).map(v => v + 0.1)
    const places = Array.from({ length: count }, (_, k) => Math.floor((k * rows) / count))
    for (const weights of [undefined, rowWeights]) {
      const distance = distanceIn(data, columns, weights)
      const nearest = Array.from({ length: rows }, (_, n) => {
        const all = places.map(place => distance(n, place))
        return all.indexOf(Math.min(...all))
      })
      const found = (await open(data, columns, { count, rowWeights: weights })).nearestTo(places)
      expect(Array.from(found)).toEqual(nearest)
    }
  })

  // Apart, and so near that bounds tell little; fewer rows than a sample, more, and more than a larger one.
  test.each([
    [200, 2, 3, 8],
    [200, 2, 3, 0.5],
    [2049, 3, 5, 3],
    [6000, 4, 6, 0.7],
    [6000, 1, 4, 2],
    [65_600, 2, 3, 0.7],
  ])('%d rows of %d columns in %d clusters, %d apart: those of plain JavaScript', async (rows, columns, count, far) => {
    const data = clustered(rows, columns, count, far, 7)
    const rowWeights = Float64Array.from({ length: rows }, uniforms(5)).map(v => 3 * v + 0.1)
    for (const options of [{ count }, { count, rowWeights }])
      for (let seed = 0; seed < (rows > 2 ** 16 ? 1 : 3); seed++) {
        const found = (await open(data, columns, options)).kMeans(seed)
        const expected = (await plainly(data, columns, options)).kMeans(seed)
        expect(found.seeds).toEqual(expected.seeds)
        expect(found.clusters).toEqual(expected.clusters)
      }
  })

  test.each([
    ['near each other', 1, () => 1],
    ['apart', 5, () => 1],
    ['of rows of very different weights', 2, (normal: () => number) => Math.exp(3 * normal())],
    ['beside a row that outweighs all others', 2, (_: () => number, n: number) => (n === 777 ? 1e12 : 1)],
  ])(
    'clusters of many rows, %s, are where twelve more rounds bring rows hardly nearer',
    async (_name, far, weightOf) => {
      const [rows, columns, count] = [70_001, 2, 4]
      const data = clustered(rows, columns, count, far, 3)
      const normal = normals(8)
      const rowWeights = Float64Array.from({ length: rows }, (_, n) => weightOf(normal, n))
      const { seeds, clusters } = (await open(data, columns, { count, rowWeights })).kMeans(2)
      expect(new Set(seeds).size).toBe(count)
      const before = spreadOf(data, columns, rowWeights, clusters, count)
      let after = clusters
      for (let round = 0; round < 12; round++) after = nearestOf(data, columns, rowWeights, after, count)
      expect(before / spreadOf(data, columns, rowWeights, after, count)).toBeLessThan(1.003)
    },
  )

  test('clusters that are apart are found, whatever the units, places and sizes of the columns', async () => {
    const [rows, count] = [3000, 4]
    const data = clustered(rows, 3, count, 30, 1)
    for (const [unit, place] of [
      [1, 0],
      [1e-300, 0],
      [1e300, 0],
      [1e-3, 1e6],
      [4e307, 1e307],
    ] as const) {
      // A column of other units, one that is constant, and one that does not count.
      const moved = Float64Array.from({ length: rows * 5 }, (_, i) => {
        const [n, c] = [Math.floor(i / 5), i % 5]
        if (c === 3) return 0.1 * place
        return c === 4 ? n : data[n * 3 + c]! * (c === 1 ? unit / 100 : unit / 80) + place
      })
      const { clusters, seeds } = (await open(moved, 5, { count, features: 4 })).kMeans(3)
      expect(new Set(seeds.map(n => n % count)).size).toBe(count)
      for (let n = 0; n < rows; n++) expect(clusters[n]).toBe(clusters[n % count])
      expect(new Set(clusters).size).toBe(count)
    }
  })

  test('groups along one column are found, however many say nothing, where it has gaps between them', async () => {
    for (const [rows, count, others] of [
      [600, 3, 1],
      [5000, 4, 3],
      [900, 5, 6],
    ] as const) {
      const uniform = uniforms(rows)
      const columns = others + 1
      const data = Float64Array.from({ length: rows * columns }, (_, i) => {
        const [n, c] = [Math.floor(i / columns), i % columns]
        return c === others ? 10 * (n % count) + 2 * uniform() : uniform()
      })
      const rowWeights = Float64Array.from({ length: rows }, () => 0.5 + uniform())
      for (const options of [{ count }, { count, rowWeights }]) {
        const { clusters, seeds } = (await open(data, columns, options)).kMeans(1)
        expect(new Set(seeds.map(n => n % count)).size).toBe(count)
        for (let n = 0; n < rows; n++) expect(clusters[n]).toBe(clusters[n % count])
        expect(new Set(clusters).size).toBe(count)
      }
    }
  })

  test('a column of two numbers, one of outliers and one without gaps make no groups of their own', async () => {
    const normal = normals(3)
    const [rows, count] = [1200, 2]
    // Two groups in the first two columns, of which neither the third nor the fourth says anything.
    const data = Float64Array.from({ length: rows * 4 }, (_, i) => {
      const [n, c] = [Math.floor(i / 4), i % 4]
      if (c === 2) return (n >> 1) % 2
      if (c === 3) return n % 100 === 0 ? 50 + normal() : normal()
      return 4 * (n % count) + normal()
    })
    const { clusters } = (await open(data, 4, { count })).kMeans(2)
    const agreeing = clusters.filter((k, n) => (k === clusters[0]) === (n % count === 0)).length
    expect(agreeing / rows).toBeGreaterThan(0.97)
  })

  test('a cell that is missing is at the mean of its column', async () => {
    const data = clustered(400, 3, 3, 4, 2)
    for (let i = 0; i < data.length; i += 7) data[i] = Number.NaN
    const distance = distanceIn(data, 3)
    const found = (await open(data, 3, { count: 3 })).nearestTo([1, 2, 3])
    for (let n = 0; n < 400; n++) {
      const all = [1, 2, 3].map(place => distance(n, place))
      expect(found[n]).toBe(all.indexOf(Math.min(...all)))
    }
    const none = new Float64Array(60).fill(Number.NaN)
    expect((await open(none, 3, { count: 2 })).kMeans(1).seeds).toHaveLength(1)
  })

  test('a row of weight w counts as w copies, and one that outweighs all others takes none of their scale', async () => {
    const data = clustered(60, 2, 3, 3, 9)
    const rowWeights = Float64Array.from({ length: 60 }, (_, n) => 1 + (n % 3))
    const copies = Array.from(rowWeights).flatMap((w, n) =>
      Array.from({ length: w }, () => [data[2 * n]!, data[2 * n + 1]!]),
    )
    const weighted = (await open(data, 2, { count: 3, rowWeights })).nearestTo([0, 1, 2])
    const first = (n: number): number => copies.findIndex(([x]) => x === data[2 * n])
    const repeated = (await open(Float64Array.from(copies.flat()), 2, { count: 3 })).nearestTo([
      first(0),
      first(1),
      first(2),
    ])
    for (let n = 0; n < 60; n++) expect(weighted[n]).toBe(repeated[first(n)])
    const { seeds, clusters } = (
      await open(Float64Array.of(0, 1e3, 2e3, 2e3 + 1), 1, { count: 2, rowWeights: [1e30, 1, 1, 1] })
    ).kMeans(0)
    expect(seeds).toHaveLength(2)
    expect(clusters[2]).toBe(clusters[3])
  })

  test('fewer different rows than clusters are as many seeds', async () => {
    const data = Float64Array.from({ length: 5000 }, (_, n) => (n === 4321 ? 1 : 0))
    for (const [count, found] of [
      [1, 1],
      [2, 2],
      [3, 2],
    ] as const) {
      const { seeds, clusters } = (await open(data, 1, { count })).kMeans(1)
      expect(seeds).toHaveLength(found)
      expect(clusters).toHaveLength(found === count ? 5000 : 0)
      if (found === count && count === 2) expect(clusters[4321]).not.toBe(clusters[0])
    }
  })
})
