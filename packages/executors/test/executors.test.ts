import type { Densities } from '@conjugate/executors'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { available, missing } from './support/executors.js'
import { naive } from './support/naive.js'
import { kinds, overwrite, pick, randomDensities, randomRows, uniforms, withConstant } from './support/random.js'
import { allResults, expectIdentical, expectNear, expectSame, loadFor, runAll } from './support/run.js'

const rowCounts = [0, 1, 7, 255, 256, 257, 1000]

for (const { name, optional, reason } of missing)
  test.skipIf(optional)(`${name} is available${optional ? `: skipped, ${reason}` : ''}`, () => expect.fail(reason))

/** Densities whose logarithms overflow to -Infinity at a row of these two numbers. */
const overflowing = (densities: Densities): readonly [densities: Densities, far: number] =>
  densities._tag === 'Linear'
    ? [{ ...densities, natural: densities.natural.map(v => 1 + v * v) }, -1.7e308]
    : [densities, 1e200]

describe.each(
  available.flatMap(([name, executor]) => kinds.map(([kind, random]) => [name, kind, executor, random] as const)),
)('%s on %s densities', (_name, _kind, executor, random) => {
  describe.each([1, 2, 3, 5, 16])('%d columns', columns => {
    test.each([1, 2, 5])('%d components agree with the definition', async components => {
      for (const rows of rowCounts) {
        const data = randomRows(rows, columns, rows)
        const densities = random(components, columns, rows)
        expectSame(await runAll(executor, data, densities), naive(data, densities), rows)
      }
    })
  })

  test('any shape, with and without weights, agrees with the definition', () =>
    fc.assert(
      fc.asyncProperty(
        fc.nat(600),
        fc.integer({ min: 1, max: 9 }),
        fc.integer({ min: 1, max: 6 }),
        fc.boolean(),
        fc.nat(1e6),
        async (rows, columns, components, weighted, seed) => {
          const data = randomRows(rows, columns, seed)
          const densities = random(components, columns, seed)
          const rowWeights = Float64Array.from({ length: rows }, uniforms(seed))
          const actual = await runAll(executor, data, densities, weighted ? { rowWeights } : {})
          expectSame(actual, naive(data, densities, weighted ? rowWeights : undefined), rows)
        },
      ),
      { numRuns: 60 },
    ))

  test('many rows agree with the definition, with the same bits at every run', async () => {
    const data = randomRows(140_001, 3, 5)
    const densities = random(2, 3, 5)
    const rows = await loadFor(executor, densities, data)
    const first = await allResults(rows, densities)
    expectSame(first, naive(data, densities), 140_001)
    for (let run = 0; run < 3; run++) expectIdentical(await allResults(rows, densities), first)
    rows.dispose()
  })

  test('a hundred equal components share every row', async () => {
    const data = randomRows(600, 2, 12)
    const densities = pick(random(1, 2, 12), Array(100).fill(0))
    expectSame(await runAll(executor, data, densities), naive(data, densities), 600)
  })

  test('a row of a whole weight is that many rows, and none for 0', async () => {
    const data = randomRows(500, 3, 2)
    const densities = random(3, 3, 2)
    const uniform = uniforms(9)
    const rowWeights = Float64Array.from({ length: 500 }, () => Math.floor(uniform() * 4))
    const repeated = Array.from(rowWeights).flatMap((weight, n) =>
      Array.from({ length: weight }, () => Array.from(data.subarray(n * 3, n * 3 + 3))).flat(),
    )
    const weighted = await runAll(executor, data, densities, { rowWeights })
    const copied = await runAll(executor, repeated, densities)
    const { responsibilities, assignments, logProb, logDensities } = weighted
    expectSame(weighted, { ...copied, responsibilities, assignments, logProb, logDensities }, 500)
  })

  test('responsibilities add up to 1 and log-probabilities to the log-likelihood', async () => {
    const { responsibilities, logProb, logLikelihood } = await runAll(executor, randomRows(1000, 2, 3), random(5, 2, 3))
    for (let n = 0; n < 1000; n++) {
      const sum = responsibilities.subarray(n * 5, n * 5 + 5).reduce((s, q) => s + q, 0)
      expect(Math.abs(sum - 1)).toBeLessThan(1e-14)
    }
    const total = logProb.reduce((s, l) => s + l, 0)
    expectNear([logLikelihood], [total], 'log-likelihood')
  })

  test('the origin is subtracted in float64: nothing is lost at 1e6', async () => {
    const data = randomRows(300, 3, 4)
    const densities = random(2, 3, 4)
    const origin = [1e6, -1e6, 5e8]
    const shifted = data.map((x, i) => x + origin[i % 3]!)
    expectIdentical(await runAll(executor, shifted, densities, { origin }), await runAll(executor, data, densities))
  })

  test('a component of weight zero has no part, whatever its parameters are', async () => {
    const data = randomRows(300, 3, 6)
    const live = random(3, 3, 6)
    const others = naive(data, pick(live, [0, 2]))
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
      const densities = overwrite(withConstant(live, 1, Number.NEGATIVE_INFINITY), 1, value)
      const actual = await runAll(executor, data, densities)
      expectSame(actual, naive(data, densities), 300)
      expect(actual.weight[1]).toBe(0)
      expectNear(actual.logProb, others.logProb, 'logProb')
    }
  })

  test('where every component has weight zero, nothing is NaN', async () => {
    const densities = withConstant(random(1, 2, 1), 0, Number.NEGATIVE_INFINITY)
    const data = randomRows(9, 2, 1)
    expectSame(await runAll(executor, data, densities), naive(data, densities), 9)
    expectSame(await runAll(executor, [], densities), naive([], densities), 0)
  })

  test('far-away rows keep their logarithm and belong to one component', async () => {
    const data = Float64Array.from([0, 0, 1e3, -1e3, -1e8, 1e8, 30, 30])
    const densities = random(3, 2, 7)
    expectSame(await runAll(executor, data, densities), naive(data, densities), 4)
  })

  test('a row whose logarithm overflows has no responsibilities, and harms none when its weight is 0', async () => {
    const [densities, far] = overflowing(random(2, 2, 8))
    const data = Float64Array.from([0.5, 0.25, far, far, -1, 1])
    const { logProb, responsibilities, weight, logLikelihood } = await runAll(executor, data, densities)
    expect(logProb[1]).toBe(Number.NEGATIVE_INFINITY)
    expect(responsibilities.slice(2, 4)).toEqual(new Float64Array(2))
    expectNear(weight, naive(data, densities).weight, 'weight')
    expect(logLikelihood).toBe(Number.NEGATIVE_INFINITY)
    const rowWeights = [1, 0, 2]
    const weighted = await runAll(executor, data, densities, { rowWeights })
    expectSame(weighted, naive(data, densities, rowWeights), 3)
  })

  test('an exact tie goes to the first component', async () => {
    const base = random(2, 3, 11)
    const far = withConstant(base, 0, -1e6)
    const data = randomRows(1001, 3, 11)
    const assignments = async (indices: number[]) =>
      Array.from((await runAll(executor, data, pick(far, indices))).assignments)
    expect(await assignments([1, 1])).toEqual(Array(1001).fill(0))
    expect(await assignments([0, 1, 1])).toEqual(Array(1001).fill(1))
  })
})

test.each(available)('the outer products of %s are symmetric to the bit', async (_, executor) => {
  const { outer } = await runAll(executor, randomRows(999, 5, 1), randomDensities(3, 5, 1))
  for (let k = 0; k < 3; k++)
    for (let i = 0; i < 5; i++)
      for (let j = 0; j < i; j++) expect(outer[k * 25 + i * 5 + j]).toBe(outer[k * 25 + j * 5 + i])
})
