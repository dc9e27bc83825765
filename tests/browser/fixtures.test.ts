import { type Executor, grouped } from '@conjugate/executors'
import { fixtureNames, readFixture } from '@conjugate/testing'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { success } from '../../packages/executors/test/support/run.js'
import { type Fixture, fitFixture, rowCount } from '../../packages/models/test/support/fixtures.js'
import { noBrowser, type OpenPage, open } from './support/chromium.js'
import { remoteExecutor } from './support/remote.js'

/**
 * What one step may be off by, in spacings of the executor's numbers at 1, on the scale of the largest reference value.
 * Measured: up to 27.
 */
const SPACINGS = 100

/**
 * What a whole fit may be off by where its path amplifies rounding: so many times what the careful float64 run of the
 * fixture is off by, in spacings. Measured: up to 1.1.
 */
const AMPLIFICATIONS = 10

const tolerances = ({ provenance: { float64_reference_deviation: d } }: Fixture, spacing: number) => {
  const ofFit = (deviation: number) => spacing * Math.max(SPACINGS, (AMPLIFICATIONS * deviation) / Number.EPSILON)
  return {
    step: spacing * SPACINGS,
    trace: ofFit(d.log_prob_max_rel),
    weights: ofFit(d.pi),
    means: ofFit(d.mus),
    covariances: ofFit(d.Sigmas),
  }
}

/** Numbers in one E-step. */
const work = ({ hypers: { K, D }, ...fixture }: Fixture): number => rowCount(fixture) * K * D

/** Emulated, an E-step takes 20 ms, and more from 1e4 numbers on. */
const isShort = (fixture: Fixture): boolean => work(fixture) <= 1e4 && fixture.hypers.n_iter <= 60

/**
 * Where all iterations would take long, the first part of the path is compared, of two at least. Photos are computed on their
 * distinct rows, as a fit does by default.
 */
const iterationsOf = (fixture: Fixture): number =>
  isShort(fixture)
    ? fixture.hypers.n_iter
    : Math.min(fixture.hypers.n_iter, 20, Math.max(2, Math.floor(3e6 / work(fixture))))

const expectFit = async (executor: Executor, fixture: Fixture, iterations: number): Promise<void> => {
  const { expected } = fixture
  const tolerance = tolerances(fixture, executor.relativeRounding!)
  const { afterFirstStep, trace, end } = await fitFixture(grouped(executor), fixture, iterations)
  for (const [name, deviation] of Object.entries(afterFirstStep ?? {}))
    expect(deviation, `${name} after the first step`).toBeLessThanOrEqual(tolerance.step)
  expect(trace).toBeLessThanOrEqual(tolerance.trace)
  expect(end !== undefined).toBe(iterations === fixture.hypers.n_iter)
  if (!end) return
  for (const name of ['weights', 'means', 'covariances'] as const)
    expect(end[name], name).toBeLessThanOrEqual(tolerance[name])
  expect(end.parts).toBeLessThanOrEqual(tolerance.trace)
  expect(end.counts).toBeLessThanOrEqual(tolerance.weights)
  if (!expected.assign_hash_is_robust) return
  // A row may be nearer to a boundary than float32 sees, and no nearer than the weights are.
  const ofRows = end.assigned.map((n, k) => Math.abs(n - expected.counts[k]!) / rowCount(fixture))
  expect(Math.max(...ofRows)).toBeLessThanOrEqual(tolerance.weights)
}

describe.skipIf(noBrowser)(`mixture fixtures on a GPU${noBrowser ? `: skipped, ${noBrowser}` : ''}`, () => {
  let opened: OpenPage
  beforeAll(async () => {
    opened = await open('executors.html')
  })
  afterAll(() => opened?.close())

  test.each(fixtureNames())('%s on webgl', async name => {
    const fixture = readFixture<Fixture>(name)
    await expectFit(await success(remoteExecutor(opened.page, 'webgl')), fixture, iterationsOf(fixture))
  })

  // The emulation of WebGPU compiles slowly, and takes seconds for a photo.
  test.each(fixtureNames().filter(name => isShort(readFixture<Fixture>(name))))('%s on webgpu', async name => {
    const fixture = readFixture<Fixture>(name)
    await expectFit(await success(remoteExecutor(opened.page, 'webgpu')), fixture, Math.min(2, fixture.hypers.n_iter))
  })

  test('neither the bundler nor the page complained', () => {
    expect(opened.complaints).toEqual([])
  })
})
