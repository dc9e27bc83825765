import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { wasm, wasmThreads } from '@conjugate/executors'
import { expect, test } from 'vitest'
import { remoteShare } from '../dist/threads/remote.js'
import { kinds, randomDensities, randomRows, uniforms } from './support/random.js'
import { allResults, expectIdentical, failure, load, success } from './support/run.js'

const sizes = [0, 1, 4095, 4096, 4097, 60_001]

test.each([2, 3, 7].flatMap(threads => kinds.map(([kind, random]) => [threads, kind, random] as const)))(
  '%d threads give the bits of one on %s densities',
  async (threads, _kind, random) => {
    const [one, several] = [await success(wasm), await success(wasmThreads(threads))]
    for (const size of sizes)
      for (const columns of [1, 3, 16]) {
        const data = randomRows(size, columns, size)
        const densities = random(3, columns, size)
        const rowWeights = Float64Array.from({ length: size }, uniforms(size))
        for (const options of [{}, { rowWeights }]) {
          const expected = await load(one, columns, data, options)
          const actual = await load(several, columns, data, options)
          expectIdentical(await allResults(actual, densities), await allResults(expected, densities))
          expected.dispose()
          actual.dispose()
        }
      }
  },
)

test.each(kinds)(
  'later E-steps on %s densities have the bits of one thread, awake or asleep, of any shape',
  async (_kind, random) => {
    const data = randomRows(20_000, 3, 1)
    const [one, several] = [
      await load(await success(wasm), 3, data),
      await load(await success(wasmThreads(3)), 3, data),
    ]
    for (const [round, components] of [2, 2, 2, 5, 5, 2, 2, 2].entries()) {
      const densities = random(components, 3, round)
      // Long enough for workers to fall asleep, every other time.
      if (round % 2 === 1) await new Promise(resolve => setTimeout(resolve, 20))
      expect(await success(several.expectation(densities))).toEqual(await success(one.expectation(densities)))
    }
    one.dispose()
    several.dispose()
  },
)

test('E-steps that overlap in time get their own results', async () => {
  const rows = await load(await success(wasmThreads(2)), 3, randomRows(20_000, 3, 1))
  const wanted = [1, 2, 3, 4, 5, 6].map(seed => randomDensities(2, 3, seed))
  const alone = []
  for (const densities of wanted) alone.push(await success(rows.expectation(densities)))
  const together = await Promise.all(wanted.map(densities => success(rows.expectation(densities))))
  expect(together).toEqual(alone)
  rows.dispose()
})

test('a worker that ends between two E-steps is an error and no hang', async () => {
  const share = await success(remoteShare('SIMD', part()))
  const densities = randomDensities(1, 1, 1)
  for (let i = 0; i < 2; i++) {
    const sums = success(share.run('partialSums', densities))
    share.stayAwake()
    expect((await sums).every(Number.isFinite)).toBe(true)
  }
  share.end()
  expect(await failure(share.run('partialSums', densities))).toMatchObject({ _tag: 'ExecutionFailed' })
})

test('passes that overlap in time get their own results', async () => {
  const rows = await load(await success(wasmThreads(2)), 3, randomRows(20_000, 3, 1))
  const [a, b] = [randomDensities(2, 3, 1), randomDensities(4, 3, 2)]
  const [first, second, third] = await Promise.all([rows.expectation(a)(), rows.logProb(b)(), rows.expectation(a)()])
  expect(third).toEqual(first)
  expect(second).toEqual(await rows.logProb(b)())
  rows.dispose()
})

test('after dispose, and for what was under way, there is an error and no hang', async () => {
  const rows = await load(await success(wasmThreads(3)), 2, randomRows(30_000, 2, 1))
  const underWay = rows.expectation(randomDensities(2, 2, 1))()
  rows.dispose()
  expect(await underWay).toMatchObject({ left: { _tag: 'ExecutionFailed' } })
  expect(await failure(rows.logProb(randomDensities(2, 2, 1)))).toMatchObject({ _tag: 'ExecutionFailed' })
})

const part = () => ({
  rows: {
    rows: 4,
    columns: 1,
    data: Float64Array.of(1, 2, 3, 4),
    origin: Float64Array.of(0),
    rowWeights: undefined,
  },
  ranges: [[0, 1]] as const,
})

test('a worker that crashes while it loads is an error', async () => {
  expect(await failure(remoteShare('no variant' as never, part()))).toMatchObject({
    _tag: 'ExecutionFailed',
    reason: expect.stringContaining('a worker thread failed'),
  })
})

test('a worker that crashes in a pass is an error, then and later', async () => {
  const share = await success(remoteShare('SIMD', part()))
  const densities = randomDensities(1, 1, 1)
  expect(Array.from(await success(share.run('logProb', densities)))).toHaveLength(4)
  const crash = failure(share.run('no pass' as never, densities))
  const queued = failure(share.run('logProb', densities))
  for (const error of [await crash, await queued, await failure(share.run('logProb', densities))])
    expect(error).toMatchObject({ _tag: 'ExecutionFailed', reason: expect.stringContaining('a worker thread failed') })
})

test('workers that nobody disposed of do not keep a process alive', async () => {
  const program = `
    import { wasmThreads } from '@conjugate/executors'
    const executor = (await wasmThreads(3)()).right
    const rows = (await executor.load({ rows: 30000, columns: 1, data: new Float64Array(30000) })()).right
    const densities = {
      _tag: 'Quadratic', components: 1, columns: 1, mean: Float64Array.of(0), whitening: Float64Array.of(1),
      logConstant: Float64Array.of(0),
    }
    console.log((await rows.expectation(densities)())._tag)`
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', program], {
    cwd: fileURLToPath(new URL('..', import.meta.url)),
    timeout: 60_000,
  })
  expect(stdout.trim()).toBe('Right')
})

test.each([0, 1.5, -1, Number.NaN])('%d is no number of threads', async threads => {
  expect(await failure(wasmThreads(threads))).toMatchObject({ _tag: 'BackendUnavailable' })
})
