import { type BackendName, type Executor, grouped, selectExecutor } from '@conjugate/executors'
import { fixtureNames, readFixture, rightOf } from '@conjugate/testing'
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, test } from 'vitest'
import { type Fixture, fitFixture, type ParameterDeviations } from './support/fixtures.js'

/** The README's tolerance: 100 times what a careful float64 run is off by, but not below 1e-12. */
const tolerances = ({ provenance: { float64_reference_deviation: d } }: Fixture) => ({
  logProb: Math.max(1e-12, 100 * d.log_prob_max_rel),
  means: Math.max(1e-12, 100 * d.mus),
  covariances: Math.max(1e-12, 100 * d.Sigmas),
  weights: Math.max(1e-12, 100 * d.pi),
})

/** How the references are computed: on a backend, and perhaps on grouped rows or by several threads. */
interface Variant {
  readonly name: string
  readonly backend: BackendName
  readonly threads?: number
  readonly wrap: (executor: Executor) => Executor
}

/** The backends that sum in float64; those of a GPU do not run here, and could not meet the tolerances. */
const float64Backends: ReadonlyArray<BackendName> = ['wasm', 'tensorflow', 'javascript']

const variants: ReadonlyArray<Variant> = [
  ...float64Backends.map(backend => ({ name: backend, backend, wrap: (executor: Executor) => executor })),
  { name: 'wasm with equal rows grouped', backend: 'wasm', wrap: grouped },
  { name: 'wasm on two threads', backend: 'wasm', threads: 2, wrap: executor => executor },
]

/** TensorFlow is optional on a user's machine, but CI has to have it. */
const isMissing = async (backend: string): Promise<boolean> =>
  backend === 'tensorflow' && !process.env['CONJUGATE_REQUIRE_TENSORFLOW'] && E.isLeft(await selectExecutor(backend)())

const unavailable = new Set(
  (await Promise.all(float64Backends.map(async b => ((await isMissing(b)) ? [b] : [])))).flat(),
)
for (const backend of unavailable)
  console.warn(`Skipped: mixture fixtures on ${backend}, which is not set up here (pnpm native).`)

describe.each(variants.map(v => [v.name, v] as const))(
  'mixture fixtures on %s',
  (_, { backend, threads = 1, wrap }) => {
    test.skipIf(unavailable.has(backend)).each(fixtureNames())('%s', async name => {
      const fixture = readFixture<Fixture>(name)
      const { expected } = fixture
      const tolerance = tolerances(fixture)
      const executor = wrap(await rightOf(selectExecutor(backend, threads)))
      const { afterFirstStep, trace, end } = await fitFixture(executor, fixture)

      const expectParameters = ({ weights, means, covariances }: ParameterDeviations) => {
        expect(weights).toBeLessThanOrEqual(tolerance.weights)
        expect(means).toBeLessThanOrEqual(tolerance.means)
        expect(covariances).toBeLessThanOrEqual(tolerance.covariances)
      }
      expectParameters(afterFirstStep!)
      expect(trace).toBeLessThanOrEqual(tolerance.logProb)
      expectParameters(end!)
      expect(end!.parts).toBeLessThanOrEqual(tolerance.logProb)
      expect(end!.counts).toBeLessThanOrEqual(tolerance.weights)
      if (expected.assign_hash_is_robust) {
        expect(end!.assigned).toEqual(expected.counts)
        expect(end!.assignmentHash).toBe(expected.assign_sha256)
      }
    })
  },
)
