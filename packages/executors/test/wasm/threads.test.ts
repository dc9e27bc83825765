import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { type Densities, type LoadedRows, wasm, wasmThreads } from '@conjugate/executors'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { expect, test } from 'vitest'
import {
  type Control,
  checkRows,
  controlOf,
  countNeeds,
  dispatch,
  type Kernel,
  type KernelExports,
  kernelOf,
  loadTeam,
  NONE,
  PASS,
  reset,
  shareAt,
  take,
} from '../../dist/internals.js'
import { kinds, randomDensities, randomRows, uniforms } from '../support/random.js'
import { allResults, expectBits, expectIdentical, failure, load, loadFor, success, sumsOf } from '../support/run.js'

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
          const expected = await loadFor(one, densities, data, options)
          const actual = await loadFor(several, densities, data, options)
          expectIdentical(await allResults(actual, densities), await allResults(expected, densities))
          expected.dispose()
          actual.dispose()
        }
      }
  },
)

/** Sums with responsibilities, and by labels of which some are none. */
const givenSums = async (rows: LoadedRows, densities: Densities) => {
  const { components } = densities
  const responsibilities = {
    rows: rows.rows,
    columns: components,
    data: Float64Array.from({ length: rows.rows * components }, uniforms(rows.rows)),
  }
  const labels = Int32Array.from({ length: rows.rows }, (_, n) => ((n * 7) % (components + 1)) - 1)
  const [shared, labelled] = await Promise.all([
    success(rows.weightedStatistics(densities, responsibilities)),
    success(rows.labelStatistics!(densities, labels)),
  ])
  return [sumsOf(shared), sumsOf(labelled)] as const
}

test.each([2, 3, 4].flatMap(threads => kinds.map(([kind, random]) => [threads, kind, random] as const)))(
  '%d threads sum what is given to rows of %s densities to the bits of one',
  async (threads, _kind, random) => {
    const [one, several] = [await success(wasm), await success(wasmThreads(threads))]
    // Of the last one not all responsibilities are there at a time, and few statistics are left to one thread.
    for (const [size, components, columns] of [
      [0, 3, 31],
      [1, 3, 31],
      [4097, 4, 3],
      [4097, 1, 31],
      [50_001, 12, 31],
    ] as const) {
      const data = randomRows(size, columns, size)
      const densities = random(components, columns, size)
      const rowWeights = Float64Array.from({ length: size }, uniforms(size))
      for (const options of [{}, { rowWeights }]) {
        const [expected, actual] = [
          await loadFor(one, densities, data, options),
          await loadFor(several, densities, data, options),
        ]
        const found = await givenSums(actual, densities)
        for (const [i, sums] of (await givenSums(expected, densities)).entries())
          for (const [name, values] of Object.entries(sums)) expectBits(found[i]![name]!, values, name)
        expected.dispose()
        actual.dispose()
      }
    }
  },
)

test('labels of so many rows that they are not all there at a time are summed to the bits of one thread', async () => {
  const [size, columns] = [600_001, 7]
  const data = Float64Array.from({ length: size * columns }, uniforms(3))
  const densities = randomDensities(3, columns, 1)
  const labels = Int32Array.from({ length: size }, (_, n) => ((n * 5) % 4) - 1)
  const [one, several] = [
    await load(await success(wasm), columns, data),
    await load(await success(wasmThreads(2)), columns, data),
  ]
  const found = sumsOf(await success(several.labelStatistics!(densities, labels)))
  for (const [name, values] of Object.entries(sumsOf(await success(one.labelStatistics!(densities, labels)))))
    expectBits(found[name]!, values, name)
  several.dispose()
})

