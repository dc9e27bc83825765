import { poisson, random } from '@conjugate/distributions'
import { fit, onlineFit } from '@conjugate/models'
import { rightOf } from '@conjugate/testing'
import * as E from 'fp-ts/lib/Either.js'
import { expect, test } from 'vitest'
import { clouds, counts, gaussians, poissons } from '../mixture/support.js'

const start = { _tag: 'rows', indices: [0, 1] } as const

test('one batch of everything is one iteration of EM', async () => {
  const rows = clouds(100)
  const once = await rightOf(fit(gaussians(2))(rows, { start, iterations: 1 }))
  const online = await rightOf(onlineFit(gaussians(2))([rows], { start }))
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
  const all = await rightOf(fit(gaussians(1))(rows, options))
  const online = await rightOf(onlineFit(gaussians(1))(parts, { ...options, exponent: 1, delay: 0 }))
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
  const found = await rightOf(onlineFit(poissons(2))(stream(400, 50), options))
  expect(seen).toHaveLength(400)
  expect([found.batches, found.observations]).toEqual([400, 20_000])
  const rates = found.components.map(c => c.rate).sort((a, b) => a - b)
  expect(rates[0]).toBeCloseTo(2, 0)
  expect(rates[1]).toBeCloseTo(15, 0)
  const late = found.meanLogLikelihoods.slice(-50).reduce((a, b) => a + b) / 50
  const early = found.meanLogLikelihoods[0]!
  expect(late).toBeGreaterThan(early)
  const again = await rightOf(onlineFit(poissons(2))(stream(400, 50), options))
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
  await rightOf(onlineFit(poissons(2))(batches(), { onBatch: ({ batch }) => learnt.push(batch) }))
  expect(asked).toEqual([0, 1, 2, 3, 4])
  const found = await rightOf(onlineFit(poissons(2))(batches()))
  expect(found).toEqual(await rightOf(onlineFit(poissons(2))(stream(5, 20))))
})

test('passes over the same batches come near the end of EM', async () => {
  const xs = counts(600)
  const batches = Array.from({ length: 60 }, (_, i) => xs.slice((i % 12) * 50, (i % 12) * 50 + 50))
  const online = await rightOf(onlineFit(poissons(2))(batches, { exponent: 0.6, total: 600 }))
  const batch = await rightOf(fit(poissons(2))(xs, { start: { _tag: 'k-means' } }))
  const sorted = (rates: ReadonlyArray<{ readonly rate: number }>) => rates.map(c => c.rate).sort((a, b) => a - b)
  for (const [i, v] of sorted(batch.components).entries())
    expect(Math.abs(sorted(online.components)[i]! / v - 1)).toBeLessThan(0.1)
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
  expect(await onlineFit(poissons(2))(batches, options)()).toMatchObject(E.left(error)),
)
