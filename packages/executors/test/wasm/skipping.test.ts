import { type LoadedRows, type LoadOptions, wasm, wasmThreads } from '@conjugate/executors'
import { describe, expect, test } from 'vitest'
import { checkRows, kernelOf, rowsOn, storeRows } from '../../dist/internals.js'
import { type Clusters, clusters, type Metric, type PathOptions, pathOf, type Step } from '../support/clusters.js'
import { errorOf, precise } from '../support/precise.js'
import { uniforms } from '../support/random.js'
import { allResults, expectIdentical, failure, load, success, sumsOf } from '../support/run.js'

/** What E-steps of a sequence leave out; `executors.test.ts` has what every E-step promises. */
interface Case extends PathOptions {
  readonly made: Clusters
  readonly options?: LoadOptions
  /** The greatest share of all pairs that the last step may have computed. */
  readonly most: number
}

const weightsOf = (rows: number): Float64Array => {
  const uniform = uniforms(5)
  return Float64Array.from({ length: rows }, (_, n) => (n % 5 === 2 ? 0 : 3 * uniform()))
}

/** One row in a hundred is far from everything, up to 1e6. */
const withOutliers = ({ data, start }: Clusters, columns: number): Clusters => {
  const uniform = uniforms(6)
  const far = data.slice()
  for (let n = 0; n < data.length / columns; n += 100)
    for (let i = 0; i < columns; i++) far[n * columns + i] = (uniform() - 0.5) * 10 ** (2 + (n % 5))
  return { data: far, start }
}

/** Every row a hundred times, all over the place. */
const repeated = ({ data, start }: Clusters, columns: number): Clusters => {
  const rows = data.length / columns
  return {
    data: data.map((_, i) => data[((Math.floor(i / columns) * 7) % (rows / 100)) * columns + (i % columns)]!),
    start,
  }
}

const without = (k: number, densities: Metric): Metric => ({
  ...densities,
  logConstant: densities.logConstant.map((c, i) => (i === k ? Number.NEGATIVE_INFINITY : c)),
})

const eight = clusters(20_000, 8, 8, 24, 1)

const cases: Readonly<Record<string, Case>> = {
  'clusters apart': { made: eight, most: 0.2 },
  'clusters that touch': { made: clusters(20_000, 8, 8, 10, 2), most: 0.9 },
  'a last block of few rows, and columns that fill no tile': { made: clusters(20_003, 7, 9, 24, 3), most: 0.25 },
  'more columns than components': { made: clusters(9001, 33, 5, 24, 4), most: 0.35 },
  'strips of rows that are told apart': { made: clusters(12_005, 12, 8, 10, 9), most: 0.9 },
  'strips with rows far away, of different weights': {
    made: withOutliers(clusters(12_000, 12, 8, 24, 10), 12),
    options: { rowWeights: weightsOf(12_000) },
    most: 1,
  },
  'three columns': { made: clusters(60_001, 3, 8, 24, 5), most: 0.6 },
  'columns that are independent': { made: clusters(20_003, 8, 8, 24, 6), isDiagonal: true, most: 0.3 },
  'weights of rows, some of them 0': { made: eight, options: { rowWeights: weightsOf(20_000) }, most: 0.2 },
  'rows far away': { made: withOutliers(eight, 8), most: 1 },
  'rows that are equal': { made: repeated(eight, 8), most: 0.2 },
  'a component that dies': {
    made: eight,
    change: (densities, step) => (step > 4 ? without(3, densities) : densities),
    most: 0.2,
  },
  'more components than sets are told apart of': { made: clusters(20_000, 8, 36, 24, 7), most: 0.2 },
}

const STEPS = 12

const [one, kernel] = [await success(wasm), await success(kernelOf('SIMD'))]

/** Rows, with what was found on the way, in a memory that may grow by so many pages. */
const observed = async ({ data }: Clusters, columns: number, options?: LoadOptions, most = 1000) => {
  const checked = checkRows({ rows: data.length / columns, columns, data }, options)
  if (checked._tag === 'Left') throw new Error(JSON.stringify(checked.left))
  const memoryOf = (pages: number) => new WebAssembly.Memory({ initial: pages, maximum: pages + most })
  const resident = await success(storeRows(kernel, checked.right, 1, memoryOf))
  return {
    rows: rowsOn(resident),
    found: () => resident.steps?.found(),
    bytes: () => resident.memory.buffer.byteLength,
  }
}

const bitsOf = (path: ReadonlyArray<Step>): Buffer =>
  Buffer.concat(
    path.flatMap(({ found: { statistics, logLikelihood } }) =>
      [Float64Array.of(logLikelihood), ...Object.values(sumsOf(statistics))].map(v =>
        Buffer.from(v.buffer, v.byteOffset, v.byteLength),
      ),
    ),
  )

