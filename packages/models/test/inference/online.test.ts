import { poisson, random } from '@conjugate/distributions'
import { fit, gaussianMixture, onlineFit } from '@conjugate/models'
import { right, rightOf } from '@conjugate/testing'
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, test } from 'vitest'
import { clouds, counts, gaussians, poissons } from '../mixture/support.js'

const start = { _tag: 'rows', indices: [0, 1] } as const

test('one batch of everything is one iteration of EM', async () => {
  const rows = clouds(100)
  const once = await rightOf(fit(gaussians(2), rows, { start, iterations: 1 }))
  const online = await rightOf(onlineFit(gaussians(2), [rows], { start }))
  for (const [k, c] of online.components.entries()) {
    expect(online.weights[k]).toBeCloseTo(once.weights[k]!, 12)
    for (const [i, v] of Array.from(c.mean).entries()) expect(v).toBeCloseTo(once.components[k]!.mean[i]!, 11)
    for (const [i, v] of Array.from(c.covariance.data).entries())
      expect(v).toBeCloseTo(once.components[k]!.covariance.data[i]!, 10)
  }
})

test('one component that forgets nothing ends where all rows at once end', async () => {
  const rows = clouds(120)
  const parts = Array.from({ length: 6 }, (_, b) => ({
    rows: 20,
    columns: 2,
    data: Float64Array.from({ length: 40 }, (_v, i) => rows.data[40 * b + i]!),
  }))
  const options = { start: { _tag: 'rows', indices: [0] } } as const
  const all = await rightOf(fit(gaussians(1), rows, options))
  const online = await rightOf(onlineFit(gaussians(1), parts, { ...options, exponent: 1, delay: 0 }))
  expect(online.observations).toBe(120)
  const [a, b] = [online.components[0]!, all.components[0]!]
  for (const i of [0, 1]) expect(a.mean[i]!).toBeCloseTo(b.mean[i]!, 11)
  for (const i of [0, 1, 2, 3]) expect(a.covariance.data[i]!).toBeCloseTo(b.covariance.data[i]!, 11)
})

/** A stream that is made as it is asked for: never more than one batch is there. */
function* stream(batches: number, size: number): Generator<number[]> {
  const draws = random(6)
  for (let b = 0; b < batches; b++)
    yield Array.from({ length: size }, (_, n) => poisson.sample({ rate: n % 3 === 0 ? 2 : 15 })(draws))
}

test('a long stream leads to the parameters it was made with, by the same bits each time', async () => {
  const parameters = { weights: [0.5, 0.5], components: [{ rate: 6 }, { rate: 7 }] }
  const options = {
    exponent: 0.7,
    start: { _tag: 'parameters', parameters } as const,
    onBatch: ({ batch }: { readonly batch: number }) => seen.push(batch),
  }
  const seen: number[] = []
  const found = await rightOf(onlineFit(poissons(2), stream(400, 50), options))
  expect(seen).toHaveLength(400)
  expect([found.batches, found.observations]).toEqual([400, 20_000])
  const rates = found.components.map(c => c.rate).sort((a, b) => a - b)
  expect(rates[0]).toBeCloseTo(2, 0)
  expect(rates[1]).toBeCloseTo(15, 0)
  const late = found.meanLogLikelihoods.slice(-50).reduce((a, b) => a + b) / 50
  const early = found.meanLogLikelihoods[0]!
  expect(late).toBeGreaterThan(early)
  const again = await rightOf(onlineFit(poissons(2), stream(400, 50), options))
  expect(again).toEqual(found)
})

test('a batch is asked for once the one before it has been learnt from, and one that is awaited too', async () => {
  const [asked, learnt]: [number[], number[]] = [[], []]
  async function* batches(): AsyncGenerator<number[]> {
    for (const batch of stream(5, 20)) {
      asked.push(learnt.length)
      yield batch
    }
  }
  await rightOf(onlineFit(poissons(2), batches(), { onBatch: ({ batch }) => learnt.push(batch) }))
  expect(asked).toEqual([0, 1, 2, 3, 4])
  const found = await rightOf(onlineFit(poissons(2), batches()))
  expect(found).toEqual(await rightOf(onlineFit(poissons(2), stream(5, 20))))
})

