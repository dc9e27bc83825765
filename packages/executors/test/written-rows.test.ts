import {
  type Densities,
  type Executor,
  grouped,
  groupedWhereKnown,
  javascript,
  type LoadOptions,
  type WrittenRows,
} from '@conjugate/executors'
import { describe, expect, test } from 'vitest'
import { available } from './support/executors.js'
import { randomIndexed, randomLinear, randomRows } from './support/random.js'
import { allResults, expectIdentical, failure, runAll, success } from './support/run.js'

/** Rows that tell how often their numbers were asked for all at once. */
const writing = (data: Float64Array, columns: number) => {
  let asked = 0
  const rows: WrittenRows = {
    rows: data.length / columns,
    columns,
    get data() {
      asked++
      return data
    },
    write: (start, end, target, width) => {
      for (let n = start; n < end; n++) target.set(data.subarray(n * columns, (n + 1) * columns), (n - start) * width)
    },
  }
  return { rows, asked: () => asked }
}

const indices = (rows: number, levels: ReadonlyArray<number>): Float64Array =>
  Float64Array.from({ length: rows * levels.length }, (_, i) => (i * 7 + (i >> 3)) % levels[i % levels.length]!)

const cases: ReadonlyArray<
  readonly [name: string, densities: Densities, options: LoadOptions, data: (rows: number) => Float64Array]
> = (() => {
  const [one, other] = [randomIndexed(3, 5, 1), randomIndexed(3, 9, 2)]
  const linear = randomLinear(3, 3, 4)
  const factors = [one, other]
  const logConstant = new Float64Array(3)
  return [
    [
      'indices',
      { _tag: 'Product', components: 3, columns: 2, factors, logConstant },
      { kind: 'Product', factors },
      rows => indices(rows, [5, 9]),
    ],
    ['linear rows', linear, { kind: 'Linear' }, rows => randomRows(rows, 3, 5)],
  ]
})()

const results = async (executor: Executor, rows: WrittenRows, densities: Densities, options: LoadOptions) => {
  const loaded = await success(executor.load(rows, options))
  const found = await allResults(loaded, densities)
  loaded.dispose()
  return found
}

describe.each(available)('rows that are written, by %s', (name, executor) => {
  test.each(cases)('%s have the bits of a matrix', async (_, densities, options, dataOf) => {
    for (const count of [1, 5, 700, 40_001]) {
      const data = dataOf(count)
      const { rows, asked } = writing(data, densities.columns)
      for (const weights of [{}, { rowWeights: Float64Array.from({ length: count }, (_, n) => (n % 3) + 0.5) }]) {
        const all = { ...options, ...weights }
        expectIdentical(await results(executor, rows, densities, all), await runAll(executor, data, densities, all))
      }
      // The kernel has them written where they go.
      if (name.startsWith('wasm')) expect(asked()).toBe(0)
    }
  })

  test('are refused as those of a matrix', async () => {
    const [, { columns }, options, dataOf] = cases[0]!
    const data = dataOf(300)
    data[2 * 170 + 1] = 9
    const error = await failure(executor.load(writing(data, columns).rows, options))
    expect(error).toEqual(await failure(executor.load({ rows: 300, columns, data }, options)))
    expect(error).toMatchObject({ _tag: 'UnreadableData', row: 170, column: 1 })
  })
})

describe('rows of which it is known which are equal', () => {
  const values = [3, -1, 0.5, 7, 2]
  const densities = randomLinear(3, 2, 6)
  /** Rows whose first columns take few values, or all are different, with the numbers of equal ones. */
  const numbered = (count: number, kinds: number) => {
    const of = Uint16Array.from({ length: count }, (_, n) => (n * 13) % kinds)
    const data = Float64Array.from({ length: 2 * count }, (_, i) => values[i % 2]! + of[i >> 1]!)
    return { data, rows: { ...writing(data, 2).rows, equal: { of, count: kinds } } }
  }

  test.each([
    [4000, 31],
    [4000, 1],
    [300, 300],
  ])('%d rows of %d kinds are the groups that are found by looking at them', async (count, kinds) => {
    const { data, rows } = numbered(count, kinds)
    const rowWeights = Float64Array.from({ length: count }, (_, n) => 0.1 + (n % 7) / 3)
    for (const options of [{ kind: 'Linear' }, { kind: 'Linear', rowWeights }] as const) {
      const expected = await runAll(grouped(javascript), data, densities, options)
      expectIdentical(await results(grouped(javascript), rows, densities, options), expected)
      expectIdentical(await results(groupedWhereKnown(javascript), rows, densities, options), expected)
    }
    const loaded = await success(groupedWhereKnown(javascript).load(rows))
    expect(loaded.distinctRows).toBe(kinds < count ? kinds : undefined)
    const plain = await success(groupedWhereKnown(javascript).load({ rows: count, columns: 2, data }))
    expect(plain.distinctRows).toBeUndefined()
  })

  test('are computed one by one where their weights are beyond float64 together', async () => {
    const { rows } = numbered(100, 3)
    const loaded = await success(
      groupedWhereKnown(javascript).load(rows, { rowWeights: new Float64Array(100).fill(1e307) }),
    )
    expect(loaded.distinctRows).toBeUndefined()
  })
})
