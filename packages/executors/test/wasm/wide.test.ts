import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { type Executor, javascript, type QuadraticDensities, wasm, wasmThreads } from '@conjugate/executors'
import { describe, expect, test } from 'vitest'
import { executorOf, kernelOf } from '../../dist/internals.js'
import { clusters, pathOf } from '../support/clusters.js'
import { errorOf, precise } from '../support/precise.js'
import { allResults, expectBits, expectIdentical, expectSame, load, runAll, success } from '../support/run.js'

// Of many columns the kernel leaves logits unfinished whose exponential is exactly 0, and adds up the rows that have a responsibility
// alone. Nothing of that may show.

const variants: ReadonlyArray<readonly [string, Executor]> = [
  ['as fast as can be', await success(wasm)],
  ['without relaxed SIMD', executorOf(await success(kernelOf('SIMD')))],
]

const ROWS = 700

/** Rows and densities on the way of a fit: by step, and how far clusters are apart, rows are near to one component or to all. */
const after = async (columns: number, components: number, separation: number, steps: number) => {
  const made = clusters(ROWS, columns, components, separation, columns + components)
  const rows = await load(javascript, columns, made.data)
  const path = await pathOf(rows, made, steps)
  rows.dispose()
  return { data: made.data, densities: path.at(-1)!.densities as QuadraticDensities }
}

const cases = [
  ['far apart', 128, 4, 200, 2],
  ['far apart, of columns that fill no tile', 131, 3, 200, 2],
  ['two, far apart', 130, 2, 200, 2],
  ['some near and some far', 129, 5, 45, 2],
  ['close by', 128, 3, 4, 1],
  ['of rows that are added up alone, with logits of all', 67, 4, 90, 2],
] as const

describe.each(variants)('%s', (_, executor) => {
  test.each(cases)(
    'clusters %s have the results of every executor',
    async (_name, columns, components, apart, steps) => {
      const { data, densities } = await after(columns, components, apart, steps)
      expectSame(await runAll(executor, data, densities), await runAll(javascript, data, densities), ROWS)
    },
  )

  test.each(cases)(
    'sums of clusters %s are as exact as logits can be',
    async (_name, columns, components, apart, steps) => {
      const { data, densities } = await after(columns, components, apart, steps)
      const exact = precise(data, densities)
      const rows = await load(executor, columns, data)
      const { statistics } = await success(rows.expectation(densities))
      rows.dispose()
      // Of as many bits as there are columns a logit is a sum, which responsibilities are as exact as.
      expect(errorOf(densities, statistics, exact)).toBeLessThanOrEqual(columns * Number.EPSILON)
    },
  )

  test.each(cases)(
    'what is said of a row of clusters %s does not depend on others',
    async (_name, columns, components, apart, steps) => {
      const { data, densities } = await after(columns, components, apart, steps)
      const of = async (first: number, count: number) => {
        const rows = await load(executor, columns, data.slice(first * columns, (first + count) * columns))
        const { responsibilities, logProb } = await allResults(rows, densities)
        rows.dispose()
        return { responsibilities, logProb }
      }
      const all = await of(0, ROWS)
      for (const [first, count] of [
        [0, 1],
        [77, 5],
        [3, 130],
      ] as const) {
        const some = await of(first, count)
        expectBits(some.logProb, all.logProb.slice(first, first + count), 'log densities')
        const at = first * components
        expectBits(some.responsibilities, all.responsibilities.slice(at, at + count * components), 'responsibilities')
      }
    },
  )
})

test('given responsibilities of 0 and 1 are those of labels', async () => {
  const { data, densities } = await after(70, 4, 4, 1)
  const rows = await load(await success(wasm), 70, data)
  const labels = Int32Array.from({ length: ROWS }, (_, n) => (n < 200 ? 1 : n % 4))
  const given = new Float64Array(4 * ROWS)
  labels.forEach((k, n) => {
    given[4 * n + k] = 1
  })
  const matrix = { rows: ROWS, columns: 4, data: given }
  const sums = await success(rows.weightedStatistics(densities, matrix))
  const ofLabels = await success(rows.labelStatistics!(densities, labels))
  expect(sums).toEqual(ofLabels)
  const plain = await load(javascript, 70, data)
  const expected = await success(plain.weightedStatistics(densities, matrix))
  for (const [i, value] of expected.outer.entries())
    expect(Math.abs(ofLabels.outer[i]! - value)).toBeLessThan(1e-11 * (1 + Math.abs(value)))
  rows.dispose()
  plain.dispose()
})

test('any number of threads gives the same bits', async () => {
  const { data, densities } = await after(129, 5, 45, 2)
  const rows = await load(await success(wasm), 129, data)
  const expected = await allResults(rows, densities)
  rows.dispose()
  for (const threads of [2, 3]) {
    const several = await load(await success(wasmThreads(threads)), 129, data)
    expectIdentical(await allResults(several, densities), expected)
    several.dispose()
  }
})

/** Loads rows in a process of its own and tells how many small modules it has compiled by then. */
const smallModules = (ways: string, columns: number): number =>
  Number(
    execFileSync(
      process.execPath,
      [
        '--input-type=module',
        '--eval',
        `let count = 0
        const { Module } = WebAssembly
        WebAssembly.Module = class extends Module {
          constructor(bytes) {
            super(bytes)
            if (bytes.length > 500 && bytes.length < 4096) count++
          }
        }
        const { loadBlocks, wasm, wasmThreads } = await import('@conjugate/executors')
        const rows = { rows: 2, columns: ${columns}, data: new Float64Array(2 * ${columns}) }
        const inBlocks = { ...rows, weighted: false, read: async function* () { yield { _tag: 'Right', right: { rows } } } }
        const loaded = await ${ways}
        if (loaded._tag === 'Left') throw new Error(JSON.stringify(loaded.left))
        await loaded.right.dispose()
        console.log(count)`,
      ],
      { cwd: fileURLToPath(new URL('../..', import.meta.url)), encoding: 'utf8' },
    ),
  )

test.each([
  ['in this thread', '(await wasm()).right.load(rows)()'],
  ['on threads', '(await wasmThreads(2)()).right.load(rows)()'],
  ['in blocks', 'loadBlocks(inBlocks)()'],
])('rows of many columns %s come with the kernel for matrices of M-steps', (_, ways) => {
  expect(smallModules(ways, 24) - smallModules(ways, 23)).toBe(1)
})
