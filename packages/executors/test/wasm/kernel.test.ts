import { type Executor, javascript, type QuadraticDensities } from '@conjugate/executors'
import type { Vector } from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, test } from 'vitest'
import { executorOf, kernelOf, type Variant } from '../../dist/internals.js'
import { kinds, randomDensities, randomLinear, randomRows } from '../support/random.js'
import { expectNear, expectSame, load, runAll, success } from '../support/run.js'

/** What is special to the kernel; `executors.test.ts` has what every executor promises. */
const make = async (variant: Variant): Promise<Executor | undefined> => {
  const kernel = await kernelOf(variant)()
  return E.isRight(kernel) ? executorOf(kernel.right) : undefined
}

const relaxed = await make('relaxed SIMD')
const baseline = await make('SIMD')
const variants = [relaxed, baseline].flatMap(executor => (executor ? [[executor.description, executor] as const] : []))

/** Components that are constant in a row of one column, so that responsibilities are powers of e and nothing else. */
const constants = (...logConstant: number[]): QuadraticDensities => ({
  _tag: 'Quadratic',
  components: logConstant.length,
  columns: 1,
  mean: new Float64Array(logConstant.length),
  whitening: new Float64Array(logConstant.length),
  logConstant: Float64Array.from(logConstant),
})

const rowOf = async (executor: Executor, densities: QuadraticDensities): Promise<Vector> => {
  const rows = await load(executor, 1, [0])
  const { data } = await success(rows.responsibilities(densities))
  rows.dispose()
  return data
}

test('there is a variant without relaxed SIMD', () => expect(baseline?.description).toBe('wasm (SIMD, float64)'))

test('what is impossible is so on every backend: an acceleration that takes logarithms tells 0 from 1e-297', async () => {
  for (const far of [-664.9, -665.2, -690, -708])
    for (const [name, executor] of [...variants, ['javascript', javascript] as const])
      for (const besides of [[], [-1]]) {
        const least = (await rowOf(executor, constants(0, far, ...besides)))[1]! > 0
        expect(`${name}: ${far} is ${least ? 'possible' : 'impossible'}`).toBe(
          `${name}: ${far} is ${far > -665 ? 'possible' : 'impossible'}`,
        )
      }
})