/** Sums that differ by no more than so much of what they are of: weights, and roots of weights times squares. */
const expectClose = ({ densities, found }: Step, expected: Step['found'], tolerance: number): void => {
  const { components, columns } = densities
  const [actual, sums] = [sumsOf(found.statistics), sumsOf(expected.statistics)]
  const squaresOf = (k: number, i: number): number =>
    sums['outer']?.[(k * columns + i) * columns + i] ?? sums['squares']![k * columns + i]!
  const total = sums['weight']!.reduce((s, w) => s + w, 0)
  for (const [name, values] of Object.entries(sums))
    for (const [at, value] of values.entries()) {
      const size = values.length / components
      const [k, i, j] = [Math.floor(at / size), Math.floor((at % size) / columns), at % columns]
      // Rounding of responsibilities moves mass between components.
      const weight = sums['weight']![k]! + 1e-3 * total
      const scale = {
        weight,
        sum: Math.sqrt(weight * squaresOf(k, j)),
        outer: Math.sqrt(squaresOf(k, i) * squaresOf(k, j)),
        squares: squaresOf(k, j),
      }[name]!
      const error = Math.abs(actual[name]![at]! - value)
      if (!(error <= tolerance * scale)) expect.fail(`${name}[${at}] is ${actual[name]![at]} and should be ${value}`)
    }
  const error = Math.abs(found.logLikelihood - expected.logLikelihood)
  expect(error).toBeLessThanOrEqual(1e-14 * Math.abs(expected.logLikelihood))
}

describe.each(Object.entries(cases))('%s', (_, { made, options, most, ...path }) => {
  const columns = made.start.mean.length / made.start.weights.length
  const loadOne = (): Promise<LoadedRows> => load(one, columns, made.data, options)

  test('steps that leave something out give the sums of those that do not, and never fall', async () => {
    // On the same variant of the kernel: responsibilities of rows far away have few digits.
    const { rows, found } = await observed(made, columns, options)
    const { rows: plain } = await observed(made, columns, options)
    const steps = await pathOf(rows, made, STEPS, { ...path, sequence: {} })
    const { computed, isArranged } = found()!
    const pairs = (made.data.length / columns) * made.start.weights.length
    expect(computed).toBeLessThan(most * pairs)
    expect(isArranged).toBe(true)
    for (const [i, step] of steps.entries()) {
      expectClose(step, await success(plain.expectation(step.densities)), 4e-14)
      const before = steps[i - 1]?.found.logLikelihood ?? Number.NEGATIVE_INFINITY
      if (!path.change) expect(step.found.logLikelihood).toBeGreaterThanOrEqual(before - 1e-12 * Math.abs(before))
    }
    rows.dispose()
    plain.dispose()
  })

  test('what is left out is less than rounding: the error of sums is at most twice that of all, or 1e-15', async () => {
    const [rows, plain] = [await loadOne(), await loadOne()]
    const steps = await pathOf(rows, made, STEPS, { ...path, sequence: {} })
    const weights = options?.rowWeights as Float64Array | undefined
    const { densities, found } = steps.at(-1)!
    const exact = precise(made.data, densities, weights)
    const single = await success(plain.expectation(densities))
    const error = errorOf(densities, found.statistics, exact)
    expect(error).toBeLessThanOrEqual(Math.max(1e-15, 2 * errorOf(densities, single.statistics, exact)))
    const difference = Math.abs(found.logLikelihood - exact.logLikelihood)
    expect(difference).toBeLessThanOrEqual(1e-14 * Math.abs(exact.logLikelihood))
    rows.dispose()
    plain.dispose()
  })

  test('any number of threads and any run of a sequence give the same bits, others than those of single steps', async () => {
    const rows = await loadOne()
    const expected = bitsOf(await pathOf(rows, made, STEPS, { ...path, sequence: {} }))
    expect(bitsOf(await pathOf(rows, made, STEPS, { ...path, sequence: {} })).equals(expected)).toBe(true)
    expect(bitsOf(await pathOf(rows, made, STEPS, path)).equals(expected)).toBe(false)
    rows.dispose()
    for (const threads of [2, 4]) {
      const several = await load(await success(wasmThreads(threads)), columns, made.data, options)
      expect(bitsOf(await pathOf(several, made, STEPS, { ...path, sequence: {} })).equals(expected)).toBe(true)
      several.dispose()
    }
  })

  test('rows are in their own order for all that is asked of them in between and afterwards, with the bits of always', async () => {
    const [rows, plain] = [await loadOne(), await loadOne()]
    const steps = await pathOf(rows, made, STEPS, { ...path, sequence: {} })
    const { densities } = steps.at(-1)!
    const expected = await allResults(plain, densities)
    // The first of these finds rows in another order.
    const { data } = await success(rows.responsibilities(densities))
    expect(Buffer.from(Float64Array.from(data).buffer).equals(Buffer.from(expected.responsibilities.buffer))).toBe(true)
    await pathOf(rows, made, STEPS, { ...path, sequence: {} })
    expectIdentical(await allResults(rows, densities), expected)
    rows.dispose()
    plain.dispose()
  })
})