test.each(kinds)(
  'later E-steps on %s densities have the bits of one thread, awake or asleep, of any shape',
  async (_kind, random) => {
    const data = randomRows(20_000, 3, 1)
    const some = random(1, 3, 1)
    const [one, several] = [
      await loadFor(await success(wasm), some, data),
      await loadFor(await success(wasmThreads(3)), some, data),
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
  const wanted = Array.from({ length: 40 }, (_, seed) => randomDensities(2, 3, seed))
  const alone = []
  for (const densities of wanted) alone.push(await success(rows.expectation(densities)))
  const together = await Promise.all(wanted.map(densities => success(rows.expectation(densities))))
  expect(together).toEqual(alone)
  rows.dispose()
})

test('passes that overlap in time get their own results', async () => {
  const rows = await load(await success(wasmThreads(2)), 3, randomRows(20_000, 3, 1))
  const [a, b] = [randomDensities(2, 3, 1), randomDensities(4, 3, 2)]
  const [ofA, ofB, logProb] = [await rows.expectation(a)(), await rows.expectation(b)(), await rows.logProb(b)()]
  // The E-steps come while this thread sleeps for the first pass, one after the other.
  for (let round = 0; round < 20; round++)
    expect(
      await Promise.all([rows.logProb(b)(), rows.expectation(a)(), rows.expectation(b)(), rows.expectation(a)()]),
    ).toEqual([logProb, ofA, ofB, ofA])
  rows.dispose()
})

test('sums with what is given overlap in time with E-steps and passes', async () => {
  const rows = await load(await success(wasmThreads(3)), 7, randomRows(60_000, 7, 1))
  // The responsibilities of one are there in parts, between which no other may begin.
  const [a, b] = [randomDensities(2, 7, 1), randomDensities(12, 7, 2)]
  const q = await success(rows.responsibilities(b))
  const labels = await success(rows.assignments(a))
  const [ofA, sumsB, logProb] = [
    await rows.expectation(a)(),
    await rows.weightedStatistics(b, q)(),
    await rows.logProb(b)(),
  ]
  const sumsA = await rows.labelStatistics!(a, labels)()
  for (let round = 0; round < 5; round++)
    expect(
      await Promise.all([
        rows.weightedStatistics(b, q)(),
        rows.expectation(a)(),
        rows.labelStatistics!(a, labels)(),
        rows.logProb(b)(),
        rows.weightedStatistics(b, q)(),
      ]),
    ).toEqual([sumsB, ofA, sumsA, logProb, sumsB])
  rows.dispose()
})

test('after dispose there is an error, and no hang for what was under way', async () => {
  const rows = await load(await success(wasmThreads(3)), 7, randomRows(30_000, 7, 1))
  const densities = randomDensities(2, 7, 1)
  const underWay = [
    rows.weightedStatistics(densities, { rows: 30_000, columns: 2, data: new Float64Array(60_000) })(),
    rows.labelStatistics!(densities, new Int32Array(30_000))(),
    rows.responsibilities(densities)(),
    rows.expectation(densities)(),
  ]
  rows.dispose()
  for (const result of await Promise.all(underWay))
    if (result._tag === 'Left') expect(result.left).toMatchObject({ _tag: 'ExecutionFailed' })
  expect(await failure(rows.logProb(densities))).toMatchObject({ _tag: 'ExecutionFailed' })
})

/** The counters of so many threads, in a memory that was used before. */
const countersOf = (threads: number): Control => {
  const counters = controlOf(new ArrayBuffer(4096), threads)
  counters.fill(-1)
  reset(counters, threads)
  return counters
}

const takenBy = (counters: Control, thread: number, count: number): number[] =>
  Array.from({ length: count }, () => take(counters, thread))

test('who comes too late for an order has taken nothing of the next, which has more ranges', () => {
  const counters = countersOf(1)
  dispatch(counters, 0, 2)
  const share = shareAt(0) / 4
  expect(take(counters, 0)).toBe(0)
  // Two threads look whether something is left, and both find the last range.
  const one = 2 ** 16
  expect([Atomics.sub(counters, share, one) >= one, Atomics.sub(counters, share, one) >= one]).toEqual([true, false])
  expect(take(counters, 0)).toBe(NONE)
  dispatch(counters, 0, 5)
  expect(takenBy(counters, 0, 7)).toEqual([0, 1, 2, 3, 4, NONE, NONE])
})

test.each([
  [1, 0],
  [1, 5],
  [2, 1],
  [2, 7],
  [3, 128],
  [7, 3],
])('%d threads have the same shares of %d ranges in every order, and take what others leave', (threads, ranges) => {
  const counters = countersOf(threads)
  const shares: number[][] = []
  for (let round = 0; round < 2; round++) {
    dispatch(counters, 0, ranges)
    const [first, end] = [0, 1].map(i => Math.floor(((threads - 1 + i) * ranges) / threads))
    // The last one takes its share, and the first one its own and what nobody else came for.
    shares.push(takenBy(counters, threads - 1, end! - first!))
    const rest = takenBy(counters, 0, ranges - (end! - first!) + 1)
    expect(rest.pop()).toBe(NONE)
    expect([...rest, ...shares[round]!].sort((a, b) => a - b)).toEqual(Array.from({ length: ranges }, (_, i) => i))
  }
  expect(shares[1]).toEqual(shares[0])
})

const someRows = () => success(TE.fromEither(checkRows({ rows: 20_000, columns: 3, data: randomRows(20_000, 3, 1) })))

/** Rows on two threads, and the counters by which these work. */
const spiedRows = async (optional: boolean, change: Partial<KernelExports> = {}) => {
  const kernel = await success(kernelOf('SIMD', 'shared memory'))
  let counters: Control = new Int32Array(0)
  const spied: Kernel = {
    ...kernel,
    instantiate: async memory => {
      counters = controlOf(memory.buffer, 2)
      return { ...(await kernel.instantiate(memory)), ...change }
    },
  }
  const rows = await success(loadTeam(spied, await someRows(), 2, optional))
  return { rows, counters: () => counters }
}

/** A pass that there is none of. */
const NO_PASS = 99
const crashed = { _tag: 'ExecutionFailed', reason: expect.stringContaining('a worker thread failed') }

test('a worker that crashes between two E-steps is an error, then and later', async () => {
  const { rows, counters } = await spiedRows(false)
  const densities = randomDensities(2, 3, 1)
  await success(rows.expectation(densities))
  dispatch(counters(), NO_PASS, 1)
  // The next order would be another one for a worker that has not taken the range of this one yet, which is in the last share.
  await expect.poll(() => Atomics.load(counters(), shareAt(1) / 4) >> 16, { timeout: 10_000 }).toBe(0)
  await expect.poll(() => rows.expectation(densities)(), { timeout: 10_000 }).toMatchObject({ left: crashed })
  expect(await failure(rows.logProb(densities))).toMatchObject(crashed)
  rows.dispose()
})

test('a worker that crashes in a pass is an error and no hang', async () => {
  const { rows, counters } = await spiedRows(false, {
    // As this thread begins its first range, the other finds that there is nothing it knows to be done, and this one waits.
    expectation: () => {
      Atomics.store(counters(), PASS, NO_PASS)
      for (const end = performance.now() + 100; performance.now() < end; );
    },
  })
  expect(await failure(rows.expectation(randomDensities(2, 3, 1)))).toMatchObject(crashed)
  expect(await failure(rows.assignments(randomDensities(2, 3, 1)))).toMatchObject(crashed)
  rows.dispose()
})

test('a worker that does not start is an error, unless there may be fewer', async () => {
  const kernel = await success(kernelOf('SIMD', 'shared memory'))
  // A module of another kind of memory, which workers cannot use.
  const wrong: Kernel = { ...kernel, module: (await success(kernelOf('SIMD'))).module }
  expect(await failure(loadTeam(wrong, await someRows(), 3, false))).toMatchObject(crashed)
  const rows = await success(loadTeam(wrong, await someRows(), 3, true))
  const densities = randomDensities(2, 3, 1)
  const first = await success(rows.expectation(densities))
  const ranOn = () => rows.ranOn?.()
  await expect.poll(ranOn, { timeout: 10_000 }).toMatch(/, 1 thread: a worker did not start: .+\)$/)
  expect(await success(rows.expectation(densities))).toEqual(first)
  rows.dispose()
})