describe.each(variants)('%s', (_, executor) => {
  // One exponential serves two components, so that two and three take different ways.
  test.each([[[]], [[Number.NEGATIVE_INFINITY]]])(
    'exponentials are right from 1 to 2^-959, with %j besides',
    async besides => {
      for (let t = 0; t < 664; t += 0.37) {
        const [most, least] = await rowOf(executor, constants(0, -t, ...besides))
        // What rounding t to base 2 costs, and two units in the last place of each of three operations.
        expect(Math.abs(least! / most! / Math.exp(-t) - 1)).toBeLessThan((t + 6) * Number.EPSILON)
      }
    },
  )

  test('exponentials are exactly 1 at 0 and exactly 0 far out', async () => {
    expect(Array.from(await rowOf(executor, constants(3, 3)))).toEqual([0.5, 0.5])
    expect(Array.from(await rowOf(executor, constants(3, 3, 3, 3)))).toEqual([0.25, 0.25, 0.25, 0.25])
    for (const far of [-666, -700, -745, -1e4, -1e300, Number.NEGATIVE_INFINITY]) {
      expect(Array.from(await rowOf(executor, constants(0, far)))).toEqual([1, 0])
      expect(Array.from(await rowOf(executor, constants(far, 0, far)))).toEqual([0, 1, 0])
    }
  })

  test.each([3, 16])('blocks and ranges of blocks meet without a gap with %d columns', async columns => {
    const densities = randomDensities(3, columns, 1)
    for (const around of [64, 256, 1024, 4096, 8192])
      for (const rows of [around - 1, around, around + 1, around + 9]) {
        const data = randomRows(rows, columns, rows)
        expectSame(await runAll(executor, data, densities), await runAll(javascript, data, densities), rows)
      }
  })

  test.each(kinds)('hundreds of columns of %s densities', async (_kind, random) => {
    for (const columns of [127, 300])
      for (const components of [1, 2, 3, 9]) {
        const data = randomRows(77, columns, columns).map(x => x / 16)
        const densities = random(components, columns, 1)
        expectSame(await runAll(executor, data, densities), await runAll(javascript, data, densities), 77)
      }
  })

  test('rows of so many columns that few of them come into memory at a time', async () => {
    const [columns, size] = [40_000, 5]
    const data = randomRows(size, columns, 1).map(x => x / 1024)
    const densities = randomLinear(2, columns, 1)
    expectSame(await runAll(executor, data, densities), await runAll(javascript, data, densities), size)
  })

  test('the logarithm of a product and the sum of weighted logarithms agree', async () => {
    const data = randomRows(50_001, 2, 3)
    const densities = randomDensities(5, 2, 3)
    const rowWeights = new Float64Array(50_001).fill(1)
    const plain = await runAll(executor, data, densities)
    const weighted = await runAll(executor, data, densities, { rowWeights })
    expect(Math.abs(weighted.logLikelihood / plain.logLikelihood - 1)).toBeLessThan(1e-14)
    expect(weighted.outer).toEqual(plain.outer)
  })

  test('the E-step of two components, with one exponential, is as exact as that of each row by itself', async () => {
    for (let t = -700; t < 700; t += 3.7)
      for (const rowWeights of [undefined, [1], [3]]) {
        const rows = await load(executor, 1, [0], rowWeights && { rowWeights })
        const { statistics, logLikelihood } = await success(rows.expectation(constants(2, 2 + t)))
        const [first, second] = statistics.weight
        const weight = rowWeights?.[0] ?? 1
        const lesser = Math.exp(-Math.abs(t))
        // The exponential is flushed to 0 below 2^-960.
        if (Math.abs(t) < 660) {
          const ratio = t > 0 ? first! / second! : second! / first!
          expect(Math.abs(ratio / lesser - 1)).toBeLessThan((Math.abs(t) + 8) * Number.EPSILON)
        }
        expect(first! + second!).toBeCloseTo(weight, 14)
        const expected = weight * (Math.max(2, 2 + t) + Math.log1p(lesser))
        expect(Math.abs(logLikelihood - expected)).toBeLessThan(2e-15 * Math.max(1, Math.abs(expected)))
        rows.dispose()
      }
  })

  test.each([2, 3])('runs of equal weights, which share a logarithm, with %d components', async components => {
    // Runs that begin and end within eight rows, among them rows that do not count.
    const weights = [1, 1, 0, 2.5, 7, 0, 1e-3, 3].flatMap((w, i) => new Array(5 + 3 * i).fill(w))
    const size = 20 * weights.length
    const rowWeights = Float64Array.from({ length: size }, (_, i) => weights[i % weights.length]!)
    const data = randomRows(size, 3, 2)
    const densities = randomDensities(components, 3, 2)
    const options = { rowWeights }
    expectSame(
      await runAll(executor, data, densities, options),
      await runAll(javascript, data, densities, options),
      size,
    )
    // Where no component has a density, a row of weight 0 still counts nothing.
    const none = { ...densities, logConstant: densities.logConstant.map(() => Number.NEGATIVE_INFINITY) }
    const rows = await load(executor, 3, data.slice(0, 24), { rowWeights: new Float64Array(8) })
    const { logLikelihood, statistics } = await success(rows.expectation(none))
    expect(logLikelihood).toBe(0)
    expect(statistics.weight.every(w => w === 0)).toBe(true)
    rows.dispose()
  })

  test('more components than there was room for get more memory, and fewer still work', async () => {
    const data = randomRows(3000, 4, 8)
    const rows = await load(executor, 4, data)
    for (const components of [1, 500, 2]) {
      const densities = randomDensities(components, 4, 8)
      const { statistics } = await success(rows.expectation(densities))
      expectNear(statistics.outer, (await runAll(javascript, data, densities)).outer, 'outer')
    }
    rows.dispose()
  })

  test('memory of disposed rows is reclaimed', async () => {
    const data = new Float64Array(2 ** 20)
    const before = process.memoryUsage().rss
    for (let i = 0; i < 160; i++) (await load(executor, 4, data)).dispose()
    // 1.25 GiB were loaded.
    expect(process.memoryUsage().rss - before).toBeLessThan(2 ** 29)
  })
})

test.skipIf(!relaxed).each(kinds)('both variants agree on %s densities', async (_kind, random) => {
  for (const columns of [1, 2, 3, 4, 7, 16]) {
    const data = randomRows(5000, columns, 4)
    const densities = random(4, columns, 4)
    expectSame(await runAll(relaxed!, data, densities), await runAll(baseline!, data, densities), 5000)
  }
})
