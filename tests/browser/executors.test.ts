import { type Executor, type QuadraticDensities, selectExecutor } from '@conjugate/executors'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { naive } from '../../packages/executors/test/support/naive.js'
import { randomDensities, randomRows, uniforms } from '../../packages/executors/test/support/random.js'
import {
  allResults,
  expectIdentical,
  failure,
  load,
  runAll,
  success,
} from '../../packages/executors/test/support/run.js'
import { noBrowser, type OpenPage, open } from './support/chromium.js'
import { expectFloat32 } from './support/float32.js'
import { expectWithin } from './support/near.js'
import { remoteExecutor } from './support/remote.js'

const scaled = (densities: QuadraticDensities, factor: number): QuadraticDensities => ({
  ...densities,
  mean: densities.mean.map(m => m * factor),
  whitening: densities.whitening.map(w => w / factor),
})

/** What an executor says of itself but the number of threads, which a browser may keep to itself. */
const kind = ({ description }: Executor): string => description.split(', up to')[0]!

describe.skipIf(noBrowser)(`executors in a page${noBrowser ? `: skipped, ${noBrowser}` : ''}`, () => {
  let opened: OpenPage
  beforeAll(async () => {
    opened = await open('executors.html')
  })
  afterAll(() => opened?.close())
  const executor = (name: string) => success(remoteExecutor(opened.page, name))

  // The kernel is the same to the bit; logarithms are the engine's own, of which the last bit is its choice.
  test.each([
    ['wasm', 0],
    ['javascript', 1e-15],
  ] as const)('%s gives what it gives in Node', async (name, share) => {
    const [there, here] = [await executor(name), await success(selectExecutor(name))]
    expect(kind(there)).toBe(kind(here))
    for (const [rows, columns, components] of [
      [0, 2, 1],
      [1000, 3, 2],
      [777, 16, 5],
      [20_000, 3, 8],
      [9000, 40, 2],
    ] as const) {
      const data = randomRows(rows, columns, rows)
      const densities = randomDensities(components, columns, rows)
      const options = { rowWeights: Float64Array.from({ length: rows }, uniforms(rows)) }
      const [actual, expected] = [
        await runAll(there, data, densities, options),
        await runAll(here, data, densities, options),
      ]
      for (const what of ['weight', 'sum', 'outer', 'responsibilities'] as const)
        expectWithin(share, actual[what], expected[what], what)
      expectWithin(1e-15, actual.logProb, expected.logProb, 'logProb')
      expectWithin(1e-15, [actual.logLikelihood], [expected.logLikelihood], 'log-likelihood')
      expect(actual.assignments).toEqual(expected.assignments)
    }
  })

  test('blocks of many rows agree with the definition, with the same bits at every run', async () => {
    const data = randomRows(140_001, 3, 5)
    const densities = randomDensities(2, 3, 5)
    const rows = await load(await executor('webgl'), 3, data)
    const first = await allResults(rows, densities)
    const expected = naive(data, densities)
    expectFloat32({ ...first, assignments: expected.assignments }, expected)
    expect(first.assignments.filter((k, n) => k !== expected.assignments[n]).length).toBeLessThan(5)
    expectIdentical(await allResults(rows, densities), first)
    rows.dispose()
  })

  test('no unit of the rows or their weights leaves the range of float32, nor does an offset cost digits', async () => {
    const data = randomRows(300, 3, 4)
    const densities = randomDensities(2, 3, 4)
    const plain = await runAll(await executor('webgl'), data, densities)
    for (const unit of [2 ** -100, 2 ** 100]) {
      const rowWeights = new Float64Array(300).fill(unit)
      const scaledData = data.map(x => x * unit)
      const { weight, outer } = await runAll(await executor('webgl'), scaledData, scaled(densities, unit), {
        rowWeights,
      })
      expect(weight.map(w => w / unit)).toEqual(plain.weight)
      expect(outer.map(x => x / unit ** 3)).toEqual(plain.outer)
    }
    const origin = [1e6, -1e6, 5e8]
    const shifted = data.map((x, i) => x + origin[i % 3]!)
    expectIdentical(await runAll(await executor('webgl'), shifted, densities, { origin }), plain)
  })

  test('a component of weight zero has no part, and where all have none, nothing is NaN', async () => {
    const data = randomRows(300, 3, 6)
    const live = randomDensities(3, 3, 6)
    const densities = { ...live, logConstant: live.logConstant.with(1, Number.NEGATIVE_INFINITY) }
    const actual = await runAll(await executor('webgl'), data, densities)
    expectFloat32(actual, naive(data, densities))
    expect(actual.weight[1]).toBe(0)
    const none = { ...live, logConstant: live.logConstant.map(() => Number.NEGATIVE_INFINITY) }
    expectFloat32(await runAll(await executor('webgl'), data, none), naive(data, none))
  })

  test('far-away rows keep their logarithm, and ties go to the first component', async () => {
    const data = Float64Array.from([0, 0, 1e3, -1e3, -1e8, 1e8, 30, 30])
    const densities = randomDensities(3, 2, 7)
    expectFloat32(await runAll(await executor('webgl'), data, densities), naive(data, densities))
    const { mean, whitening, logConstant } = randomDensities(1, 2, 7)
    const twice = (values: Float64Array) => Float64Array.from([...values, ...values])
    const equal: QuadraticDensities = {
      _tag: 'Quadratic',
      components: 2,
      columns: 2,
      mean: twice(mean),
      whitening: twice(whitening),
      logConstant: twice(logConstant),
    }
    expect(await runAll(await executor('webgl'), data, equal)).toMatchObject({ assignments: new Int32Array(4) })
  })

  test('what float32 cannot hold is an error', async () => {
    const rows = await load(await executor('webgl'), 2, Float64Array.from([0.5, 0.25, 1e200, 1e200, -1, 1]))
    const error = { _tag: 'ExecutionFailed', backend: 'webgl', reason: expect.stringMatching(/range of float32/) }
    expect(await failure(rows.expectation(randomDensities(2, 2, 8)))).toMatchObject(error)
    expect(await failure(rows.logProb(randomDensities(2, 2, 8)))).toMatchObject(error)
    rows.dispose()
  })

  test('every tensor is disposed of', async () => {
    const tensors = () => opened.page.evaluate(() => globalThis.executorHost.tensors())
    const before = await tensors()
    const rows = await load(await executor('webgl'), 2, randomRows(300, 2, 1))
    expect(await tensors()).toBe(before + 2)
    await allResults(rows, randomDensities(3, 2, 1))
    await failure(rows.expectation(randomDensities(3, 1, 1)))
    expect(await tensors()).toBe(before + 2)
    rows.dispose()
    expect(await failure(rows.expectation(randomDensities(3, 2, 1)))).toMatchObject({ _tag: 'ExecutionFailed' })
    expect(await tensors()).toBe(before)
  })

  test('neither the bundler nor the page complained', () => {
    expect(opened.complaints).toEqual([])
  })
})