test('memory of disposed rows is used again', async () => {
  const data = new Float64Array(2 ** 22)
  const executor = await success(wasmThreads(2))
  const before = process.memoryUsage().rss
  for (let i = 0; i < 40; i++) {
    const rows = await load(executor, 4, data)
    await success(rows.logProb(randomDensities(2, 4, 1)))
    rows.dispose()
    // Workers end a moment later.
    await new Promise(resolve => setTimeout(resolve, 5))
  }
  // 1.25 GiB were loaded.
  expect(process.memoryUsage().rss - before).toBeLessThan(2 ** 29)
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
    cwd: fileURLToPath(new URL('../..', import.meta.url)),
    timeout: 60_000,
  })
  expect(stdout.trim()).toBe('Right')
})

test('rows say on how many threads they ran, and why on no more', async () => {
  const densities = randomDensities(2, 3, 1)
  const described = (threads: string) => expect.stringMatching(new RegExp(`^wasm \\(.*SIMD, float64, ${threads}\\)$`))
  const few = await load(await success(wasmThreads(2)), 3, randomRows(6, 3, 1))
  await success(few.expectation(densities))
  expect(few.ranOn?.()).toEqual(described('1 thread'))
  const many = await load(await success(wasmThreads(2)), 3, randomRows(300_000, 3, 1))
  expect(many.ranOn?.()).toEqual(described('1 thread'))
  const ran = async () => {
    await success(many.expectation(densities))
    return many.ranOn?.()
  }
  await expect.poll(ran, { timeout: 20_000 }).toEqual(described('2 threads'))
  many.dispose()
  expect(many.ranOn?.()).toEqual(described('2 threads'))
})

test('what two need is given up when both are done, each once', () => {
  const told: boolean[] = []
  const need = countNeeds(needed => told.push(needed))
  const [first, second] = [need(), need()]
  first()
  first()
  expect(told).toEqual([true])
  second()
  expect(told).toEqual([true, false])
  need()()
  expect(told).toEqual([true, false, true, false])
})

test.each([0, 1.5, -1, Number.NaN])('%d is no number of threads', async threads => {
  expect(await failure(wasmThreads(threads))).toMatchObject({ _tag: 'BackendUnavailable' })
})
