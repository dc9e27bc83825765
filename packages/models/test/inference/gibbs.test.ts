import { gammaPoissonPrior } from '@conjugate/distributions'
import { conjugateMixture, fit, gibbs } from '@conjugate/models'
import { right, rightOf } from '@conjugate/testing'
import * as E from 'fp-ts/lib/Either.js'
import { expect, test } from 'vitest'
import { clouds, counts, gaussians, poissons, table, tables } from '../mixture/support.js'
import { labellings, logSumExp } from './support.js'

/** So many values of a sampler. */
const take = async <A>(count: number, draws: AsyncIterable<E.Either<unknown, A>>): Promise<A[]> => {
  const taken: A[] = []
  for await (const draw of draws) {
    taken.push(right(draw))
    if (taken.length === count) break
  }
  return taken
}

test('labellings come as often as their exact posterior says', { timeout: 60_000 }, async () => {
  const xs = [0, 2, 6, 5]
  const prior = { shape: 2, rate: 0.5 }
  const mixture = right(conjugateMixture(gammaPoissonPrior)({ components: 2, concentration: 1.5, prior }))
  const all = labellings(gammaPoissonPrior, prior, [1.5, 1.5], xs)
  const evidence = logSumExp(all.map(l => l.logProb))
  const draws = await take(20_000, gibbs(mixture, xs, { burnIn: 100, backend: 'javascript', seed: 4 }))
  const batches = 40
  for (const { labels, logProb } of all) {
    const hits = draws.map(d => Number(labels.every((k, n) => d.assignments[n] === k)))
    const size = hits.length / batches
    const means = Array.from(
      { length: batches },
      (_, b) => hits.slice(b * size, (b + 1) * size).reduce((s, h) => s + h, 0) / size,
    )
    const mean = means.reduce((a, b) => a + b) / batches
    const variance = means.reduce((sum, m) => sum + (m - mean) ** 2, 0) / (batches - 1)
    expect(Math.abs(mean - Math.exp(logProb - evidence))).toBeLessThan(5 * Math.sqrt(variance / batches))
  }
})

test('finds groups of any kind, and the same seed gives the same draws', async () => {
  const [a, b, c] = [
    await take(30, gibbs(gaussians(2), clouds(100), { burnIn: 20, start: { _tag: 'k-means' } })),
    await take(30, gibbs(poissons(2), counts(100), { burnIn: 20, start: { _tag: 'k-means' } })),
    await take(30, gibbs(tables(2), table(100), { burnIn: 20, start: { _tag: 'k-means' } })),
  ]
  const means = a.map(d => Math.max(...d.components.map(p => p.mean[0]!)))
  expect(means.reduce((s, v) => s + v, 0) / 30).toBeCloseTo(6, 0)
  expect(new Set(means).size).toBe(30)
  const rates = b.map(d => Math.min(...d.components.map(p => p.rate)))
  expect(rates.reduce((s, v) => s + v, 0) / 30).toBeCloseTo(2, 0)
  const apart = c.map(d => Math.abs(d.components[0]!.height.mean - d.components[1]!.height.mean))
  expect(apart.reduce((s, v) => s + v, 0) / 30).toBeCloseTo(10, 0)
  const again = await take(30, gibbs(poissons(2), counts(100), { burnIn: 20, start: { _tag: 'k-means' } }))
  expect(again).toEqual(b)
})

test('stops after so many draws, whose objective is that of a fit at the same parameters', async () => {
  const source = clouds(60)
  const draws: unknown[] = []
  for await (const step of gibbs(gaussians(2), source, { samples: 3, thin: 2, seed: 1 })) {
    const { weights, components, logJoint } = right(step)
    const parameters = { weights, components }
    const start = { _tag: 'parameters', parameters } as const
    const { objectives } = await rightOf(fit(gaussians(2), source, { start, iterations: 0 }))
    expect(logJoint).toBeCloseTo(objectives[0]!, 9)
    draws.push(step)
  }
  expect(draws).toHaveLength(3)
})

test.each([
  ['burnIn', -1],
  ['thin', 0],
  ['samples', 0.5],
] as const)('%s of %d is an error', async (option, value) => {
  const seen: unknown[] = []
  for await (const draw of gibbs(poissons(2), [1, 2], { samples: 2, [option]: value })) seen.push(draw)
  expect(seen).toMatchObject([E.left({ _tag: 'InvalidOption', option })])
})

test('rows beyond the first block are drawn too, and errors have their number', { timeout: 60_000 }, async () => {
  const xs = Array.from({ length: 70_000 }, (_, n) => (n % 2 === 0 ? 1 : 30))
  const [draw] = await take(1, gibbs(poissons(2), xs, { burnIn: 1, start: { _tag: 'k-means' } }))
  const { assignments: labels } = draw!
  expect(labels.every((k, n) => k === labels[n % 2])).toBe(true)
  const rows = { rows: 70_000, columns: 2, data: new Float64Array(140_000) }
  rows.data[139_999] = Number.POSITIVE_INFINITY
  for await (const step of gibbs(gaussians(2), rows, { samples: 1, start: { _tag: 'rows', indices: [0, 1] } }))
    expect(step).toMatchObject(E.left({ _tag: 'NonFiniteData', row: 69_999 }))
})

test('executors draw alike', async () => {
  const [wasm, javascript] = [
    await take(10, gibbs(gaussians(2), clouds(50), { backend: 'wasm' })),
    await take(10, gibbs(gaussians(2), clouds(50), { backend: 'javascript' })),
  ]
  for (const [i, { assignments, logJoint }] of wasm.entries()) {
    expect(assignments).toEqual(javascript[i]!.assignments)
    expect(logJoint).toBeCloseTo(javascript[i]!.logJoint, 9)
  }
})

test('draws have the same bits for any number of threads, of which one is no thread', async () => {
  const taken = (threads: number) => take(3, gibbs(gaussians(2), clouds(5000), { backend: 'wasm', seed: 3, threads }))
  const one = await taken(1)
  expect(await taken(2)).toEqual(one)
  for await (const draw of gibbs(poissons(2), counts(30), { threads: 0 }))
    expect(draw).toMatchObject(E.left({ _tag: 'InvalidOption', option: 'threads' }))
})

test('every which draw is kept', async () => {
  const dense = await take(9, gibbs(poissons(2), counts(30), { seed: 2 }))
  const thin = await take(3, gibbs(poissons(2), counts(30), { seed: 2, thin: 4 }))
  expect(thin).toEqual([dense[0], dense[4], dense[8]])
})

test('errors come as values, and end it', async () => {
  const seen: unknown[] = []
  for await (const draw of gibbs(poissons(2), [1, 2, -3])) seen.push(draw)
  expect(seen).toMatchObject([E.left({ _tag: 'ImpossibleObservation', row: 2 })])
  const controller = new AbortController()
  controller.abort()
  for await (const draw of gibbs(poissons(2), [1, 2], { signal: controller.signal }))
    expect(draw).toMatchObject(E.left({ _tag: 'Cancelled' }))
})