test('a component that all but vanishes in one step has the sums of a single step', async () => {
  const rows = await load(one, 8, eight.data)
  // So improbable that every row adds less than what components of its weight before may lack.
  const change = (densities: Metric, step: number): Metric =>
    step === 7 ? { ...densities, logConstant: densities.logConstant.map((c, k) => (k === 0 ? c - 500 : c)) } : densities
  const steps = await pathOf(rows, eight, 8, { change, sequence: {} })
  const { densities, found } = steps.at(-1)!
  expect(found.statistics.weight[0]).toBeGreaterThan(0)
  expect(found.statistics.weight[0]).toBeLessThan(1e-9)
  expect(found).toEqual(await success(rows.expectation(densities)))
  rows.dispose()
})

test('what is asked of rows in between ends a sequence: the next step is a first one', async () => {
  const [rows, plain] = [await load(one, 8, eight.data), await load(one, 8, eight.data)]
  const sequence = {}
  const steps = await pathOf(rows, eight, 6, { sequence })
  const { densities } = steps.at(-1)!
  await success(rows.assignments(densities))
  const expected = await success(plain.expectation(densities))
  expect(steps.at(-1)!.found).not.toEqual(expected)
  expect(await success(rows.expectation(densities, { sequence }))).toEqual(expected)
  // So does another sequence, or another number of components.
  await pathOf(rows, eight, 6, { sequence })
  expect(await success(rows.expectation(densities, { sequence: {} }))).toEqual(expected)
  rows.dispose()
  plain.dispose()
})

test.each([1, 3])('what is asked of rows at the same time is right on %d threads', async threads => {
  const rows = await load(await success(wasmThreads(threads)), 8, eight.data)
  const sequence = {}
  const { densities } = (await pathOf(rows, eight, 6, { sequence })).at(-1)!
  const plain = await load(one, 8, eight.data)
  const [assignments, sums] = [await success(plain.assignments(densities)), await success(plain.expectation(densities))]
  const all = await Promise.all([
    success(rows.expectation(densities, { sequence })),
    success(rows.assignments(densities)),
    success(rows.expectation(densities, { sequence })),
    success(rows.expectation(densities)),
    success(rows.assignments(densities)),
  ])
  expect(all[1]).toEqual(assignments)
  expect(all[4]).toEqual(assignments)
  expect(all[3]).toEqual(sums)
  for (const found of [all[0], all[2]]) expectClose({ densities, found }, sums, 4e-14)
  rows.dispose()
  plain.dispose()
})

test.each([
  ['two components', 2, 20_000, 24],
  ['few rows', 8, 8191, 24],
  ['few rows a component', 40, 20_000, 24],
  ['clusters close by, of which a sample is looked at,', 8, 20_000, 2],
] as const)(
  'with %s every step of a sequence has the bits of a single one',
  async (_, components, size, separation) => {
    const made = clusters(size, 8, components, separation, 8)
    const rows = await load(one, 8, made.data)
    for (const { densities, found } of await pathOf(rows, made, 6, { sequence: {} }))
      expect(found).toEqual(await success(rows.expectation(densities)))
    rows.dispose()
  },
)

test('memory for moving rows is asked for once they are to be moved, and not for clusters close by', async () => {
  const bytesOf = async (separation: number, options?: PathOptions) => {
    const made = clusters(20_000, 8, 8, separation, 8)
    const { rows, found, bytes } = await observed(made, 8)
    await pathOf(rows, made, 6, options)
    return { taken: bytes(), isArranged: found()?.isArranged }
  }
  const single = await bytesOf(2)
  expect(await bytesOf(2, { sequence: {} })).toEqual({ ...single, isArranged: false })
  const apart = await bytesOf(24, { sequence: {} })
  expect(apart.isArranged).toBe(true)
  expect(apart.taken).toBeGreaterThan(single.taken)
})

test('where there is no memory for moving rows everything is computed', async () => {
  const { rows, found } = await observed(eight, 8, undefined, 4)
  const { rows: plain } = await observed(eight, 8)
  const steps = await pathOf(rows, eight, 8, { sequence: {} })
  expect(found()?.isArranged ?? false).toBe(false)
  for (const { densities, found: sums } of steps) expect(sums).toEqual(await success(plain.expectation(densities)))
})

test('an E-step with weights of its own is a step by itself, in a sequence too', async () => {
  const rows = await load(one, 8, eight.data)
  const [sequence, rowWeights] = [{}, weightsOf(20_000)]
  const { densities } = (await pathOf(rows, eight, 6, { sequence })).at(-1)!
  const expected = await success(rows.expectation(densities, { rowWeights }))
  await pathOf(rows, eight, 6, { sequence })
  expect(await success(rows.expectation(densities, { rowWeights, sequence }))).toEqual(expected)
  rows.dispose()
})

test('rows that are disposed of are so for steps too', async () => {
  const rows = await load(one, 8, eight.data)
  const sequence = {}
  const { densities } = (await pathOf(rows, eight, 3, { sequence })).at(-1)!
  rows.dispose()
  expect(await failure(rows.expectation(densities, { sequence }))).toMatchObject({ _tag: 'ExecutionFailed' })
})