test('passes over the same batches come near the end of EM', async () => {
  const xs = counts(600)
  const batches = Array.from({ length: 60 }, (_, i) => xs.slice((i % 12) * 50, (i % 12) * 50 + 50))
  const online = await rightOf(onlineFit(poissons(2), batches, { exponent: 0.6, total: 600 }))
  const batch = await rightOf(fit(poissons(2), xs, { start: { _tag: 'k-means' } }))
  const sorted = (rates: ReadonlyArray<{ readonly rate: number }>) => rates.map(c => c.rate).sort((a, b) => a - b)
  for (const [i, v] of sorted(batch.components).entries())
    expect(Math.abs(sorted(online.components)[i]! / v - 1)).toBeLessThan(0.1)
})

describe('first batches that are too small to start from', () => {
  const stream = random(3)
  const rows = Array.from({ length: 2000 }, (_, n) => [(n % 2) * 6 + stream.normal()])
  const model = right(
    gaussianMixture({
      components: 2,
      concentration: 2,
      prior: { mean: [3], meanPrecision: 0.01, degreesOfFreedom: 3, scale: [[1]] },
    }),
  )
  const by = (size: number, from = 0) =>
    Array.from({ length: Math.ceil((rows.length - from) / size) }, (_, i) =>
      rows.slice(from + i * size, from + (i + 1) * size),
    )
  const asMatrix = (batch: ReadonlyArray<ReadonlyArray<number>>) => ({
    rows: batch.length,
    columns: 1,
    data: Float64Array.from(batch.flat()),
  })

  test.each([
    ['single rows', by(1)],
    ['single rows as matrices', by(1).map(asMatrix)],
    ['one row, then more', [rows.slice(0, 1), ...by(50, 1)]],
    ['equal rows', [[[0], [0], [0]], ...by(50)]],
    ['many equal rows', [Array.from({ length: 60 }, () => [0]), ...by(50)]],
    ['empty ones', [[], [], ...by(3)]],
    ['enough at once', by(50)],
  ])('%s are taken together', async (_, batches) => {
    const found = await rightOf(onlineFit(model, batches, { total: 2000 }))
    const means = found.components.map(c => c.mean[0]!).sort((a, b) => a - b)
    expect(Math.abs(means[0]!)).toBeLessThan(0.3)
    expect(Math.abs(means[1]! - 6)).toBeLessThan(0.3)
    expect(found.observations).toBe(batches.reduce((sum, b) => sum + ('rows' in b ? b.rows : b.length), 0))
  })

  test('counts one by one, from generators', async () => {
    function* one(x: number): Generator<number> {
      yield x
    }
    const found = await rightOf(onlineFit(poissons(2), counts(600).map(one), { total: 600 }))
    expect(found.observations).toBe(600)
    const rates = found.components.map(c => c.rate).sort((a, b) => a - b)
    expect(Math.abs(rates[0]! - 2)).toBeLessThan(1)
    expect(Math.abs(rates[1]! - 15)).toBeLessThan(2)
  })

  test('all of them equal are an error, and so is a row that is none, by its place in its batch', async () => {
    expect(await onlineFit(poissons(2), [[3], [3], [3]])()).toMatchObject(
      E.left({ _tag: 'TooFewDistinctRows', distinct: 1, components: 2 }),
    )
    expect(await onlineFit(poissons(2), [[3], [4, -1]])()).toMatchObject(E.left({ row: 1 }))
    const few = await rightOf(onlineFit(poissons(2), [[3], [9]]))
    expect([few.batches, few.observations]).toEqual([1, 2])
  })
})

test.each([
  ['no batches', [], {}, { _tag: 'NoRows' }],
  ['an exponent that forgets too slowly', [[1, 2]], { exponent: 0.5 }, { _tag: 'InvalidOption', option: 'exponent' }],
  ['a total of 0', [[1, 2]], { total: 0 }, { _tag: 'InvalidOption', option: 'total' }],
  ['a delay below 0', [[1, 2]], { delay: -1 }, { _tag: 'InvalidOption', option: 'delay' }],
  [
    'an impossible count',
    [
      [1, 2, 3],
      [4, -1],
    ],
    {},
    { _tag: 'ImpossibleObservation', row: 1 },
  ],
] as const)('%s', async (_, batches, options, error) =>
  expect(await onlineFit(poissons(2), batches, options)()).toMatchObject(E.left(error)),
)
